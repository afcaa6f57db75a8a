"""What must never happen, tried again and again. `make prove` is the long form, `make proofs` a short one."""
