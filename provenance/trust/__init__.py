"""Trust: whose key is this, to the one who asks (spec 8.7), and what the asker requires."""
