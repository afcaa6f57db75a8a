"""The row of a host or a mute in digests and alerts: one function for each kind.

`doubts` of phrases.py decides what else is said about a host.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from digest.model import Down, Muted, MuteEnded, Recovery, Snoozed, Warned
from hosts.incident import Ending, Kind
from hosts.model import Host, Mute
from hosts.outages import current_outage, current_warning
from hosts.patterns import is_pattern
from languages import Locale
from slack.phrases import (
    Context,
    absent,
    by_list,
    count_down,
    display_name,
    doubts,
    flaps,
    name_lines,
    row,
    time_of,
    trouble_now,
    what_failed,
    why_unknown,
)
from slack.text import code, cut, inert_but_addresses, quoted

MOST_LINKED_ROWS = 10  # links for more would take up the space of other hosts


class RowContext(NamedTuple):
    """What all rows of one message have in common."""

    now: datetime
    locale: Locale
    doubt_after: timedelta
    linked: bool = True  # whether what failed links to Google's page


def down_rows(entries: Iterable[Down], context: RowContext) -> Iterator[tuple[str, int]]:
    """A row for each host down. If its close may be lost, the title of its group says so."""
    for entry in entries:
        marks = [*flaps(entry.host, context), *absent(entry.host, context.locale)]
        yield _down(entry, context.locale.language.down_for, marks, context), 1


def alert_row(entry: Down, say: Callable[[str], str], context: RowContext) -> str:
    """A host that went or is still down; `say` says for how long."""
    return _down(entry, say, doubts(entry.host, context), context)


def _down(entry: Down, say: Callable[[str], str], marks: Sequence[str], context: RowContext) -> str:
    host, locale = entry.host, context.locale
    failed = [incident for incident in host.open if incident.kind is Kind.DOWNTIME]
    lasted = say(locale.duration(context.now - entry.since))
    parts = [lasted, what_failed(host.name, failed, locale, linked=context.linked), *marks]
    parts += by_list(failed, locale)
    return f"🔴 {_named(host, locale)} — {' · '.join(filter(None, parts))}"


def compact_down_rows(entries: Iterable[Down], context: RowContext) -> Iterator[tuple[str, int]]:
    """Rows for very many hosts down, each with their number: one for those down for about as long."""
    locale = context.locale

    def words(entry: Down) -> str:
        lasted = locale.rough_duration(context.now - entry.since)
        return " · ".join([lasted, *flaps(entry.host, context)])

    for said, alike in groupby(entries, words):
        for names, count in name_lines(entry.host.name for entry in alike):
            yield f"🔴 {names} — {said}", count


def warning_row(entry: Warned, context: RowContext) -> str:
    host, locale = entry.host, context.locale
    lasted = locale.language.warning_for(locale.duration(context.now - entry.since))
    failed = what_failed(host.name, host.open, locale, linked=context.linked)
    parts = [lasted, failed, *([f"*{locale.language.new}*"] if entry.new else []), *doubts(host, context)]
    parts += by_list(host.open, locale)
    return f"🟡 {_named(host, locale)} — {' · '.join(filter(None, parts))}"


def recovery_row(entry: Recovery, context: RowContext) -> str:
    locale, outages = context.locale, len(entry.outages)
    at = time_of(entry.at, context.now, locale, locale.language.at_time)
    lasted = locale.duration(entry.lasted)
    if entry.last.resolved_by:
        end = locale.language.resolution(at, lasted, outages, display_name(entry.last.resolved_by, locale))
    else:
        end = locale.language.recovery(at, lasted, outages, entry.last.ending)
        end += f", {locale.language.by_list}" if entry.last.is_listed else ""
    sign = "🟢" if entry.last.ending is Ending.RECOVERED else "⚪"
    return row(sign, entry.host.name, end, *doubts(entry.host, context))


def snoozed_row(entry: Snoozed, context: RowContext) -> str:
    until = context.locale.language.snoozed(time_of(entry.until, context.now, context.locale))
    return row("💤", entry.name, until)


def mute_row(entry: Muted, context: RowContext) -> str:
    mute, locale = entry.mute, context.locale
    if entry.host:
        state = trouble_now(entry.host, context)
    elif entry.names_no_host:
        state = [locale.language.no_such_host]
    else:
        counts = entry.host_count, entry.down_count, entry.warning_count
        state = [locale.language.hosts_and_down(*counts)]
    said = muted_by(mute, context, starts=not (mute.until or mute.until_up))
    said += f" ({', '.join(state)})" if state else ""
    parts = [said, inert_but_addresses(cut(mute.reason)), *also_muted(entry.also, context)]
    return row("🔕", mute.host, *parts)


def muted_by(mute: Mute, context: Context, *, starts: bool) -> str:
    """Who muted it, until when if it ends, and since when if `starts`."""
    now, locale, language = context.now, context.locale, context.locale.language
    spans = [language.since(time_of(mute.at, now, locale))] if starts else []
    if mute.until:
        spans.append(language.until(time_of(mute.until, now, locale)))
    elif mute.until_up:
        spans.append(locale.until_up(mute))
    return language.muted_by(display_name(mute.by, locale), *spans)


def also_muted(mutes: Iterable[Mute], context: Context) -> list[str]:
    """Says which mutes may still hide a host after the one that is shown, and until when."""
    locale = context.locale
    return [
        locale.language.also_muted(
            name=code(mute.host),
            who=display_name(mute.by, locale),
            until=locale.mute_end(mute, lambda at: time_of(at, context.now, locale)),
        )
        for mute in mutes
    ]


def mute_ended_row(entry: MuteEnded, context: RowContext) -> str:
    locale = context.locale
    if not entry.hosts:
        status = locale.language.no_such_host
    elif len(entry.hosts) > 1 or is_pattern(entry.name):
        status = count_down(entry.hosts, locale)
    else:
        status = _status_since(entry.hosts[0], context)
    return row("🔔", entry.name, locale.language.no_longer_muted(status))


def _status_since(host: Host, context: RowContext) -> str:
    if why := why_unknown(host, context):
        return why
    locale = context.locale
    status, since = locale.status(host), _since(host)
    if since:
        status = locale.language.status_since(status=status, since=time_of(since, context.now, locale))
    return ", ".join([status, *doubts(host, context)])


def _since(host: Host) -> datetime | None:
    if period := current_outage(host) or current_warning(host):
        return period.began
    return host.closed[-1].ended if host.closed else None


def _named(host: Host, locale: Locale) -> str:
    named_by = locale.language.named_by.get(min(incident.named_by for incident in host.open))
    return quoted(host.name) + (f" ({named_by})" if named_by else "")
