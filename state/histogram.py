"""Counts values by size, for `/metrics`."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate


class Histogram:
    """How many values there were, by size: https://prometheus.io/docs/concepts/metric_types/#histogram"""

    def __init__(self, bounds: Sequence[float]) -> None:
        """`bounds` are the largest values of the buckets, in rising order; one more bucket has no end."""
        self.bounds = bounds
        self.total = 0.0
        self._counts = [0] * (len(bounds) + 1)

    def observe(self, value: float) -> None:
        self._counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    def cumulative(self) -> list[int]:
        """Of each bound, how many values were at most so large; the last is how many there were."""
        return list(accumulate(self._counts))
