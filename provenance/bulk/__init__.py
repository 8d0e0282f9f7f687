"""Many files: what to verify, on which engine, each fault kept to its own file (spec 26)."""
