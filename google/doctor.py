"""Finds what in Google's own configuration would keep this server from hearing of a failing check."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from itertools import chain

from google.console import cancel_snooze, console_page, enable_channel, enable_policy, notify
from google.policies import own_channels
from hosts.checks import Check
from hosts.examination import Fault, Finding
from hosts.incident import Incident, Kind, NamedBy
from hosts.policies import Condition, Policy, PolicyIndex, Settings
from turns import Steps

# A host without data for less than a day is as likely to be down as to be gone.
SOON_CLOSED = timedelta(days=1)
ORDER = {fault: place for place, fault in enumerate(Fault)}


class Doctor:
    """Judges what Google lists of its own configuration. Make a new one for each examination."""

    def __init__(
        self, project: str, checks: Collection[Check], settings: Settings, opened: Collection[Incident]
    ) -> None:
        """`opened`: open incidents of hosts that no check of this project has ever watched."""
        self._project = project
        self._checks = checks
        self._settings = settings
        self._opened = opened
        self._own = own_channels(settings)
        self._ids = frozenset(channel.id for channel in self._own)

    def examining(self, now: datetime) -> Steps[tuple[Finding, ...]]:
        """The findings, the most serious first."""
        found = [*self._channels(), *self._notes(now)]
        for finding in chain(self._unreported(), self._misreported()):
            if finding:
                found.append(finding)
            yield
        return tuple(sorted(found, key=lambda finding: ORDER[finding.fault]))

    def _channels(self) -> Iterator[Finding]:
        if not self._own:
            yield Finding(Fault.NO_CHANNEL, link=console_page(self._project, "alerting", "notifications"))
        for channel in self._own:
            if not channel.enabled:
                command = enable_channel(channel.id, self._project)
                yield Finding(Fault.CHANNEL_OFF, channel.name or channel.id, channel.address, command=command)

    def _unreported(self) -> Iterator[Finding | None]:
        """Why no policy would report a failing check, each cause once; None is a chance to pause."""
        guilty, policies_of = dict[str, Policy](), PolicyIndex(self._project)
        for policy in self._settings.policies:
            policies_of.add(policy)
            yield None
        for check in self._checks:
            yield None
            covering = policies_of(check)
            if check.disabled or any(map(self._notifies_us, covering)):
                continue
            guilty |= {policy.id: policy for policy in covering}
            if not covering:
                link = console_page(self._project, "uptime")
                yield Finding(Fault.NO_POLICY, check.name or check.id, check.target, link=link)
        for policy in self._settings.policies:
            if policy.invalid and policy.enabled and policy.channels & self._ids:
                guilty[policy.id] = policy  # an invalid policy, whatever it is about
        for policy in guilty.values():
            yield from self._why_unreported(policy)

    def _notifies_us(self, policy: Policy) -> bool:
        return policy.can_fire and bool(policy.channels & self._ids)

    def _why_unreported(self, policy: Policy) -> Iterator[Finding]:
        if policy.invalid:
            yield self._about(Fault.POLICY_INVALID, policy, detail=policy.invalid)
        if not policy.enabled:
            yield self._about(Fault.POLICY_OFF, policy, enable_policy(policy.id, self._project))
        if self._own and not policy.channels & self._ids:
            channel = next((one for one in self._own if one.enabled), self._own[0])
            command = notify(policy.id, channel.id, self._project)
            yield self._about(Fault.NOT_NOTIFIED, policy, command, channel.name or channel.id)

    def _misreported(self) -> Iterator[Finding | None]:
        """What is wrong with the policies that notify this server; None is a chance to pause."""
        watched = {check.host for check in self._checks}
        strangers = {i.policy: i.host for i in self._opened if _is_of_a_check(i) and i.host not in watched}
        for policy in filter(self._notifies_us, self._settings.policies):
            yield None
            yield from self._of_notifying(policy)
            if policy.name in strangers and any(map(_is_wide, policy.conditions)):
                yield self._about(Fault.OTHER_PROJECTS, policy, detail=strangers[policy.name])

    def _of_notifying(self, policy: Policy) -> Iterator[Finding]:
        if policy.is_log_match:
            yield self._about(Fault.NEVER_CLOSES, policy)
        elif not policy.notifies_on_close:
            yield self._about(Fault.NO_CLOSE, policy)
        is_downtime = any(condition.kind is Kind.DOWNTIME for condition in policy.conditions)
        if is_downtime and policy.auto_close < SOON_CLOSED:
            yield self._about(Fault.AUTO_CLOSE, policy)._replace(duration=policy.auto_close)
        if often := [every for channel, every in policy.repeats.items() if channel in self._ids]:
            yield self._about(Fault.REPEATS, policy)._replace(duration=min(often))

    def _notes(self, now: datetime) -> Iterator[Finding]:
        for check in self._checks:
            if check.disabled:
                link = console_page(self._project, "uptime", check.id)
                yield Finding(Fault.CHECK_OFF, check.name or check.id, check.target, link=link)
        for snooze in self._settings.snoozes:
            if snooze.is_active(now):
                command = cancel_snooze(snooze.id, self._project)
                yield Finding(Fault.SNOOZED, snooze.name or snooze.id, at=snooze.ends, command=command)
        if self._settings.failed:
            last = max(self._settings.failed)
            yield Finding(Fault.FAILED, detail=last.summary, at=last.at)

    def _about(self, fault: Fault, policy: Policy, command: str = "", detail: str = "") -> Finding:
        link = "" if command else console_page(self._project, "alerting", "policies", policy.id)
        return Finding(fault, policy.name or policy.id, detail, command=command, link=link)


def _is_of_a_check(incident: Incident) -> bool:
    """Whether it is about a check of a host: for a group of instances, Google lists no hosts."""
    return incident.kind is Kind.DOWNTIME and incident.named_by is NamedBy.HOST


def _is_wide(condition: Condition) -> bool:
    """Whether a policy also covers checks of other projects."""
    return condition.is_about_all and condition.is_certain and not condition.projects
