"""What is counted and noticed for as long as the process lives, for `/healthz` and `/metrics`."""

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import accumulate

VERSION = "0.9.0"

LAGS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5)  # seconds


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


class Vitals:
    """One for the process: it outlives every change of the configuration."""

    def __init__(self, started: datetime, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.started = started
        self._monotonic = monotonic
        self._quiet_since = monotonic()
        self.deliveries: Counter[str] = Counter()  # by result
        self.heard: datetime | None = None  # when the last delivery came with the right credentials
        self.lag = Histogram(LAGS)  # seconds that the loop was late
        self.config_problem: str | None = None  # why an edited configuration is not in use
        self.at_restart: tuple[str, ...] = ()  # keys whose new value is used from the next start on

    def hear(self, now: datetime) -> None:
        """A delivery came that had the right credentials."""
        self.heard = now
        self._quiet_since = self._monotonic()

    def quiet_for(self) -> timedelta:
        """How long ago the last delivery came, or else the process started, whatever the wall clock did."""
        return timedelta(seconds=self._monotonic() - self._quiet_since)
