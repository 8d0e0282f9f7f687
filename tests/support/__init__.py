"""What several test files share; importable as ``support`` (pytest's pythonpath)."""
