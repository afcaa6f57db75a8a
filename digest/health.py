"""What this process observes for /healthz and /metrics, and its problems, collected from where they arise.

Digests, `/healthz`, `/metrics` and systemd report them.
"""

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime, timedelta

from config import Config
from digest.google_view import GoogleView
from hosts import changes
from hosts.model import State
from hosts.problems import Problem, ProblemKind
from languages import ENGLISH, Locale
from state.histogram import Histogram
from state.store import Store

IN_ENGLISH = Locale(UTC, ENGLISH)
CREDENTIALS_TIME = 60  # seconds in which a client that was asked for its credentials may send them
LAGS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5)  # seconds


def in_english(problem: Problem) -> str:
    """A problem as the log and /healthz say it, with more than digests do."""
    said = IN_ENGLISH.problem(problem, quoted=str)
    return f"{said} ({problem.more})" if problem.more else said


class Stats:
    """One per process: it outlives every reload."""

    def __init__(self, started: datetime, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.started = started
        self._monotonic = monotonic
        self._quiet_since = monotonic()
        self.deliveries: Counter[str] = Counter()  # by result
        self.has_delivery = False  # one has arrived since the start
        self._challenged: tuple[float, str] | None = None  # since when, and whom: nothing has answered it yet
        self.lag = Histogram(LAGS)  # seconds that the loop was late
        self.google = GoogleView(monotonic)
        self.config_problem: Problem | None = None  # why an edited configuration was rejected
        self.restart_required: tuple[str, ...] = ()  # changed keys that take effect at the next start

    def record_delivery(self) -> None:
        """A delivery arrived with the right credentials."""
        self.has_delivery = True
        self._quiet_since = self._monotonic()

    def record_challenge(self, address: Callable[[], str]) -> None:
        """A request without credentials was asked for them; each of Google's may come so first."""
        if self._challenged is None or self._has_delivery_since(self._challenged[0]):
            self._challenged = self._monotonic(), address()

    def record_wrong_credentials(self) -> None:
        """They are logged, which says more than that a challenge was not answered."""
        self._challenged = None

    def unanswered_challenge(self) -> str | None:
        """The address of one whose time is up while nobody had good credentials. Call this every second."""
        if self._challenged is None:
            return None
        since, address = self._challenged
        if self._monotonic() - since <= CREDENTIALS_TIME:
            return None
        self._challenged = None
        return None if self._has_delivery_since(since) else address

    def _has_delivery_since(self, moment: float) -> bool:
        return self.has_delivery and self._quiet_since >= moment

    def time_since_delivery(self) -> timedelta:
        """Since the last delivery or else the start, by the monotonic clock."""
        return timedelta(seconds=self._monotonic() - self._quiet_since)


class Health:
    """Collects the problems of the store, the configuration, the certificate and the deliveries."""

    def __init__(self, store: Store, stats: Stats) -> None:
        self._store = store
        self._stats = stats
        self._delivery_before = store.state.last_delivery  # to an earlier process
        self._list_before = store.state.alerts_read  # by an earlier process
        self._incident_before = last_incident_at(store.state)  # all that earlier versions saved

    def problems(self, config: Config, now: datetime, channels: Collection[str]) -> list[Problem]:
        """Includes notices about the file until all of these channels have received them."""
        store = self._store
        found = (
            store.problem(),
            *(each.problem for each in store.notices if store.state.is_news(each.marker, channels)),
            self._stats.config_problem,
            *crowded_hosts(store.state),
            certificate_problem(config, now),
            self._google_silence(config, now),
            self._stats.google.problem(),
            self._stats.google.setup_problem(),
        )
        return [problem for problem in dict.fromkeys(found) if problem]

    def last_delivery(self, now: datetime) -> datetime | None:
        """When Google last sent anything, by the monotonic clock or from before the start."""
        latest = now - self._stats.time_since_delivery()
        if self._stats.has_delivery:
            return latest
        return self._delivery_before and min(self._delivery_before, latest)

    def last_heard(self, now: datetime) -> datetime | None:
        """When anything was last known to come from Google: a delivery, an incident or the open alerts."""
        known = (self.last_delivery(now), last_incident_at(self._store.state), self._last_list(now))
        return max(filter(None, known), default=None)

    def _last_list(self, now: datetime) -> datetime | None:
        """When the open alerts were last read, by the monotonic clock or from before the start."""
        lasted = self._stats.google.time_since_alerts()
        if lasted is not None:
            return now - lasted
        return self._list_before and min(self._list_before, now)

    def _google_silence(self, config: Config, now: datetime) -> Problem | None:
        """Say that Google has been silent for too long; None without hosts, as no deliveries are expected.

        A list of open alerts counts as a word from Google.
        """
        received = self.last_delivery(now) or self._incident_before
        if config.silence_after is None or not (received or config.hosts or self._store.state.hosts):
            return None
        heard = max(filter(None, (received, self._last_list(now))), default=None)
        lists = self._stats.google.time_since_alerts()
        quiet = self._stats.time_since_delivery()
        quiet = quiet if lists is None else min(quiet, lists)
        return google_silence_problem(max(quiet, now - heard) if heard else quiet, config.silence_after)


def last_incident_at(state: State) -> datetime | None:
    """When the latest incident began or ended, by Google's clock."""
    latest = 0.0
    for host in state.hosts.values():
        latest = max(latest, host.closed.last)
        for incident in host.open:
            latest = max(latest, incident.started.timestamp())
    return datetime.fromtimestamp(latest, UTC) if latest else None


def crowded_hosts(state: State) -> Iterator[Problem]:
    for host in state.hosts.values():
        if len(host.open) >= changes.MAX_OPEN_INCIDENTS:
            yield Problem(ProblemKind.CROWDED, host.name, count=len(host.open))


def google_silence_problem(lasted: timedelta, after: timedelta) -> Problem | None:
    return Problem(ProblemKind.SILENT, lasting=lasted) if lasted > after else None


def certificate_problem(config: Config, now: datetime) -> Problem | None:
    tls = config.tls
    if tls is None or not tls.certificate.is_overdue(now):
        return None
    end = tls.certificate.not_after
    return Problem(ProblemKind.EXPIRED if end <= now else ProblemKind.EXPIRING, str(tls.file), at=end)
