"""Verification: the numbered procedure and its steps (spec 8)."""
