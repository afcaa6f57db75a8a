"""How often a proof is repeated: a few times in `make proofs`, as often as docs/proof.md says in `make prove`."""

import os

from hypothesis import HealthCheck, Phase, settings

LONG = os.environ.get("PROVE") == "long"


def times(short: int, long: int) -> int:
    return long if LONG else short


def generated(examples: int) -> settings:
    """That many examples, always the same ones, none of them made smaller when it fails."""
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
