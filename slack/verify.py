"""A form as Slack sends it: a dozen fields, each of them once."""

import hmac
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import unquote_plus

from config.secrets import is_one_of

MOST_FIELDS = 100  # Slack sends about a dozen
LONGEST_NAME = 100  # bytes on the wire; a longer name is not decoded, for no field of Slack has one
GLANCE = 1024  # bytes on the wire of a value that is looked at before it is known who sent it


class NotSlack(Exception):
    """Why it is not taken, in one line of ASCII without anything that was sent."""


class Form(Mapping[str, str]):
    """The fields of a form. A value is decoded when it is asked for, and not before.

    Decoding takes time in proportion to the length, and anybody can send a long form: until the
    sender is known, only `glance` may look at a value.
    """

    def __init__(self, encoded: Mapping[str, bytes]) -> None:
        self._encoded = encoded

    def __getitem__(self, name: str) -> str:
        return _decoded(self._encoded[name])

    def __contains__(self, name: object) -> bool:
        return name in self._encoded

    def __iter__(self) -> Iterator[str]:
        return iter(self._encoded)

    def __len__(self) -> int:
        return len(self._encoded)

    def glance(self, name: str) -> str:
        """A short value; empty if it is missing or long."""
        value = self._encoded.get(name, b"")
        return _decoded(value) if len(value) <= GLANCE else ""


def form_fields(body: bytes) -> Form:
    """Raises NotSlack: of a field that stands twice, others on the way may have read the other one."""
    if body.count(b"&") >= MOST_FIELDS:
        raise NotSlack("Too many fields for a form of Slack")
    pairs = [pair.partition(b"=") for pair in body.split(b"&") if pair]
    encoded = {_name(name): value for name, _, value in pairs}
    if len(encoded) < len(pairs):
        raise NotSlack("A field stands twice in the form")
    return Form(encoded)


def _name(encoded: bytes) -> str:
    return _decoded(encoded) if len(encoded) <= LONGEST_NAME else encoded.decode("latin-1")


def _decoded(text: bytes) -> str:
    return unquote_plus(text.decode("utf-8", "replace"))


FRESH = timedelta(minutes=5)  # how old, or how early by our clock, a signed request may be
_SECONDS = re.compile(r"[0-9]{1,11}")


class WrongCredentials(NotSlack):
    """It says that it is Slack, and does not prove it. Perhaps it is, and the configuration is wrong."""


class SignedBody(NamedTuple):
    """What came: the body as it was on the wire, and two headers, empty when they are missing."""

    body: bytes
    timestamp: str = ""  # X-Slack-Request-Timestamp
    signature: str = ""  # X-Slack-Signature


def check_token(token: str, tokens: Sequence[str]) -> None:
    if not tokens:
        raise WrongCredentials("No slack.outgoing_token is configured: set it to the token that Slack shows")
    if not token or not is_one_of(_encoded(token), map(_encoded, tokens)):
        raise WrongCredentials("The token is not one of slack.outgoing_token")


def check_signature(sent: SignedBody, secrets: Sequence[str], now: datetime) -> None:
    """Only what is signed is told that a clock is wrong."""
    if not secrets:
        raise WrongCredentials(
            "No slack.signing_secret is configured: set it to the signing secret of the app"
        )
    if not _SECONDS.fullmatch(sent.timestamp):
        raise WrongCredentials("X-Slack-Request-Timestamp is missing or no number")
    if not is_one_of(_encoded(sent.signature), [_signature(sent, secret) for secret in secrets]):
        raise WrongCredentials("The signature is not made with slack.signing_secret")
    if abs(now.timestamp() - int(sent.timestamp)) > FRESH.total_seconds():
        raise WrongCredentials("Signed more than five minutes ago or ahead: sent again, or a clock is wrong")


def _encoded(text: str) -> bytes:
    return text.encode(errors="replace")


def _signature(sent: SignedBody, secret: str) -> bytes:
    signed = b"v0:%b:%b" % (sent.timestamp.encode(), sent.body)
    return f"v0={hmac.digest(secret.encode(), signed, 'sha256').hex()}".encode()
