"""How often a proof is repeated: a few times in `make proofs`, as often as docs/proof.md says in `make prove`."""

import os

LONG = os.environ.get("PROVE") == "long"


def times(short: int, long: int) -> int:
    return long if LONG else short
