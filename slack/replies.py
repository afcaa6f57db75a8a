"""Renders the replies to `check HOST`, `up`, `warnings` and `history`, and what all replies share."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from digest.model import Digest
from hosts.checks import Check
from hosts.incident import UNSEEN, Ending, Incident, Kind, by_start
from hosts.model import Host, Mute, Status
from hosts.mutes import MuteLookup
from hosts.outages import Period, current_outage, current_warning, newest_outages
from hosts.uptime import Uptime
from languages import Locale
from slack.command import suggested
from slack.phrases import (
    Context,
    by_list,
    display_name,
    doubts,
    host_on_page,
    is_doubtful,
    name_lines,
    reason,
    resolve_hint,
    row,
    time_of,
    uptime_line,
    what_failed,
    when,
    without_name,
)
from slack.rows import RowContext, also_muted, muted_by, warning_row
from slack.text import code, cut, inert, length, quoted

MAX_REPLY = 4000  # characters of a text that Slack recommends at most
ROOM_FOR_COUNT = 40  # of them, for the line that counts the lines left out
MAX_OUTAGES_SHOWN = 20  # in one history
MAX_CLOSED_SHOWN = 10  # outages of one host, and as many other incidents
SIGNS = {Status.DOWN: "🔴", Status.WARNING: "🟡", Status.UP: "🟢"}


def usage(problem: str) -> str:
    return f"🤔 {problem}"


def with_reading(reply: str, meant: str, locale: Locale) -> str:
    """Adds how a question was read that was not typed as a command."""
    return f"{reply}\n↳ {locale.language.read_as(suggested(meant))}" if meant else reply


def not_allowed(whom_to_ask: str) -> str:
    return f"🔒 {whom_to_ask}"


def sent_again(locale: Locale) -> str:
    return f"☑️ {locale.language.sent_again}"


def not_saved(locale: Locale) -> str:
    return f"⚠️ {locale.language.not_saved}"


def fit(lines: Iterable[str], locale: Locale, *, hint: str = "") -> str:
    """Joins as many whole lines as fit, and counts the rest. `hint`, after the count, says how to see it."""
    lines, room = list(lines), MAX_REPLY - ROOM_FOR_COUNT - length(hint)
    shown, size = 0, 0
    while shown < len(lines) and size + length(lines[shown]) + 1 <= room:
        size += length(lines[shown]) + 1
        shown += 1
    more = [f"{locale.language.more_lines(len(lines) - shown)}{hint}"] if shown < len(lines) else []
    return "\n".join([*lines[:shown], *more])


def host_report(  # noqa: PLR0913 - all that is known
    host: Host,
    mute: Mute | None,
    context: Context,
    *,
    figures: Sequence[Uptime],
    also: Sequence[Mute] = (),
    key: str = "",
) -> str:
    """Says all that is known about one host. `figures` are its uptime, empty if unknown.

    `also` are the other mutes that may hide it after `mute`. `key` is its name on the web page, if that
    differs from the one shown.
    """
    locale, language = context.locale, context.locale.language
    lines = [status_line(host, context, host_on_page(key or host.name, host.name, locale))]
    lines += [resolve_hint([host], locale)] if is_doubtful(host, context) else []
    lines += [_mute_line(mute, also, host, context)] if mute else []
    lines += [uptime_line(figures, locale)] if figures else []
    lines += [f"🔍 {_check(check, locale)}" for check in host.watch.checks] if host.watch else []
    lines += [f"• {_open_incident(incident, context)}" for incident in host.open]
    if earlier := _latest_closed(host, locale):
        lines += [language.earlier(len(host.closed) - _closed_in_current_outage(host)), *earlier]
    if any(incident.named_by in language.named_by for incident in host.incidents()):
        lines.append(language.not_named_by_google)
    return fit(lines, locale)


def _check(check: Check, locale: Locale) -> str:
    regions = ", ".join(map(inert, check.regions))
    return locale.check_line(check, inert(cut(check.name)), quoted(check.target), regions)


def _closed_in_current_outage(host: Host) -> int:
    """The number of closed incidents that are not earlier ones: the outage they belong to goes on."""
    current = current_outage(host)
    return sum(not incident.is_open for incident in current.incidents) if current else 0


def _latest_closed(host: Host, locale: Locale) -> list[str]:
    """A row for each of the latest outages and of the latest incidents of other kinds, the latest first."""
    outages = [o for o in newest_outages([host], MAX_CLOSED_SHOWN + 1) if o.ended][:MAX_CLOSED_SHOWN]
    others = [i for i in host.closed if i.kind is not Kind.DOWNTIME][-MAX_CLOSED_SHOWN:]
    found = [(outage.as_incident(), outage.ending, len(outage.incidents)) for outage in outages]
    found += [(incident, incident.ending, 1) for incident in others]
    rows = []
    for incident, ending, count in sorted(found, key=lambda each: by_start(each[0]), reverse=True):
        merged = [locale.language.incidents(count)] if count > 1 else []
        rows.append(" · ".join([f"• {_closed_incident(incident, ending, locale)}", *merged]))
    return rows


def status_line(host: Host, context: Context, name: str = "") -> str:
    """The status of a host, for how long, and what makes it doubtful. `name`: if not the code span."""
    now, locale, language = context.now, context.locale, context.locale.language
    name = name or code(host.name)
    if host.is_unwatched:
        return f"⚪ {name} — {locale.status(host)}"
    if not host.is_status_known:
        return f"⚪ {language.has_no_status(name)}"
    if until := host.snoozed_until(now):
        return f"💤 {name} — {language.snoozed(time_of(until, now, locale))}"
    if period := current_outage(host) or current_warning(host):
        say = language.is_down if host.status is Status.DOWN else language.has_warning
        status = say(host=name, duration=locale.duration(period.lasted(now)))
    else:
        up_since = _up_since(host)
        status = language.is_up(name, locale.duration(now - up_since) if up_since else "")
    uncertain = doubts(host, context)
    return f"{SIGNS[host.status]} {status}" + (f" ⚠️ {' · '.join(uncertain)}" if uncertain else "")


def _up_since(host: Host) -> datetime | None:
    """Since when a host is up; None if unknown: a close by an edit of the policy says nothing about it."""
    return host.closed[-1].ended if host.closed and host.closed[-1].ending not in UNSEEN else None


def _mute_line(mute: Mute, also: Sequence[Mute], host: Host, context: Context) -> str:
    pattern = [code(mute.host)] if mute.host != host.name else []
    parts = [muted_by(mute, context, starts=True), *pattern, *reason(mute, context.locale)]
    parts += also_muted(also, context)
    return f"🔕 {' · '.join(parts)}"


def _open_incident(incident: Incident, context: Context) -> str:
    locale = context.locale
    opened = locale.language.open_incident(
        locale.language.kinds[incident.kind],
        what_failed(incident.host, [incident], locale),
        when(incident.started, locale),
        locale.duration(context.now - incident.started),
    )
    return ", ".join([opened, *by_list([incident], locale)])


def _closed_incident(incident: Incident, ending: Ending, locale: Locale) -> str:
    language = locale.language
    kind, policy = language.kinds[incident.kind], inert(cut(without_name(incident.policy, incident.host)))
    lasted = locale.duration((incident.ended or incident.started) - incident.started)
    started = when(incident.started, locale)
    if incident.resolved_by:
        how = language.resolved_by(display_name(incident.resolved_by, locale))
    else:
        how = ", ".join([language.endings[ending], *by_list([incident], locale)])
    return language.past_incident(kind, lasted, started, policy, how)


def hosts_by_status(digest: Digest, status: Status, context: Context) -> str:
    """Only the hosts that are up, or those with a warning."""
    locale, language = context.locale, context.locale.language
    if status is Status.UP:
        title, rows = language.up(len(digest.up)), [line for line, _ in name_lines(digest.up)]
        none = language.none_up
    else:
        shown = RowContext(digest.at, locale, context.doubt_after)
        rows = [warning_row(entry, shown) for entry in digest.warnings]
        title, none = language.warnings(len(rows)), f"{SIGNS[Status.UP]} {language.no_warning}"
    return fit([f"*{SIGNS[status]} {title}*", *rows], locale) if rows else f"*{none}*"


def history(outages: Sequence[Period], find_mute: MuteLookup, context: Context) -> str:
    """A row for each outage in the given order. Those of hosts that are muted now are marked."""
    language = context.locale.language
    if not outages:
        return language.no_outage
    rows, seen = [language.history_title], set[str]()
    for outage in outages:
        name = outage.host.name
        marks = [] if name in seen else doubts(outage.host, context)
        marks += [f"🔕 {language.muted_mark}"] if find_mute(name) else []
        rows.append(_row(outage, marks, context))
        seen.add(name)
    return fit(rows, context.locale)


def _row(outage: Period, marks: Sequence[str], context: Context) -> str:
    name, incident = outage.host.name, outage.as_incident()
    if incident.is_open:
        return row("🔴", name, _open_incident(incident, context), *marks)
    return row("•", name, _closed_incident(incident, outage.ending, context.locale), *marks)
