"""The state file: encoding, decoding, and the store that owns it."""
