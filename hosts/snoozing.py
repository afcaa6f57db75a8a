"""What Google does not report while policies are snoozed, and which closes are no recoveries."""

from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from hosts.checks import Check
from hosts.closed_incidents import ClosedIncidents
from hosts.incident import Incident, Kind
from hosts.model import Change, Patch, State
from hosts.policies import Policy, PolicyIndex, Snooze


class NamedSnooze(NamedTuple):
    """A snooze with the names of its policies, as incidents have names and not ids."""

    snooze: Snooze
    policies: frozenset[str]
    others: frozenset[str] = frozenset()  # hosts covered only by other policies with these names

    def explains(self, incident: Incident) -> bool:
        """Whether the incident closed because of this snooze, as far as anybody can tell."""
        if incident.kind is Kind.DOWNTIME and incident.host in self.others:
            return False
        return (
            incident.ended is not None
            and self.snooze.is_active(incident.ended)
            and incident.policy in self.policies
            and self.snooze.is_about(incident.host)
        )


def with_names(
    snoozes: Collection[Snooze],
    policies: Collection[Policy],
    checks: Mapping[str, Sequence[Check]],
    project: str,
) -> Generator[None, None, list[NamedSnooze]]:
    """The snoozes of policies that still exist. `checks` are by host, as `project` lists them.

    Yields where it may pause.
    """
    found = list[NamedSnooze]()
    for snooze in snoozes:
        own = [policy for policy in policies if policy.id in snooze.policies]
        names = frozenset(policy.name for policy in own)
        is_shared = any(policy.name in names and policy.id not in snooze.policies for policy in policies)
        others = (yield from _not_covered(own, checks, project)) if is_shared else frozenset[str]()
        if names:
            found.append(NamedSnooze(snooze, names, others))
        yield
    return found


def _not_covered(
    policies: Collection[Policy], checks: Mapping[str, Sequence[Check]], project: str
) -> Generator[None, None, frozenset[str]]:
    covering = PolicyIndex(project)
    for policy in policies:
        covering.add(policy)
    found = list[str]()
    for host, some in checks.items():
        yield
        if some and not any(map(covering, some)):
            found.append(host)
    return frozenset(found)


def snoozed_hosts(
    checks: Mapping[str, Sequence[Check]],
    policies: Collection[Policy],
    snoozes: Collection[Snooze],
    now: datetime,
    project: str,
) -> Generator[None, None, dict[str, datetime]]:
    """The hosts that Google would not report as down, and until when. Yields where it may pause.

    Those are the hosts whose checks are covered only by snoozed policies. `checks` are by host.
    """
    active = [snooze for snooze in snoozes if snooze.is_active(now)]
    if not active:
        return {}
    covering = PolicyIndex(project)
    for policy in policies:
        yield
        if policy.can_fire:
            covering.add(policy)
    found = dict[str, datetime]()
    for host, some in checks.items():
        yield
        about = {policy.id for check in some if not check.disabled for policy in covering(check)}
        ends = [_end(policy, host, active) for policy in about]
        if ends and all(ends):
            found[host] = min(filter(None, ends))
    return found


def _end(policy: str, host: str, active: Collection[Snooze]) -> datetime | None:
    return max((s.ends for s in active if policy in s.policies and s.is_about(host)), default=None)


def to_snooze(found: Mapping[str, datetime], state: State) -> list[str]:
    """The hosts for which `snooze_hosts` would change something."""
    return [n for n, host in state.hosts.items() if host.watch and host.watch.snoozed != found.get(n)]


def snooze_hosts(names: Collection[str], found: Mapping[str, datetime]) -> Change:
    """Record until when hosts are snoozed; those that are not in `found` no longer are."""

    def change(state: State) -> Patch:
        hosts = [host for name in names if (host := state.hosts.get(name))]
        watches = [(h, h.watch) for h in hosts if h.watch and h.watch.snoozed != found.get(h.name)]
        return Patch({h.name: h._replace(watch=w._replace(snoozed=found.get(h.name))) for h, w in watches})

    return change


def closed_by(snoozes: Collection[NamedSnooze], state: State) -> Iterator[str]:
    """The hosts that may have incidents closed by one of these snoozes."""
    since = min((one.snooze.starts.timestamp() for one in snoozes), default=None)
    if since is not None:
        yield from (name for name, host in state.hosts.items() if host.closed.last >= int(since))


def mark_closed(names: Collection[str], snoozes: Collection[NamedSnooze]) -> Change:
    """Record which closes a snooze explains. Google does not say why an incident closes."""

    def change(state: State) -> Patch:
        hosts = [host for name in names if (host := state.hosts.get(name))]
        marked = ((host, _marked(host.closed, snoozes)) for host in hosts)
        return Patch({h.name: h._replace(closed=closed) for h, closed in marked if closed is not h.closed})

    return change


def _marked(closed: ClosedIncidents, snoozes: Collection[NamedSnooze]) -> ClosedIncidents:
    found = {i for i in closed if not i.snoozed and any(snooze.explains(i) for snooze in snoozes)}
    marked = (i._replace(snoozed=True) if i in found else i for i in closed)
    return ClosedIncidents.of(marked) if found else closed
