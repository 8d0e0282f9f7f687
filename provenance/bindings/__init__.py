"""Bindings: what ties a statement to a recording, in three tiers (spec 5)."""
