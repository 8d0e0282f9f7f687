"""The command line: words in, words out; one verb a file, no rules (spec 9.5)."""
