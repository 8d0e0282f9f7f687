"""Charts: what people save as a chart, read as entries (spec 25.2)."""
