"""The report for readers: pages, pictures, tables, PDF (spec 25.6)."""
