"""Renaming and merging hosts together with their history, mutes, alerts and audit entries.

Earlier versions kept names as they came, and knew things in Google Cloud by their name alone.
"""

from collections.abc import Iterator, Mapping

from hosts.closed_incidents import ClosedIncidents
from hosts.identity import is_labelled, name_of
from hosts.incident import by_end, by_start, names_a_host
from hosts.model import (
    Alerted,
    AlertRecord,
    AuditEntry,
    Change,
    ChannelRecord,
    Host,
    Mute,
    Patch,
    State,
    apply,
)
from hosts.names import canonical
from hosts.patterns import literal
from state.encoding import encode_host
from state.lines import Lines
from state.transaction import overlaid


def respell(state: State, lines: Lines) -> None:
    """Give every name in a decoded state its canonical spelling, and join hosts that become one."""
    names = {name: spelled for name in _names(state) if (spelled := _spelled(name, state)) != name}
    patch = renamed(state, names)
    apply(state, patch)
    for name, host in patch.hosts.items():
        lines.put(name, None if host is None else encode_host(host))


def adopting_former_name(key: str, change: Change) -> Change:
    """First rename the host that an earlier version knew by the mere name of `key`.

    If several things share the name, the first one reported inherits the history. What was named as a
    host remains one.
    """

    def both(state: State) -> Patch:
        former = _former(key, state)
        if former is None:
            return change(state)
        first, pending = renamed(state, {former: key}), overlaid(state)
        apply(pending, first)
        return _combined(first, change(pending))

    return both


def renamed(state: State, names: Mapping[str, str]) -> Patch:
    """Rename hosts. `names` are the new names by the old; if a new one is known already, both are joined."""
    hosts: dict[str, Host | None] = {}
    host_by_incident: dict[str, str | None] = {}
    for old, new in sorted(names.items()):
        if host := state.hosts.get(old):
            known = hosts.get(new) or state.hosts.get(new) or Host(new)
            hosts[new], hosts[old] = _joined(known, host), None
            host_by_incident |= {incident.id: new for incident in host.incidents()}
    return Patch(
        hosts,
        host_by_incident,
        mutes=_mutes(state.mutes, names),
        channels={name: _record(record, names) for name, record in state.channels.items()},
        log=tuple(_entry(entry, names) for entry in state.log),
    )


def _spelled(name: str, state: State) -> str:
    """The canonical spelling of a host or a pattern. Stars in the name of a host are no wildcards."""
    if is_labelled(name):
        return literal(name)
    spelled = canonical(name) or name
    return literal(spelled) if name in state.hosts else spelled


def _names(state: State) -> Iterator[str]:
    yield from state.hosts
    yield from state.mutes
    for record in state.channels.values():
        yield from record.alerts.sent if record.alerts else ()
    yield from (entry.target for entry in state.log)


def _former(key: str, state: State) -> str | None:
    """The lower-case name under which an earlier version knew it, if the state has that host."""
    name = name_of(key).lower()
    if not is_labelled(key) or key in state.hosts or name not in state.hosts:
        return None
    is_a_host = any(names_a_host(name, incident.named_by) for incident in state.hosts[name].incidents())
    return None if is_a_host else name


def _joined(known: Host, other: Host) -> Host:
    """Join two hosts under the name of the first."""
    opened = sorted([*known.open, *(i._replace(host=known.name) for i in other.open)], key=by_start)
    closed = sorted([*known.closed, *(i._replace(host=known.name) for i in other.closed)], key=by_end)
    dropped = [moment for moment in (known.dropped_until, other.dropped_until) if moment]
    edition = max(known.edition, other.edition)
    watch = known.watch or other.watch
    if watch:
        watch = watch._replace(checks=tuple(check._replace(host=known.name) for check in watch.checks))
    history = ClosedIncidents.of(closed)
    return Host(known.name, tuple(opened), history, max(dropped, default=None), edition, watch)


def _mutes(mutes: Mapping[str, Mute], names: Mapping[str, str]) -> Mapping[str, Mute]:
    """Move mutes to the new names. One that a new name has already wins."""
    moved = {names[old]: mute._replace(host=names[old]) for old, mute in mutes.items() if old in names}
    return moved | {name: mute for name, mute in mutes.items() if name not in names}


def _entry(entry: AuditEntry, names: Mapping[str, str]) -> AuditEntry:
    """With the mute that it replaced, which had the same name."""
    target = names.get(entry.target, entry.target)
    return entry._replace(target=target, replaced=entry.replaced and entry.replaced._replace(host=target))


def _record(record: ChannelRecord, names: Mapping[str, str]) -> ChannelRecord:
    if record.alerts is None:
        return record
    sent: dict[str, Alerted] = {}
    for name, alerted in record.alerts.sent.items():
        new = names.get(name, name)
        other = sent.get(new, alerted)
        sent[new] = Alerted(
            min(alerted.since, other.since),
            escalated=alerted.escalated or other.escalated,
            edition=max(alerted.edition, other.edition),
            ends_after=min(alerted.ends_after, other.ends_after),
        )
    return record._replace(alerts=AlertRecord(record.alerts.notified_edition, sent))


def _combined(first: Patch, then: Patch) -> Patch:
    """Combine two patches, the second of which was made from the result of the first."""
    owners = {**first.host_by_incident, **then.host_by_incident}
    values = {name: value for name, value in then._asdict().items() if value is not None}
    return first._replace(**values | {"hosts": {**first.hosts, **then.hosts}, "host_by_incident": owners})
