"""What people did here: who, what, and when."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

MOST = 200  # deeds that are remembered; people ask for the last few
# A signed request is good from five minutes before the time it names until five minutes after it, so this
# long after it was obeyed nobody can send it again; the rest is for rounding.
REPEATABLE = timedelta(minutes=11)


class Person(NamedTuple):
    """Slack's id of a user, and a name for display only: anybody can choose a name."""

    id: str
    name: str


class Did(StrEnum):
    REMOVE = "remove"
    RESTORE = "restore"
    RESOLVE = "resolve"
    FORGET = "forget"


class Deed(NamedTuple):
    """`what` it was done to: a host, as it is named here. A removal says until when, and why.

    `request` is the idempotency key of the request that it was done by; empty if that has none.
    """

    did: Did
    what: str
    by: Person
    at: datetime
    until: datetime | None = None
    until_up: bool = False
    reason: str = ""
    request: str = ""
