"""Sheets: one table in which a person declares many recordings (spec 22)."""
