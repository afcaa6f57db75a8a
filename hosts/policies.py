"""Google's alerting policies, notification channels and snoozes, and which policies are about a check."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from hosts.checks import Check
from hosts.incident import Kind

AUTO_CLOSE = timedelta(days=7)  # for a policy that does not set it


class Condition(NamedTuple):
    """Which uptime checks a condition of a policy is about.

    `checks` if there are any, or else the checks of `hosts`; if both are empty, all of them.
    """

    kind: Kind
    checks: frozenset[str] = frozenset()  # ids
    hosts: frozenset[str] = frozenset()  # keys
    projects: frozenset[str] = frozenset()  # empty: every project of the metrics scope
    is_certain: bool = True  # False: it has filters that we do not understand, so it may be about fewer

    @property
    def is_about_all(self) -> bool:
        return not (self.checks or self.hosts)


class Policy(NamedTuple):
    """An alerting policy. Its conditions are those about uptime checks."""

    id: str
    name: str  # free text, not unique
    conditions: tuple[Condition, ...] = ()
    channels: frozenset[str] = frozenset()  # ids
    enabled: bool = True
    invalid: str = ""  # why it never fires
    notifies_on_close: bool = True
    is_log_match: bool = False  # Google never reports a close for such a policy
    auto_close: timedelta = AUTO_CLOSE
    repeats: Mapping[str, timedelta] = MappingProxyType({})  # how often it sends reminders, by channel id

    @property
    def can_fire(self) -> bool:
        return self.enabled and not self.invalid


class PolicyIndex:
    """The policies about each check. Trying every pair would take a second at 2,000 checks.

    `project` is the one that lists the checks.
    """

    def __init__(self, project: str) -> None:
        self._project = project
        self._wide = list[tuple[frozenset[str], Policy]]()  # with the projects that a condition is about
        self._by_check = defaultdict[str, list[tuple[frozenset[str], Policy]]](list)
        self._by_host = defaultdict[str, list[tuple[frozenset[str], Policy]]](list)

    def add(self, policy: Policy) -> None:
        for condition in policy.conditions:
            if condition.kind is not Kind.DOWNTIME:
                continue
            entry = condition.projects, policy
            if condition.is_about_all:
                self._wide.append(entry)
            index = self._by_check if condition.checks else self._by_host
            for subject in condition.checks or condition.hosts:
                index[subject].append(entry)

    def __call__(self, check: Check) -> list[Policy]:
        found = (*self._wide, *self._by_check.get(check.id, ()), *self._by_host.get(check.host, ()))
        project = (check.project or self._project) if check.host else ""
        return [policy for projects, policy in found if not projects or _may_be_among(project, projects)]


def _may_be_among(project: str, projects: frozenset[str]) -> bool:
    """Whether a project is one of these. A group has none, and a number may be any: then nobody can tell."""
    return not project or project in projects or any(map(str.isdecimal, (project, *projects)))


class NotificationChannel(NamedTuple):
    """Where Google sends notifications. `address` has neither a query nor credentials."""

    id: str
    name: str  # free text
    kind: str  # such as webhook_basicauth
    address: str = ""  # uptime.example.com/fromGCPMonitoring
    enabled: bool = True


class Snooze(NamedTuple):
    """While it lasts, its policies open no incidents; when it began, Google closed those that were open."""

    id: str
    name: str  # free text
    policies: frozenset[str]  # ids
    starts: datetime
    ends: datetime
    hosts: frozenset[str] = frozenset()  # keys of those it is limited to; empty: all of its policies'

    def is_active(self, at: datetime) -> bool:
        return self.starts <= at < self.ends

    def is_about(self, host: str) -> bool:
        return not self.hosts or host in self.hosts


class FailedDelivery(NamedTuple):
    """A notification that Google could not deliver, and the reason Google gives."""

    at: datetime
    summary: str


class Settings(NamedTuple):
    """All of Google's settings about notifications, at one instant."""

    policies: tuple[Policy, ...] = ()
    channels: tuple[NotificationChannel, ...] = ()
    snoozes: tuple[Snooze, ...] = ()
    failed: tuple[FailedDelivery, ...] = ()
    page_host: str = ""  # the host of this server's page; empty if not known
