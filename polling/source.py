"""What Google is asked for, and how often."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from google.alerts import AlertList
from hosts.checks import Check
from hosts.incident import Incident
from hosts.notifying import FailedDelivery, NotificationChannel, Policy, Snooze

CONFIRMATIONS = 4  # of an open incident, before it would become doubtful


class ListsApi(Protocol):
    """Google's own view. Each may raise GoogleError."""

    async def open_alerts(self) -> AlertList: ...
    async def alert(self, incident_id: str) -> Incident | None: ...
    async def checks(self) -> Sequence[Check]: ...


class SettingsApi(Protocol):
    """Google's settings. Each may raise GoogleError."""

    async def policies(self) -> Sequence[Policy]: ...
    async def channels(self) -> Sequence[NotificationChannel]: ...
    async def snoozes(self, since: datetime) -> Sequence[Snooze]: ...  # those that end later
    async def failed_deliveries(self, channel_id: str, since: datetime) -> Sequence[FailedDelivery]: ...


class Api(ListsApi, SettingsApi, Protocol):
    """What the poller needs from Google's API."""

    def close(self) -> None: ...


class Source(NamedTuple):
    """Where Google's lists come from, and how often. `may_list` says whether an incident could be in them.

    `hosts` are those of config.yaml: they stay known even if no check watches them any more.
    """

    api: Api
    project: str
    every: timedelta
    doubt_after: timedelta
    may_list: Callable[[Incident], bool]
    hosts: frozenset[str] = frozenset()

    @property
    def confirm_every(self) -> timedelta:
        """How often it is saved that an incident is still open."""
        return self.doubt_after / CONFIRMATIONS
