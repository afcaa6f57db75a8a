"""Uptime checks, as Google lists them, and what the state remembers of those of a host."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple


class Check(NamedTuple):
    """An uptime check. Several may watch one host."""

    id: str
    host: str  # its key
    name: str  # free text, not unique
    target: str  # https://www.example.com/health
    period: timedelta
    regions: tuple[str, ...] = ()  # none: from all
    disabled: bool = False


class Watch(NamedTuple):
    """The uptime checks of a host. It is over once they are all gone.

    `since` is when the first of them was first seen: whatever happened to the host from then on is known.
    """

    since: datetime
    checks: tuple[Check, ...]  # sorted by id
    ended_in: int = 0  # the digest edition in which the last of them was gone; 0: some are there
    is_on: bool = True  # at least one is there and not disabled
    snoozed: datetime | None = None  # until then, Google would not tell if one failed

    @property
    def is_over(self) -> bool:
        return not self.checks


def watch(
    since: datetime, checks: Iterable[Check], ended_in: int = 0, snoozed: datetime | None = None
) -> Watch:
    found = tuple(sorted(checks))
    return Watch(since, found, ended_in, any(not check.disabled for check in found), snoozed)


def renamed_watch(found: Watch, host: str) -> Watch:
    return found._replace(checks=tuple(check._replace(host=host) for check in found.checks))
