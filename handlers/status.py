"""`/healthz` and `/livez`, and the access check that they share with `/metrics`."""

from datetime import datetime

from tornado.httputil import HTTPServerRequest
from tornado.web import HTTPError

from config import Status
from config.secrets import is_one_of
from digest.job import DigestJob
from digest.stats import Stats
from handlers.base import BaseHandler
from handlers.client_address import is_in, parse_address, was_forwarded
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
        if not may_see(self.request, self.status):
            raise HTTPError(403, reason=FORBIDDEN)
        self.set_header("Cache-Control", "no-store")


def may_see(request: HTTPServerRequest, status: Status) -> bool:
    return _has_address(request, status) or _has_token(request, status)


def _has_address(request: HTTPServerRequest, status: Status) -> bool:
    address = parse_address(request.remote_ip or "")
    if address is None:
        return False
    # A proxy on this machine forwards requests of others.
    is_local = address.is_loopback and not was_forwarded(request.headers)
    return is_local or is_in(address, status.networks)


def _has_token(request: HTTPServerRequest, status: Status) -> bool:
    given = request.headers.get_list("Authorization")
    scheme, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    if scheme.lower() != "bearer":
        return False
    return is_one_of(token.strip().encode(), [known.encode() for known in status.tokens])


class HealthHandler(StatusHandler):
    def get(self) -> None:
        """200 while deliveries are saved, digests are posted and the configuration is valid; else 503.

        Whether Google still delivers is only a question: it is listed, but does not make this a 503.
        """
        problems, failures = self.job.problems(), self.job.failures()
        failing = bool(failures) or not all(problem.is_question for problem in problems)
        self.set_status(503 if failing else 200)
        self.reply(
            status="failing" if failing else "ok",
            problems=[*map(str, problems), *failures],
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
    """For supervisors that would replace this machine, which solves none of the problems in /healthz."""

    def get(self) -> None:
        self.reply(status="alive")

    head = get


def _stamp(moment: datetime | None) -> str | None:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else None
