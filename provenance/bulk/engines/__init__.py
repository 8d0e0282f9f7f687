"""What runs verifications: one file an engine, found by name (``provenance.plugins``)."""
