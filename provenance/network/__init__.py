"""The network, where a person asked for it: nothing that verifies comes here (VER-002)."""
