"""What may happen to the records of how far each channel has been told."""

from collections.abc import Collection
from datetime import datetime

from hosts.model import AlertRecord, ChannelRecord, State
from hosts.patch import NOTHING, Change, Patch


def begin_edition(state: State) -> Patch:
    """Close the edition that is about to be told; what comes now belongs to the next one."""
    return Patch(edition=state.edition + 1)


def keep_channels(names: Collection[str], *, alerting: bool) -> Change:
    """Let go of channels that are no more. To a new one, nothing of the past is news."""

    def change(state: State) -> Patch:
        covers = state.edition if state.hosts else state.edition - 1
        fresh = AlertRecord(covers) if alerting else None
        kept = {name: state.channels.get(name, ChannelRecord(covers)) for name in names}
        kept = {n: r._replace(alerts=fresh and (r.alerts or fresh)) for n, r in kept.items()}
        if kept == state.channels:
            return NOTHING
        return Patch(edition=covers + 1, channels=kept)

    return change


def record_digest(channel: str, slot: datetime, covers: int, told: str = "") -> Change:
    """Remember that the digest of `slot` was taken, which told every edition up to `covers`."""

    def change(state: State) -> Patch:
        record = state.record(channel)
        covered = max(covers, record.notified_edition)
        return _with(
            state,
            channel,
            record._replace(slot=slot, posted=slot, notified_edition=covered, fingerprint=told),
        )

    return change


def pass_over(channel: str, slot: datetime) -> Change:
    """Remember that there was nothing new to tell at `slot`."""

    def change(state: State) -> Patch:
        return _with(state, channel, state.record(channel)._replace(slot=slot))

    return change


def record_alerts(channel: str, alerts: AlertRecord) -> Change:
    def change(state: State) -> Patch:
        return _with(state, channel, state.record(channel)._replace(alerts=alerts))

    return change


def _with(state: State, channel: str, record: ChannelRecord) -> Patch:
    return Patch(channels={**state.channels, channel: record})
