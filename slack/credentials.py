"""Is it really Slack: the token of an outgoing webhook, the signature of a slash command.

Signatures: https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import hmac
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from slack.form import NotSlack

FRESH = timedelta(minutes=5)  # how old, or how early by our clock, a signed request may be
_SECONDS = re.compile(r"[0-9]{1,11}")


class WrongCredentials(NotSlack):
    """It says that it is Slack, and does not prove it. Perhaps it is, and the configuration is wrong."""


class Sent(NamedTuple):
    """What came: the body as it was on the wire, and two headers, empty when they are missing."""

    body: bytes
    timestamp: str = ""  # X-Slack-Request-Timestamp
    signature: str = ""  # X-Slack-Signature


def check_token(token: str, tokens: Sequence[str]) -> None:
    if not tokens:
        raise WrongCredentials("No slack.outgoing_token is configured: set it to the token that Slack shows")
    if not _is_one_of(token, tokens):
        raise WrongCredentials("The token is not one of slack.outgoing_token")


def check_signature(sent: Sent, secrets: Sequence[str], now: datetime) -> None:
    """Only what is signed is told that a clock is wrong."""
    if not secrets:
        raise WrongCredentials(
            "No slack.signing_secret is configured: set it to the signing secret of the app"
        )
    if not _SECONDS.fullmatch(sent.timestamp):
        raise WrongCredentials("X-Slack-Request-Timestamp is missing or no number")
    made = [_signature(sent, secret) for secret in secrets]
    if not _matches(sent.signature, made):
        raise WrongCredentials("The signature is not made with slack.signing_secret")
    if abs(now.timestamp() - int(sent.timestamp)) > FRESH.total_seconds():
        raise WrongCredentials("Signed more than five minutes ago or ahead: sent again, or a clock is wrong")


def _is_one_of(token: str, tokens: Sequence[str]) -> bool:
    """Takes as long however much of the token is right: digests have one length."""
    return bool(token) and _matches(_digest(token), [_digest(known) for known in tokens])


def _matches(claimed: str, right: Sequence[str]) -> bool:
    """Takes as long whichever it is: all are compared before any is looked at."""
    found = [hmac.compare_digest(claimed.encode(errors="replace"), each.encode()) for each in right]
    return any(found)


def _digest(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()


def _signature(sent: Sent, secret: str) -> str:
    signed = b"v0:%b:%b" % (sent.timestamp.encode(), sent.body)
    return f"v0={hmac.digest(secret.encode(), signed, 'sha256').hex()}"
