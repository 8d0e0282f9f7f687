"""Questions over the history of audits, as SPARQL and as SQL (spec 25.9)."""
