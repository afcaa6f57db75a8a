"""The notification log: what each channel has been sent, and whether there is news since."""

from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256

from digest.model import Digest
from hosts.incident import Kind
from hosts.model import NOTHING, AlertRecord, Change, ChannelRecord, Host, Patch, State
from hosts.retention import without_reported

LASTING = timedelta(hours=1)  # after which it is news that Google's lists are unavailable: most failures pass


def begin_edition(state: State) -> Patch:
    """Close the current edition, which is about to be posted: later changes belong to the next one."""
    return Patch(edition=state.edition + 1)


def sync_channels(names: Collection[str], *, alerting: bool) -> Change:
    """Add records for new channels, which get no news about the past; drop those of removed ones."""

    def change(state: State) -> Patch:
        # Without hosts there is no past: what comes in the current edition is news to everyone.
        edition = state.edition if state.hosts else state.edition - 1
        fresh = AlertRecord(edition) if alerting else None
        records = {name: state.channels.get(name, ChannelRecord(edition)) for name in names}
        records = {n: r._replace(alerts=fresh and (r.alerts or fresh)) for n, r in records.items()}
        if records == state.channels:
            return NOTHING
        return Patch(edition=edition + 1, channels=records)

    return change


def rename_channel(old: str, new: str) -> Change:
    def change(state: State) -> Patch:
        def renamed(name: str) -> str:
            return new if name == old else name

        channels = {renamed(name): record for name, record in state.channels.items()}
        waiting = (state.unreported or {}).items()
        unreported = {notice: tuple(map(renamed, names)) for notice, names in waiting}
        return Patch(channels=channels, unreported=unreported or None)

    return change


def record_digest(
    channel: str, slot: datetime, edition: int, content: str = "", notices: Collection[str] = ()
) -> Change:
    """Record that the digest of `slot` was posted, which covered every edition up to `edition`.

    It reported these `notices` about the file.
    """

    def change(state: State) -> Patch:
        record = state.record(channel)
        latest = max(edition, record.notified_edition)
        posted = record._replace(slot=slot, posted=slot, notified_edition=latest, fingerprint=content)
        unreported, mutes = _unreported_after(state, channel, notices), without_reported(state, edition)
        return _with(state, channel, posted)._replace(unreported=unreported, mutes=mutes)

    return change


def record_of_everything(state: State, channel: str, slot: datetime, content: str) -> ChannelRecord:
    """The record of a digest that reported everything in `state`, for when it cannot be saved."""
    record = state.record(channel)
    return record._replace(slot=slot, posted=slot, notified_edition=state.edition, fingerprint=content)


def _unreported_after(
    state: State, channel: str, notices: Collection[str]
) -> dict[str, tuple[str, ...]] | None:
    """None if nothing changes."""
    if not notices:
        return None
    unreported = dict(state.unreported or {})
    for notice in sorted(notices):
        waiting = unreported.get(notice, state.channels)
        unreported[notice] = tuple(sorted(name for name in waiting if name != channel))
    return unreported


def record_skipped(channel: str, slot: datetime, notices: Collection[str] = ()) -> Change:
    """Record that `slot` needs no digest. An earlier one, not recorded, reported these `notices`."""

    def change(state: State) -> Patch:
        record = state.record(channel)._replace(slot=slot)
        return _with(state, channel, record)._replace(unreported=_unreported_after(state, channel, notices))

    return change


def record_alerts(channel: str, alerts: AlertRecord) -> Change:
    return lambda state: _with(state, channel, state.record(channel)._replace(alerts=alerts))


def _with(state: State, channel: str, record: ChannelRecord) -> Patch:
    return Patch(channels={**state.channels, channel: record})


def fingerprint(digest: Digest) -> str:
    """The same for two digests that differ only in the time, and in what is said once and not again.

    So the order of hosts down does not count: those that were new move to another place in the next digest.
    """
    facts: tuple[object, ...] = (
        sorted((down.host.name, _outage_ids(down.host), down.doubtful) for down in digest.down),
        [(warned.host.name, sorted(i.id for i in warned.host.open)) for warned in digest.warnings],
        digest.up,
        [(muted.mute.host, muted.status, muted.host_count, muted.down_count) for muted in digest.muted],
        digest.has_received,
        [problem.kind for problem in digest.faults if not problem.is_said_once],
    )
    # Left out if empty, so that digests of earlier versions keep their fingerprints.
    facts = (*facts, *filter(None, (digest.disabled, digest.snoozed, _lasting_remarks(digest))))
    return sha256(repr(facts).encode()).hexdigest()[:16]


def _outage_ids(host: Host) -> list[str]:
    """Those of the incidents that keep it down: a digest says nothing of its others meanwhile."""
    return sorted(incident.id for incident in host.open if incident.kind is Kind.DOWNTIME)


def _lasting_remarks(digest: Digest) -> list[tuple[str, str]]:
    """What the footer says, but not that a list has just become unavailable, nor since when it is."""
    lasting = (p for p in digest.remarks if p.at is None or digest.at - p.at >= LASTING)
    return [(problem.kind, f"{problem.count:,}" if problem.count else "") for problem in lasting]


def has_no_news(digest: Digest, record: ChannelRecord, slot: datetime, at_least: timedelta) -> bool:
    """Whether the digest of `slot` equals the last one, and that is younger than `at_least`.

    If the last one is dated in the future, by a clock that was ahead, its age is unknown.
    """
    if record.posted is None or not timedelta() <= slot - record.posted < at_least:
        return False
    said_once = [problem for problem in digest.faults if problem.is_said_once]
    news = said_once or digest.recovered or digest.mutes_ended or digest.weekly or digest.gone
    return not news and fingerprint(digest) == record.fingerprint
