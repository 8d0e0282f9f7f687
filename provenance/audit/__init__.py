"""The chart audit: entries of a chart joined to what is known of each, and a report (spec 25)."""
