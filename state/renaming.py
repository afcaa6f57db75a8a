"""A host gets another name, and takes along all that is remembered of it: history, mutes, what was told.

That happens to states of earlier versions, which kept names as they had come.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from hosts.closed_incidents import ClosedIncidents
from hosts.identity import is_labelled, name_of
from hosts.incident import Incident, NamedBy
from hosts.model import Alerted, AlertRecord, ChannelRecord, Host, State
from hosts.names import canonical
from hosts.patch import Change, Patch, apply
from hosts.rows import BY_END
from state.encoding import encode_host
from state.lines import Lines
from state.transaction import PendingState

V = TypeVar("V")


def respell(state: State, lines: Lines) -> None:
    """Give everything in a state that was just read its one spelling; two spellings of a host become one."""
    names = {name: spelled for name in _names(state) if (spelled := _respelled(name)) != name}
    if not names:
        return
    patch = renamed(state, names)
    apply(state, patch)
    for name, host in patch.hosts.items():
        lines.put(name, None if host is None else encode_host(host))


def adopting_former_name(key: str, change: Change) -> Change:
    """A change that concerns the thing with that key, which first takes over what it was called before.

    Earlier versions knew things by their mere names: where several had one, whichever is heard of first
    has their history. What was named by Google's label for hosts was, and stays, a host.
    """

    def both(state: State) -> Patch:
        former = _former(key, state)
        if former is None:
            return change(state)
        first, pending = renamed(state, {former: key}), PendingState(state)
        apply(pending, first)
        return _both(first, change(pending))

    return both


def renamed(state: State, names: Mapping[str, str]) -> Patch:
    """`names` are the new ones by the old. Where the new one is known already, the two become one."""
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
        mutes=_moved(state.mutes, names, lambda mute, new: mute._replace(host=new)),
        channels={name: _record(record, names) for name, record in state.channels.items()},
    )


def _names(state: State) -> Iterator[str]:
    yield from state.hosts
    yield from state.mutes
    for record in state.channels.values():
        yield from record.alerts.sent if record.alerts else ()


def _respelled(name: str) -> str:
    return name if is_labelled(name) else canonical(name) or name


def _former(key: str, state: State) -> str | None:
    """What an earlier version called it, if that is known; it kept no capitals."""
    name = name_of(key).lower()
    if not is_labelled(key) or key in state.hosts or name not in state.hosts:
        return None
    is_a_host = any(incident.named_by is NamedBy.HOST for incident in state.hosts[name].incidents())
    return None if is_a_host else name


def _joined(known: Host, other: Host) -> Host:
    """What is remembered of both, under the first one's name."""
    opened = sorted((*known.open, *_called(known.name, other.open)), key=lambda i: (i.started, i.id))
    closed = sorted((*known.closed, *_called(known.name, other.closed)), key=BY_END)
    since = [moment for moment in (known.known_since, other.known_since) if moment]
    edition = max(known.edition, other.edition)
    return Host(known.name, tuple(opened), ClosedIncidents(closed), max(since, default=None), edition)


def _called(name: str, incidents: Iterable[Incident]) -> Iterator[Incident]:
    return (incident._replace(host=name) for incident in incidents)


def _moved(
    of: Mapping[str, V], names: Mapping[str, str], escalated: Callable[[V, str], V]
) -> Mapping[str, V]:
    """By the new names. What the new name has already goes before what the old one had."""
    moved = {names[name]: escalated(value, names[name]) for name, value in of.items() if name in names}
    return moved | {name: value for name, value in of.items() if name not in names}


def _record(record: ChannelRecord, names: Mapping[str, str]) -> ChannelRecord:
    if record.alerts is None:
        return record
    sent: dict[str, Alerted] = {}
    for name, alerted in record.alerts.sent.items():
        sent[names.get(name, name)] = _earlier(sent.get(names.get(name, name)), alerted)
    return record._replace(alerts=AlertRecord(record.alerts.notified_edition, sent))


def _earlier(one: Alerted | None, other: Alerted) -> Alerted:
    return (
        other
        if one is None
        else Alerted(min(one.since, other.since), escalated=one.escalated or other.escalated)
    )


def _both(first: Patch, then: Patch) -> Patch:
    """Two patches, the second made of what the first leaves, as one."""
    values = {name: value for name, value in then._asdict().items() if value is not None}
    return first._replace(
        **values
        | {
            "hosts": {**first.hosts, **then.hosts},
            "host_by_incident": {**first.host_by_incident, **then.host_by_incident},
        }
    )
