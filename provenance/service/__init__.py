"""Verifying for others: a queue on standard input, and a service over HTTP (spec 28)."""
