"""Uptime checks as Google lists them, and what the state remembers about a host's checks."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple


class NoCheck(StrEnum):
    """Why no uptime check watches a host."""

    DISABLED = "disabled"
    DELETED = "deleted"


class Check(NamedTuple):
    """An uptime check. Several may watch one host; one of a group or a function watches none."""

    id: str
    host: str  # its key; empty if there is none
    name: str  # free text, not unique
    target: str  # https://www.example.com/health, or what the group or the function is called
    period: timedelta
    regions: tuple[str, ...] = ()  # empty: from all of them
    disabled: bool = False
    project: str = ""  # of what it checks, if that is not the project that lists it


class Watch(NamedTuple):
    """The uptime checks that watch a host, or did before they were all deleted.

    `since` is when the first of them was first seen while the open alerts could be read: everything that
    happened after that is known. None: they could not be read yet, so nobody knows if the host is up.
    """

    since: datetime | None
    checks: tuple[Check, ...]  # sorted by id
    ended_in: int = 0  # the digest edition in which the last check disappeared; 0 while there are any
    is_on: bool = True  # at least one check exists and is not disabled
    snoozed: datetime | None = None  # until then, Google would not report a failure
    off_since: datetime | None = None  # a check was last seen on then, if none is now; None: not known

    @property
    def is_over(self) -> bool:
        return not self.checks

    @property
    def no_check(self) -> NoCheck | None:
        """Why nobody watches the host; None if a check does."""
        if self.is_on:
            return None
        return NoCheck.DISABLED if self.checks else NoCheck.DELETED

    def no_check_at(self, moment: datetime) -> NoCheck | None:
        """Why nobody watched the host at a moment; None if a check did. In doubt, nobody did."""
        return None if self.off_since and moment < self.off_since else self.no_check


def watch(
    since: datetime | None,
    checks: Iterable[Check],
    ended_in: int = 0,
    snoozed: datetime | None = None,
    off_since: datetime | None = None,
) -> Watch:
    found = tuple(sorted(checks))
    is_on = any(not check.disabled for check in found)
    return Watch(since, found, ended_in, is_on, snoozed, None if is_on else off_since)
