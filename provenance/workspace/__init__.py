"""The user's own folder: keys, pins, drafts (``MUSICPROV_HOME`` overrides where it is)."""
