"""Reports: a verdict for a reader. A report adds no judgement (spec 9.6)."""
