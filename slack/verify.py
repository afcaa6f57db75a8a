"""Verifies that a form comes from Slack: its fields, its token, its signature."""

import hmac
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import unquote_plus

from config.secrets import is_one_of

MOST_FIELDS = 100  # Slack sends about a dozen
LONGEST_NAME = 100  # bytes on the wire, more than any field of Slack's; a longer name is not decoded
LONGEST_GLANCE = 1024  # bytes on the wire of a value that may be decoded before the sender is known
MOST_CLOCK_SKEW = timedelta(minutes=5)  # between the time of a signed request and our clock, either way
_SECONDS = re.compile(r"[0-9]{1,11}")


class NotSlack(Exception):
    """Why a request is refused, in one line of ASCII without anything that was sent."""


class WrongCredentials(NotSlack):
    """The sender claims to be Slack and does not prove it: perhaps it is, and the configuration is wrong."""


class Form(Mapping[str, str]):
    """The fields of a form. Each value is decoded when somebody asks for it, not before.

    Decoding takes time in proportion to the length, and anybody can send a long form: until the
    sender is known, only `glance` may decode a value.
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
        """Returns a short value; empty if the field is missing or long."""
        value = self._encoded.get(name, b"")
        return _decoded(value) if len(value) <= LONGEST_GLANCE else ""


def form_fields(body: bytes) -> Form:
    """Raises NotSlack even for a repeated field, since proxies on the way may have read the other one."""
    if body.count(b"&") >= MOST_FIELDS:
        raise NotSlack("Too many fields for a Slack request")
    pairs = [pair.partition(b"=") for pair in body.split(b"&") if pair]
    encoded = {_name(name): value for name, _, value in pairs}
    if len(encoded) < len(pairs):
        raise NotSlack("The form has a duplicate field")
    return Form(encoded)


def _name(encoded: bytes) -> str:
    return _decoded(encoded) if len(encoded) <= LONGEST_NAME else encoded.decode("latin-1")


def _decoded(text: bytes) -> str:
    return unquote_plus(text.decode("utf-8", "replace"))


class SignedBody(NamedTuple):
    """A request's body as it was on the wire, and two of its headers, empty if missing."""

    body: bytes
    timestamp: str = ""  # X-Slack-Request-Timestamp
    signature: str = ""  # X-Slack-Signature


def check_token(token: str, tokens: Sequence[str]) -> None:
    """Checks the token of an outgoing webhook. Raises WrongCredentials."""
    if not tokens:
        raise WrongCredentials("No slack.outgoing_token is configured: set it to the token that Slack shows")
    if not token or not is_one_of(_encoded(token), map(_encoded, tokens)):
        raise WrongCredentials("The token is not one of slack.outgoing_token")


def check_signature(signed: SignedBody, secrets: Sequence[str], now: datetime) -> None:
    """Raises WrongCredentials. Only a sender who knows the secret learns that a clock is wrong.

    https://docs.slack.dev/authentication/verifying-requests-from-slack
    """
    if not secrets:
        raise WrongCredentials(
            "No slack.signing_secret is configured: set it to the signing secret of the app"
        )
    if not _SECONDS.fullmatch(signed.timestamp):
        raise WrongCredentials("X-Slack-Request-Timestamp is missing or not a number")
    if not is_one_of(_encoded(signed.signature), [_signature(signed, secret) for secret in secrets]):
        raise WrongCredentials("The signature was not made with slack.signing_secret")
    if abs(now.timestamp() - int(signed.timestamp)) > MOST_CLOCK_SKEW.total_seconds():
        raise WrongCredentials(
            "Signed more than five minutes ago or in the future: a replay, or a wrong clock"
        )


def _encoded(text: str) -> bytes:
    return text.encode(errors="replace")


def _signature(signed: SignedBody, secret: str) -> bytes:
    content = b"v0:%b:%b" % (signed.timestamp.encode(), signed.body)
    return f"v0={hmac.digest(secret.encode(), content, 'sha256').hex()}".encode()
