"""GET /healthz: is the program doing its job? GET /livez: is it there at all?"""

from datetime import datetime

from config import Status
from digest.job import DigestJob
from handlers.access import StatusHandler
from hosts.problems import is_question
from state.store import Store
from vitals import VERSION, Vitals


class HealthHandler(StatusHandler):
    def initialize(self, *, status: Status, store: Store, job: DigestJob, vitals: Vitals) -> None:
        self.status = status
        self.store = store
        self.job = job
        self.vitals = vitals

    def get(self) -> None:
        """200 while deliveries are saved, digests are taken and the configuration is good; else 503 and why.

        A question whether Google still delivers is one of the problems, but fails nothing.
        """
        problems = [*self.job.problems(), *self.job.failures()]
        failing = any(not is_question(problem) for problem in problems)
        self.set_status(503 if failing else 200)
        self.reply(
            status="failing" if failing else "ok",
            problems=problems,
            hosts=self.job.census()._asdict(),
            last_delivery=_stamp(self.vitals.heard),
            last_incident=_stamp(self.job.last_incident()),
            last_digest=_stamp(self.job.last_digest()),
            last_write=_stamp(self.store.saved_at),
            waiting_messages=self.job.waiting(),
            used_from_the_next_start=self.vitals.at_restart,
            started=_stamp(self.vitals.started),
            version=VERSION,
        )

    head = get


class LiveHandler(StatusHandler):
    """For what would replace this machine by a new one: that helps against none of the problems above."""

    def initialize(self, *, status: Status) -> None:
        self.status = status

    def get(self) -> None:
        self.reply(status="alive")

    head = get


def _stamp(moment: datetime | None) -> str | None:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else None
