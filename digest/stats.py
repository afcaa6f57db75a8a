"""Counters and observations of this process, for `/healthz` and `/metrics`."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from digest.google_view import GoogleView
from hosts.problems import Problem
from state.histogram import Histogram

LAGS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5)  # seconds


class Stats:
    """One per process: it outlives every reload."""

    def __init__(self, started: datetime, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.started = started
        self._monotonic = monotonic
        self._quiet_since = monotonic()
        self.deliveries: Counter[str] = Counter()  # by result
        self.has_delivery = False  # one has arrived since the start
        self.lag = Histogram(LAGS)  # seconds that the loop was late
        self.google = GoogleView()
        self.config_problem: Problem | None = None  # why an edited configuration was rejected
        self.restart_required: tuple[str, ...] = ()  # changed keys that take effect at the next start

    def record_delivery(self) -> None:
        """A delivery arrived with the right credentials."""
        self.has_delivery = True
        self._quiet_since = self._monotonic()

    def time_since_delivery(self) -> timedelta:
        """Since the last delivery or else the start, by the monotonic clock."""
        return timedelta(seconds=self._monotonic() - self._quiet_since)
