"""Who may see how the program is: `/healthz`, `/livez` and `/metrics` are closed to strangers."""

from tornado.httputil import HTTPServerRequest
from tornado.web import HTTPError

from config import Status
from handlers.asker import address_of, is_in, was_passed_on
from handlers.base import BaseHandler
from handlers.basic import is_one_of

REFUSED = "not for this address: add it to status.addresses, or send status.token as a Bearer token"


class StatusHandler(BaseHandler):
    """Answers 403 to those who may not see it."""

    status: Status

    def prepare(self) -> None:
        if not may_see(self.request, self.status):
            raise HTTPError(403, reason=REFUSED)
        self.set_header("Cache-Control", "no-store")


def may_see(request: HTTPServerRequest, status: Status) -> bool:
    return _is_near(request, status) or _has_token(request, status)


def _is_near(request: HTTPServerRequest, status: Status) -> bool:
    address = address_of(request.remote_ip or "")
    if address is None:
        return False
    if is_in(address, status.networks):
        return True
    # What was passed on from this machine is not from this machine.
    return address.is_loopback and not was_passed_on(request.headers)


def _has_token(request: HTTPServerRequest, status: Status) -> bool:
    given = request.headers.get_list("Authorization")
    scheme, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    if scheme.lower() != "bearer":
        return False
    return is_one_of(token.strip().encode(), [known.encode() for known in status.tokens])
