"""Proof, not hope: what must never happen, tried often. `make prove` is the long form, `make proofs` a short one."""
