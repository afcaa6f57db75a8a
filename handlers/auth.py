"""Who may send deliveries (HTTP Basic, RFC 7617), who may see the status, and what comes from Slack."""

import base64
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import Enum

from tornado.httputil import HTTPHeaders, HTTPServerRequest
from tornado.web import HTTPError

from config import PLACEHOLDER, Gcp, Page, Slack, Status
from config.secrets import is_one_of
from handlers.base import RequestRejected
from handlers.client_address import Networks, is_in, parse_address, was_forwarded
from slack.interaction import OtherInteraction, Press, UnreadablePayload, has_payload, read_press
from slack.request import Request, read_request
from slack.verify import NotSlack, SignedBody, WrongCredentials

log = logging.getLogger("slack")

CHALLENGE = 'Basic realm="uptime-check-manager", charset="UTF-8"'
MAX_TOKEN_LENGTH = 1024  # characters; anything longer is not a credential of ours


class Refusal(Enum):
    """Why a delivery is refused."""

    NO_CREDENTIALS = "authentication required: HTTP Basic, with gcp.username and gcp.password of config.yaml"
    WRONG_CREDENTIALS = "the user name or password does not match gcp.username and gcp.password"
    PLACEHOLDER = (
        "gcp.password is the published example, which is not accepted through a proxy; "
        "make your own, with: openssl rand -base64 24"
    )


def delivery_refusal(headers: HTTPHeaders, gcp: Gcp) -> Refusal | None:
    """Return None if the credentials are good."""
    given = headers.get_list("Authorization")
    if not is_authorized(given, gcp):
        return Refusal.WRONG_CREDENTIALS if given else Refusal.NO_CREDENTIALS
    if PLACEHOLDER in gcp.passwords and was_forwarded(headers):
        own = replace(gcp, passwords=tuple(each for each in gcp.passwords if each != PLACEHOLDER))
        return None if is_authorized(given, own) else Refusal.PLACEHOLDER
    return None


def is_authorized(headers: Sequence[str], user: Gcp | Page) -> bool:
    """Whether there is exactly one Authorization header, with the user and one of the passwords."""
    token = _token(headers, "basic")
    try:
        given = base64.b64decode(token, validate=True) if len(token) <= MAX_TOKEN_LENGTH else b""
    except ValueError:
        given = b""
    return is_one_of(given, [f"{user.username}:{password}".encode() for password in user.passwords])


def may_see_status(request: HTTPServerRequest, status: Status) -> bool:
    """Whether a request comes from this machine or from `status.addresses`, or with the token."""
    token = _token(request.headers.get_list("Authorization"), "bearer")
    return is_near(request, status.networks) or is_one_of(token.encode(), map(str.encode, status.tokens))


def _token(headers: Sequence[str], scheme: str) -> str:
    """What follows the scheme in the only header; empty if there are more, or it is of another scheme."""
    given, _, token = headers[0].partition(" ") if len(headers) == 1 else ("", "", "")
    return token.strip() if given.lower() == scheme else ""


def is_near(request: HTTPServerRequest, networks: Networks) -> bool:
    """Whether it comes from this machine, or from one of the networks."""
    address = parse_address(request.remote_ip or "")
    # A proxy on this machine forwards requests of others.
    is_local = address is not None and address.is_loopback and not was_forwarded(request.headers)
    return is_local or is_in(address, networks)


def authenticate_slack(request: HTTPServerRequest, slack: Slack, now: datetime) -> Request | Press | None:
    """Return None when Slack sent the request but it needs no answer.

    Raises:
        HTTPError: 403 for everybody else, 400 for a press that cannot be read.
    """
    timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
    signature = request.headers.get("X-Slack-Signature", "")
    signed = SignedBody(request.body, timestamp, signature)
    try:
        if has_payload(request.body):
            return read_press(signed, slack.signing_secrets, now)
        return read_request(signed, slack.outgoing_tokens, slack.signing_secrets, now)
    except OtherInteraction as error:
        log.info("ignored an interaction of type %s: only presses of menus and buttons are handled", error)
        return None
    except UnreadablePayload as error:
        raise RequestRejected(400, reason=str(error)) from None
    except WrongCredentials as error:
        raise RequestRejected(403, reason=str(error)) from None
    except NotSlack as error:
        raise HTTPError(403, reason=str(error)) from None
