"""What is answered to `help`: every command in a line, or one of them with examples."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from hosts.incident import Incident, Kind
from hosts.model import Host, Mute, Status
from hosts.mutes import MuteLookup
from hosts.outages import Period, current_outage, current_warning, newest
from hosts.uptime import Uptime
from languages import Locale
from languages.language import Guide
from slack.phrases import cut, doubts, lasting, person, settle, uptime, what_failed, when
from slack.text import code, inert, length


def help_text(about: str | None, locale: Locale) -> str:
    """About one command, by the word of the code, or about all of them."""
    return _one_command(about, locale) if about else _all_commands(locale)


def _all_commands(locale: Locale) -> str:
    language = locale.language
    rows = [row for guide in language.commands for row in _rows(guide)]
    first_words = [guide.words[0] for guide in language.commands if guide.words]
    some = [guide.examples[0] for guide in (language.commands[0], language.commands[-1])]
    examples = language.for_example(_spans(some))
    return "\n".join([language.help_title, *rows, examples, *_also(first_words, locale)])


def _one_command(command: str, locale: Locale) -> str:
    (guide,) = (guide for guide in locale.language.commands if guide.command == command)
    note = [guide.note] if guide.note else []
    examples = locale.language.for_example(_spans(guide.examples))
    return "\n".join([*_rows(guide), *note, examples, *_also(guide.words, locale)])


def _rows(guide: Guide) -> list[str]:
    return [f"• `{usage}` — {meaning}" for usage, meaning in guide.forms]


def _also(words: Sequence[str], locale: Locale) -> list[str]:
    return [locale.language.other_words(_spans(words))] if words else []


def _spans(texts: Sequence[str]) -> str:
    return ", ".join(f"`{text}`" for text in texts)


LIMIT = 4000  # Slack recommends at most so many characters in a text
SHOWN = 10  # past outages of one host, and as many other incidents
SIGNS = {Status.DOWN: "🔴", Status.WARNING: "🟡", Status.UP: "🟢"}


def usage(problem: str) -> str:
    return f"🤔 {problem}"


def not_allowed(whom_to_ask: str) -> str:
    return f"🔒 {whom_to_ask}"


def host_report(  # noqa: PLR0913 - what is known about a host, and how it is told
    host: Host,
    mute: Mute | None,
    now: datetime,
    locale: Locale,
    *,
    known: Sequence[Uptime],
    doubt_after: timedelta,
) -> str:
    """All that is known about one host."""
    language = locale.language
    lines = [standing(host, now, locale, doubt_after)]
    outage = current_outage(host)
    lines += [settle(host, locale)] if outage and outage.is_doubtful(now - doubt_after) else []
    lines += [_hidden_line(mute, host, locale)] if mute else []
    lines += [uptime(known, locale)] if known else []
    lines += [f"• {open_line(incident, now, locale)}" for incident in host.open]
    if host.closed:
        lines.append(language.earlier(len(host.closed)))
        lines += [f"• {past_line(incident, locale)}" for incident in _before(host, now)]
    if any(incident.named_by in language.named_by for incident in host.incidents()):
        lines.append(language.not_named_by_google)
    return fit(lines, locale)


def _before(host: Host, now: datetime) -> list[Incident]:
    """The last outages, and the last incidents of other kinds among them; the latest first."""
    outages = (outage.as_incident() for outage in newest([host], SHOWN + 1))
    over = [outage for outage in outages if not outage.is_open][:SHOWN]
    others = [incident for incident in host.closed if incident.kind is not Kind.DOWNTIME][-SHOWN:]
    return sorted([*over, *others], key=lambda incident: incident.ended or now, reverse=True)


def sent_again(locale: Locale) -> str:
    return f"☑️ {locale.language.sent_again}"


def not_saved(locale: Locale) -> str:
    return f"⚠️ {locale.language.not_saved}"


def fit(lines: Iterable[str], locale: Locale) -> str:
    """As many whole lines as fit, and how many did not."""
    lines = list(lines)
    kept, size = 0, 0
    while kept < len(lines) and size + length(lines[kept]) + 1 <= LIMIT - 40:
        size += length(lines[kept]) + 1
        kept += 1
    cut = [locale.language.more_lines(len(lines) - kept)] if kept < len(lines) else []
    return "\n".join([*lines[:kept], *cut])


def removed_by(mute: Mute, locale: Locale) -> str:
    """A name to read, never a mention that would call the person each time."""
    who = inert(mute.by_name or mute.by or locale.language.somebody)
    return locale.language.muted_by(who, when(mute.at, locale))


def _hidden_line(mute: Mute, host: Host, locale: Locale) -> str:
    parts = [locale.language.is_muted(removed_by(mute, locale)), lasting(mute, locale)]
    parts += [code(mute.host)] if mute.host != host.name else []
    parts += [locale.language.reason(inert(mute.reason))] if mute.reason else []
    return f"🔕 {' · '.join(parts)}"


def standing(host: Host, now: datetime, locale: Locale, doubt_after: timedelta) -> str:
    """How a host stands, and how far that is certain."""
    language = locale.language
    name, down = code(host.name), host.status is Status.DOWN
    if not host.was_heard_of:
        return f"⚪ {language.never_heard_of(name)}"
    ended = _up_since(host)
    said = language.is_up(name, locale.duration(now - ended) if ended else "")
    if period := current_outage(host) or current_warning(host):
        lasting = locale.duration(period.lasted(now))
        said = language.is_down(name, lasting) if down else language.has_warning(name, lasting)
    uncertain = doubts(host, now, doubt_after, locale)
    return f"{SIGNS[host.status]} {said}" + (f" ⚠️ {' · '.join(uncertain)}" if uncertain else "")


def _up_since(host: Host) -> datetime | None:
    """When its last incident ended; an edit of its policy says nothing about the host."""
    return host.closed[-1].ended if host.closed and not host.closed[-1].cancelled else None


def open_line(incident: Incident, now: datetime, locale: Locale) -> str:
    return locale.language.open_incident(
        locale.language.kinds[incident.kind],
        what_failed([incident], locale),
        when(incident.started, locale),
        locale.duration(now - incident.started),
    )


def past_line(incident: Incident, locale: Locale) -> str:
    language = locale.language
    kind, policy = language.kinds[incident.kind], inert(cut(incident.policy))
    lasted = locale.duration((incident.ended or incident.started) - incident.started)
    begun = when(incident.started, locale)
    if incident.resolved_by:
        return language.resolved_incident(kind, lasted, begun, policy, person(incident.resolved_by, locale))
    return language.closed_incident(kind, lasted, begun, policy, cancelled=incident.cancelled)


def history(
    outages: Sequence[Period],
    hides: MuteLookup,
    now: datetime,
    locale: Locale,
    *,
    doubt_after: timedelta,
) -> str:
    """In the order in which they come; those of hosts that are hidden now are marked."""
    language = locale.language
    if not outages:
        return language.no_outage
    rows, seen = [language.history_title], set[str]()
    for outage in outages:
        marks = [] if outage.host.name in seen else doubts(outage.host, now, doubt_after, locale)
        marks += [f"🔕 {language.muted_mark}"] if hides(outage.host.name) else []
        rows.append(" · ".join([_row(outage, now, locale), *marks]))
        seen.add(outage.host.name)
    return fit(rows, locale)


def _row(outage: Period, now: datetime, locale: Locale) -> str:
    name, incident = code(cut(outage.host.name)), outage.as_incident()
    if incident.is_open:
        return f"🔴 {name} — {open_line(incident, now, locale)}"
    return f"• {name} — {past_line(incident, locale)}"
