"""Which of Google's listed alerts count here, and how its lists of alerts and checks change the state.

A webhook may be lost, and a list may be old or incomplete. So a list only adds what a webhook could have
reported, and nothing follows from what it does not show.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from hosts.changes import record_incident
from hosts.checks import Check, watch
from hosts.incident import Incident, Kind
from hosts.model import NOTHING, Change, Host, Patch, State

TWIN_WITHIN = timedelta(minutes=1)
ByHost = Mapping[str, Sequence[Check]]


def open_ids(state: State) -> set[str]:
    return {incident.id for host in state.hosts.values() for incident in host.open}


def is_for_us(alert: Incident, state: State, own_policies: Collection[str]) -> bool:
    """Whether we would get a webhook about it. The list also has alerts that only notify others.

    Alerts about uptime checks always count. `own_policies` are the policies that notify this server.
    """
    is_uptime = alert.kind is not Kind.OTHER
    return is_uptime or alert.policy in own_policies or alert.id in state.host_by_incident


def report_of(alert: Incident, state: State, asked_at: datetime, confirm_every: timedelta) -> Incident | None:
    """The report to record for an alert from the list; None if it says nothing new.

    `asked_at` is when the list was requested, in whole seconds; what people did after that takes precedence.
    The fact that an incident is still open is saved only once every `confirm_every`.
    """
    known = state.incident(alert.id)
    if known is None:
        return alert._replace(listed=True, confirmed=asked_at if alert.is_open else None)
    if known.resolved_by and known.ended and known.ended >= asked_at:
        return None
    since = known.confirmed or known.started
    is_due = alert.is_open and asked_at - since >= confirm_every
    return alert._replace(listed=True, confirmed=asked_at if is_due else None)


def record_listed(alert: Incident, asked_at: datetime, confirm_every: timedelta) -> Change:
    """Record what Google listed. The change raises TooManyOpenIncidents."""

    def change(state: State) -> Patch:
        report = report_of(alert, state, asked_at, confirm_every)
        return record_incident(report)(state) if report else NOTHING

    return change


def has_twin(incident_id: str, state: State) -> bool:
    """Whether Google lists what seems to be the same incident under another id.

    All public evidence says that both use the same ids, but Google does not promise it.
    """
    known = state.incident(incident_id)
    return known is not None and any(
        other.listed and other.policy == known.policy and abs(other.started - known.started) <= TWIN_WITHIN
        for other in state.hosts[known.host].incidents()
        if other.id != known.id
    )


def record_absent(incident_id: str) -> Change:
    """Record that Google no longer knows an incident that is open here. That is a doubt, not a recovery."""

    def change(state: State) -> Patch:
        known = state.incident(incident_id)
        if known is None or not known.is_open or known.absent:
            return NOTHING
        host = state.hosts[known.host]
        opened = tuple(i._replace(absent=True) if i.id == incident_id else i for i in host.open)
        return Patch({host.name: host._replace(open=opened)})

    return change


def record_alerts_read(at: datetime, age: timedelta) -> Change:
    """Record when the open alerts were read, unless the recorded time is within `age` of it."""

    def change(state: State) -> Patch:
        if state.alerts_read and abs(at - state.alerts_read) <= age:
            return NOTHING
        return Patch(alerts_read=at)

    return change


def by_host(checks: Collection[Check]) -> ByHost:
    found: dict[str, list[Check]] = {}
    for check in checks:
        if check.host:
            found.setdefault(check.host, []).append(check)
    return {host: sorted(some) for host, some in found.items()}


def to_watch(
    checks: ByHost, state: State, at: datetime | None, configured: Collection[str] = ()
) -> Iterator[str]:
    """The hosts for which `watch_hosts` would change something. Those `configured` are never dropped."""
    notified = state.notified_edition()
    for name, known in state.hosts.items():
        if known.watch is None or name in checks:
            continue
        if known.watch.checks or (_is_to_go(known, notified) and name not in configured):
            yield name
    for name, found in checks.items():
        host = state.hosts.get(name)
        watched = host and host.watch
        if not watched or watched.checks != tuple(found) or (at and watched.since is None):
            yield name


def watch_hosts(
    names: Collection[str], checks: ByHost, at: datetime | None, before: datetime | None = None
) -> Change:
    """Record which checks watch these hosts, according to a complete list.

    `at` is when it was read; None while the open alerts cannot be read. `before` is when the list before it
    was requested, of which the state has everything; None if not known.
    A host without history is dropped when its last check is gone and every channel has been told.
    """

    def change(state: State) -> Patch:
        changed: dict[str, Host | None] = {}
        for name in names:
            known, found = state.hosts.get(name), tuple(checks.get(name, ()))
            host = _watched(known or Host(name), found, at, before, state.edition)
            if _is_to_go(host, state.notified_edition()):
                changed[name] = None
            elif host.watch != (known and known.watch):
                changed[name] = host
        return Patch(changed)

    return change


def unwatch_hosts(names: Collection[str]) -> Change:
    """Forget the checks of these hosts, since Google is not asked about them any more."""

    def change(state: State) -> Patch:
        hosts = [host for name in names if (host := state.hosts.get(name)) and host.watch]
        return Patch({h.name: h._replace(watch=None) if h.has_history else None for h in hosts})

    return change


def _watched(
    host: Host, checks: tuple[Check, ...], at: datetime | None, before: datetime | None, edition: int
) -> Host:
    known = host.watch
    off_since = known and (before if known.is_on else known.off_since)
    if checks:
        since = (known.since if known and known.checks else None) or at
        snoozed = known and known.snoozed
        return host._replace(watch=watch(since, checks, snoozed=snoozed, off_since=off_since))
    if known and known.checks:
        return host._replace(watch=watch(known.since, (), edition, off_since=off_since))
    return host


def _is_to_go(host: Host, notified: int) -> bool:
    over = host.watch is not None and host.watch.is_over and host.watch.ended_in <= notified
    return over and not host.has_history
