"""A histogram for /metrics."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate


class Histogram:
    """The number of values by size: https://prometheus.io/docs/concepts/metric_types/#histogram"""

    def __init__(self, bounds: Sequence[float]) -> None:
        """`bounds` are the upper bounds of the buckets, ascending; one more bucket takes the rest."""
        self.bounds = bounds
        self.total = 0.0
        self._counts = [0] * (len(bounds) + 1)

    def observe(self, value: float) -> None:
        self._counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    def cumulative(self) -> list[int]:
        """The number of values up to each bound; the last item is the number of all values."""
        return list(accumulate(self._counts))
