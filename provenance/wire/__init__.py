"""The wire form: strict JSON, schemas, model from and to bytes (spec 3)."""
