"""Google's settings under a test's control: they cover every check, unless the test says otherwise."""

from datetime import datetime, timedelta

from google.api import GoogleApi
from google.refusals import GoogleError
from hosts.checks import Check
from hosts.incident import Kind
from hosts.policies import Condition, FailedDelivery, NotificationChannel, Policy, Settings, Snooze

WWW = "www.example.com"
CHECK = Check("www-1", WWW, "www", f"https://{WWW}/", timedelta(minutes=1))
OWN = NotificationChannel("17", "uptime", "webhook_basicauth", "uptime.example.com/fromGCPMonitoring")
ALL = Policy("1", "all checks", (Condition(Kind.DOWNTIME),), frozenset({OWN.id}))


class FakeSettings(GoogleApi):
    """An API whose settings the test provides. `may_read_log`: whether the role for failed deliveries is there. `read` are the names of what was read."""

    def __init__(self) -> None:
        self.settings = Settings((ALL,), (OWN,))
        self.may_read_log = False
        self.read: list[str] = []

    async def policies(self) -> tuple[Policy, ...]:
        self.read.append("policies")
        return self.settings.policies

    async def channels(self) -> tuple[NotificationChannel, ...]:
        self.read.append("channels")
        return self.settings.channels

    async def snoozes(self, since: datetime) -> tuple[Snooze, ...]:
        self.read.append("snoozes")
        return tuple(snooze for snooze in self.settings.snoozes if snooze.ends > since)

    async def failed_deliveries(self, channel_id: str, since: datetime) -> tuple[FailedDelivery, ...]:
        self.read.append(f"failed {channel_id}")
        if not self.may_read_log:
            raise GoogleError("the role is missing")
        return tuple(failed for failed in self.settings.failed if failed.at >= since)
