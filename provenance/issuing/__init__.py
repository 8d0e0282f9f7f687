"""Issuing: from a declaration to a signed statement inside the user's files, and out again."""
