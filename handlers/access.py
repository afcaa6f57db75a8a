"""Who may see how the program is: `/healthz`, `/livez` and `/metrics` are closed to strangers."""

from tornado.httputil import HTTPServerRequest
from tornado.web import HTTPError

from config import Status
from handlers.asker import address_of, is_in
from handlers.base import BaseHandler
from handlers.basic import is_one_of

# Somebody passed the request on: the address is not the asker's, even if it is this machine.
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-Ip", "Via")
REFUSED = "not for this address: add it to status.addresses, or send status.token as a Bearer token"


class StatusHandler(BaseHandler):
    """Answers 403 to those who may not see it."""

    status: Status

    def prepare(self) -> None:
        if not (_is_near(self.request, self.status) or _has_token(self.request, self.status)):
            raise HTTPError(403, reason=REFUSED)
        self.set_header("Cache-Control", "no-store")


def _is_near(request: HTTPServerRequest, status: Status) -> bool:
    address = address_of(request.remote_ip or "")
    if address is None:
        return False
    if is_in(address, status.networks):
        return True
    return address.is_loopback and not any(name in request.headers for name in FORWARDED)


def _has_token(request: HTTPServerRequest, status: Status) -> bool:
    given = request.headers.get_list("Authorization")
    scheme, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    if scheme.lower() != "bearer":
        return False
    return is_one_of(token.strip().encode(), [known.encode() for known in status.tokens])
