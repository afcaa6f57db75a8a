"""What the doctor finds in Google's settings: what keeps this server from hearing about a check."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple


class Fault(StrEnum):
    """What keeps this server from hearing about a check, or (`NOTES`) is only worth knowing."""

    NO_CHANNEL = "no channel"
    CHANNEL_OFF = "channel off"
    NO_POLICY = "no policy"
    POLICY_OFF = "policy off"
    POLICY_INVALID = "policy invalid"
    NOT_NOTIFIED = "not notified"
    NO_CLOSE = "no close"
    AUTO_CLOSE = "auto-close"
    OTHER_PROJECTS = "other projects"
    CHECK_OFF = "check off"
    NEVER_CLOSES = "never closes"
    REPEATS = "repeats"
    SNOOZED = "snoozed"
    FAILED = "failed"


NOTES = frozenset({Fault.CHECK_OFF, Fault.NEVER_CLOSES, Fault.REPEATS, Fault.SNOOZED, Fault.FAILED})


class Finding(NamedTuple):
    """Something to fix or, if `is_note`, only worth knowing. Its texts are not escaped.

    The fix is a `command` for a terminal, or a page to open in Google's console.
    """

    fault: Fault
    subject: str = ""  # the check, the policy or the channel, as people named it
    detail: str = ""  # depends on the fault: the check's address, why a policy is invalid …
    duration: timedelta | None = None
    at: datetime | None = None
    command: str = ""
    link: str = ""

    @property
    def is_note(self) -> bool:
        return self.fault in NOTES


class Examination(NamedTuple):
    """What was found when Google was last asked about its notifications, and among how many active checks.

    `channels` are the addresses of the webhooks that count as this server's.
    """

    at: datetime
    checks: int
    findings: tuple[Finding, ...] = ()
    channels: tuple[str, ...] = ()

    @property
    def to_fix(self) -> int:
        return sum(not finding.is_note for finding in self.findings)
