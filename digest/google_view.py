"""What this process knows of Google's own lists, for digests, deliveries, `/healthz` and `/metrics`."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from hosts.examination import Examination
from hosts.incident import Incident
from hosts.problems import GoogleList, Problem, ProblemKind
from hosts.snoozing import NamedSnooze

log = logging.getLogger("google")


class GoogleView:
    """How the polls of Google's lists went, and what they found. One per process, it outlives reloads.

    `asked` is False if no project is configured. `changed` counts what a poll had to make up for:
    `opened` and `closed` incidents whose webhook was lost, and those that became `absent`.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._alerts_read_at: float | None = None
        self.asked = False
        self.polls: Counter[str] = Counter()  # by result
        self.changed: Counter[str] = Counter()
        self.seen_at: datetime | None = None  # when everything was last read
        self.failing_since: datetime | None = None
        self.failures = 0  # since the last success
        self.failed_list: GoogleList | None = None  # that the last poll could not read; None: it read all
        self.error = ""  # why
        self._can_read = False  # whether the last poll of these settings succeeded
        self.examination: Examination | None = None  # of what keeps Google's notifications from arriving
        self.snoozes: Sequence[NamedSnooze] = ()  # current and future ones, as of the last poll

    def begin(self, *, asked: bool) -> None:
        self.asked = asked
        self.examination, self.snoozes = None, ()
        self._can_read = False
        self._forget_failures()

    def succeeded(self, at: datetime) -> None:
        self.polls["succeeded"] += 1
        if not self._can_read:
            log.info("Google's lists can be read")
        self._can_read = True
        self.seen_at = at
        self._forget_failures()

    def alerts_were_read(self) -> None:
        """Google has listed its open alerts, so it was heard of, even if another list cannot be read."""
        self._alerts_read_at = self._monotonic()

    def time_since_alerts(self) -> timedelta | None:
        """Since the open alerts were last read, by the monotonic clock; None if they never were."""
        at = self._alerts_read_at
        return None if at is None else timedelta(seconds=self._monotonic() - at)

    def failed(self, failed_list: GoogleList, error: str, at: datetime) -> None:
        """Each error is logged once. It must contain no secret."""
        self.polls["failed"] += 1
        if (failed_list, error) != (self.failed_list, self.error):
            log.warning("cannot read Google's list of %s: %s; webhooks count as before", failed_list, error)
        self._can_read = False
        self.failed_list, self.error = failed_list, error
        self.failures += 1
        self.failing_since = self.failing_since or at

    def could_not_save(self) -> None:
        """The lists could be read, but not all they say could be saved. The store reports that."""
        self.polls["failed"] += 1

    def _forget_failures(self) -> None:
        self.failing_since, self.failures, self.failed_list, self.error = None, 0, None, ""

    def explained(self, incident: Incident) -> Incident:
        """Mark an incident as closed by a snooze if one did it, without waiting for the next poll."""
        is_snoozed = any(snooze.explains(incident) for snooze in self.snoozes)
        return incident._replace(snoozed=True) if is_snoozed else incident

    def problem(self) -> Problem | None:
        """What to say about lists that cannot be read. Webhooks count as before."""
        if self.failing_since is None or self.failed_list is None:
            return None
        kind, since = ProblemKind.LISTS_FAILING, self.failing_since
        return Problem(kind, google_list=self.failed_list, at=since, more=self.error)

    def setup_problem(self) -> Problem | None:
        """What to say while something keeps Google's notifications from arriving."""
        if self.examination is None or not (count := self.examination.to_fix):
            return None
        return Problem(ProblemKind.GOOGLE_SETUP, count=count, more="or run server.py --doctor")
