"""Patches: what a change changes, and how it is applied to a state."""

from collections.abc import Callable, Mapping, MutableMapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from hosts.model import AuditEntry, ChannelRecord, Host, Mute, State

V = TypeVar("V")


class Patch(NamedTuple):
    """The difference that a change makes. A value of None removes; a patch that changes nothing is false."""

    hosts: Mapping[str, Host | None] = MappingProxyType({})
    host_by_incident: Mapping[str, str | None] = MappingProxyType({})
    mutes: Mapping[str, Mute] | None = None
    edition: int | None = None
    channels: Mapping[str, ChannelRecord] | None = None
    log: tuple[AuditEntry, ...] | None = None
    forgotten: Mapping[str, datetime] | None = None
    reported: Mapping[str, tuple[str, ...]] | None = None
    last_delivery: datetime | None = None

    def __bool__(self) -> bool:
        _hosts, _host_by_incident, *others = self
        return bool(self.hosts) or any(value is not None for value in others)


NOTHING = Patch()
Change = Callable[[State], Patch]


def apply(state: State, patch: Patch) -> None:
    _merge(state.hosts, patch.hosts)
    _merge(state.host_by_incident, patch.host_by_incident)
    for name, value in zip(patch._fields[2:], patch[2:], strict=True):
        if value is not None:
            setattr(state, name, value)


def _merge(into: MutableMapping[str, V], patch: Mapping[str, V | None]) -> None:
    for name, value in patch.items():
        if value is None:
            into.pop(name, None)
        else:
            into[name] = value
