"""`/healthz` and `/livez`."""

from datetime import datetime

from tornado.web import HTTPError

from config import Status
from digest.job import DigestJob
from digest.stats import Stats
from handlers.auth import may_see_status
from handlers.base import BaseHandler
from state.store import Store
from version import VERSION

FORBIDDEN = "not for this address: add it to status.addresses, or send status.token as a Bearer token"


class StatusHandler(BaseHandler):
    """Responds with 403 to strangers."""

    def initialize(self, *, status: Status, store: Store, job: DigestJob, stats: Stats) -> None:
        self.status = status
        self.store = store
        self.job = job
        self.stats = stats

    def prepare(self) -> None:
        if not may_see_status(self.request, self.status):
            raise HTTPError(403, reason=FORBIDDEN)
        self.set_header("Cache-Control", "no-store")


class HealthHandler(StatusHandler):
    """Answers /healthz: can the program do its job?"""

    def get(self) -> None:
        """200 while deliveries are saved, digests are posted and the configuration is valid; else 503.

        Whether Google still delivers is only a question: it is listed, but does not make this a 503.
        """
        problems, failures = self.job.problems(), self.job.failures()
        counts = self.job.host_counts()
        failing = bool(failures) or not all(problem.is_question for problem in problems)
        self.set_status(503 if failing else 200)
        self.reply(
            status="failing" if failing else "ok",
            problems=[*map(str, problems), *failures],
            hosts={**counts.by_state(), "open_incidents": counts.open_incidents},
            last_delivery=_stamp(self.job.last_delivery()),
            last_incident=_stamp(self.job.last_incident()),
            last_digest=_stamp(self.job.last_digest()),
            last_write=_stamp(self.store.saved_at),
            **({"last_look": _stamp(self.stats.google.seen_at)} if self.stats.google.asked else {}),
            waiting_messages=self.job.waiting(),
            used_from_the_next_start=self.stats.restart_required,
            started=_stamp(self.stats.started),
            version=VERSION,
        )

    head = get


class LiveHandler(StatusHandler):
    """For supervisors that replace unhealthy machines: a new one would fix nothing that /healthz reports."""

    def get(self) -> None:
        self.reply(status="alive")

    head = get


def _stamp(moment: datetime | None) -> str | None:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else None
