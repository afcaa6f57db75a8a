"""What is counted and noticed while the process lives, for `/healthz` and `/metrics`."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from hosts.problems import Problem
from state.histogram import Histogram

LAGS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5)  # seconds


class Stats:
    """One for the process: it outlives every change of the configuration."""

    def __init__(self, started: datetime, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.started = started
        self._monotonic = monotonic
        self._quiet_since = monotonic()
        self.deliveries: Counter[str] = Counter()  # by result
        self.heard: datetime | None = None  # when the last delivery came with the right credentials
        self.lag = Histogram(LAGS)  # seconds that the loop was late
        self.config_problem: Problem | None = None  # why an edited configuration is not in use
        self.restart_required: tuple[str, ...] = ()  # keys whose new value is used from the next start on

    def hear(self, now: datetime) -> None:
        """A delivery came that had the right credentials."""
        self.heard = now
        self._quiet_since = self._monotonic()

    def quiet_for(self) -> timedelta:
        """How long ago the last delivery came, or else the process started, whatever the wall clock did."""
        return timedelta(seconds=self._monotonic() - self._quiet_since)
