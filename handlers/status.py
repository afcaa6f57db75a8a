"""Who may see how the program is: `/healthz`, `/livez` and `/metrics` are closed to strangers."""

from datetime import datetime

from tornado.httputil import HTTPServerRequest
from tornado.web import HTTPError

from config import Status
from digest.job import DigestJob
from digest.stats import Stats
from handlers.auth import is_one_of
from handlers.base import BaseHandler
from handlers.client_address import Networks, address_of, is_in, was_passed_on
from hosts.problems import is_question
from state.store import Store
from version import VERSION

REFUSED = "not for this address: add it to status.addresses, or send status.token as a Bearer token"


class StatusHandler(BaseHandler):
    """Answers 403 to those who may not see it."""

    status: Status

    def prepare(self) -> None:
        if not may_see(self.request, self.status):
            raise HTTPError(403, reason=REFUSED)
        self.set_header("Cache-Control", "no-store")


def may_see(request: HTTPServerRequest, status: Status) -> bool:
    return is_near(request, status.networks) or _has_token(request, status)


def is_near(request: HTTPServerRequest, networks: Networks) -> bool:
    """Whether it comes from this machine, or from one of those networks."""
    address = address_of(request.remote_ip or "")
    if address is None:
        return False
    if is_in(address, networks):
        return True
    # What was passed on from this machine is not from this machine.
    return address.is_loopback and not was_passed_on(request.headers)


def _has_token(request: HTTPServerRequest, status: Status) -> bool:
    given = request.headers.get_list("Authorization")
    scheme, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    if scheme.lower() != "bearer":
        return False
    return is_one_of(token.strip().encode(), [known.encode() for known in status.tokens])


class HealthHandler(StatusHandler):
    def initialize(self, *, status: Status, store: Store, job: DigestJob, stats: Stats) -> None:
        self.status = status
        self.store = store
        self.job = job
        self.stats = stats

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
            hosts=self.job.host_counts()._asdict(),
            last_delivery=_stamp(self.stats.heard),
            last_incident=_stamp(self.job.last_incident()),
            last_digest=_stamp(self.job.last_digest()),
            last_write=_stamp(self.store.saved_at),
            waiting_messages=self.job.waiting(),
            used_from_the_next_start=self.stats.restart_required,
            started=_stamp(self.stats.started),
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
