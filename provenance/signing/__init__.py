"""Signing: envelopes, keys and signers; no decision about trust (spec 4, 7)."""
