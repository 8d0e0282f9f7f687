"""Marks: what other tools wrote about AI into a file, as evidence and never as a verdict.

One file a kind of mark; read-only (spec 21).
"""
