"""What is answered to `help`: every command in a line, or one of them with examples."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo

from hosts.incident import Incident, Kind
from hosts.model import Host, Mute, Status
from hosts.mutes import MuteLookup
from hosts.outages import DOUBT_AFTER, Period, current_outage, current_warning, newest_outages
from hosts.uptime import Uptime
from languages import ENGLISH, Language
from languages.language import Guide
from slack.phrases import cut, doubts, duration, lasting, person, settle, uptime, what_failed, when
from slack.text import code, inert, length


def help_text(about: str | None = None, language: Language = ENGLISH) -> str:
    """About one command, by the word of the code, or about all of them."""
    return _one_command(about, language) if about else _all_commands(language)


def _all_commands(language: Language) -> str:
    rows = [row for guide in language.commands for row in _rows(guide)]
    first_words = [guide.words[0] for guide in language.commands if guide.words]
    some = [guide.examples[0] for guide in (language.commands[0], language.commands[-1])]
    examples = language.for_example(_spans(some))
    return "\n".join([language.help_title, *rows, examples, *_also(first_words, language)])


def _one_command(command: str, language: Language) -> str:
    (guide,) = (guide for guide in language.commands if guide.command == command)
    note = [guide.note] if guide.note else []
    examples = language.for_example(_spans(guide.examples))
    return "\n".join([*_rows(guide), *note, examples, *_also(guide.words, language)])


def _rows(guide: Guide) -> list[str]:
    return [f"• `{usage}` — {meaning}" for usage, meaning in guide.forms]


def _also(words: Sequence[str], language: Language) -> list[str]:
    return [language.other_words(_spans(words))] if words else []


def _spans(texts: Sequence[str]) -> str:
    return ", ".join(f"`{text}`" for text in texts)


LIMIT = 4000  # Slack recommends at most so many characters in a text
SHOWN = 10  # past outages of one host, and as many other incidents
SIGNS = {Status.DOWN: "🔴", Status.WARNING: "🟡", Status.UP: "🟢"}


def usage(problem: str) -> str:
    return f"🤔 {problem}"


def not_allowed(whom_to_ask: str) -> str:
    return f"🔒 {whom_to_ask}"


def unknown(typed: str, instead: Sequence[str], language: Language = ENGLISH) -> str:
    """A problem, for `usage`. `instead` is mrkdwn: what to type."""
    return language.unknown_host(code(typed), instead)


def host_report(  # noqa: PLR0913 - what is known about a host, and how it is told
    host: Host,
    mute: Mute | None,
    zone: tzinfo,
    now: datetime,
    language: Language = ENGLISH,
    *,
    known: Sequence[Uptime] = (),
    doubt_after: timedelta = DOUBT_AFTER,
) -> str:
    """All that is known about one host."""
    lines = [standing(host, now, language, doubt_after)]
    outage = current_outage(host)
    lines += [settle(host, language)] if outage and outage.is_doubtful(now - doubt_after) else []
    lines += [_hidden_line(mute, host, zone, language)] if mute else []
    lines += [uptime(known, zone, language)] if known else []
    lines += [f"• {open_line(incident, zone, now, language)}" for incident in host.open]
    if host.closed:
        lines.append(language.before(len(host.closed)))
        lines += [f"• {past_line(incident, zone, language)}" for incident in _before(host, now)]
    if any(incident.named_by in language.named_by for incident in host.incidents()):
        lines.append(language.not_named_by_google)
    return fit(lines, language)


def _before(host: Host, now: datetime) -> list[Incident]:
    """The last outages, and the last incidents of other kinds among them; the latest first."""
    outages = (outage.as_incident() for outage in newest_outages([host], SHOWN + 1))
    over = [outage for outage in outages if not outage.is_open][:SHOWN]
    others = [incident for incident in host.closed if incident.kind is not Kind.DOWNTIME][-SHOWN:]
    return sorted([*over, *others], key=lambda incident: incident.ended or now, reverse=True)


def sent_again(language: Language = ENGLISH) -> str:
    return f"☑️ {language.sent_again}"


def not_saved(language: Language = ENGLISH) -> str:
    return f"⚠️ {language.not_saved}"


def fit(lines: Iterable[str], language: Language = ENGLISH) -> str:
    """As many whole lines as fit, and how many did not."""
    lines = list(lines)
    kept, size = 0, 0
    while kept < len(lines) and size + length(lines[kept]) + 1 <= LIMIT - 40:
        size += length(lines[kept]) + 1
        kept += 1
    cut = [language.more_lines(len(lines) - kept)] if kept < len(lines) else []
    return "\n".join([*lines[:kept], *cut])


def removed_by(mute: Mute, zone: tzinfo, language: Language) -> str:
    """A name to read, never a mention that would call the person each time."""
    who = inert(mute.by_name or mute.by or language.somebody)
    return language.removed_by(who, when(mute.at, zone, language))


def _hidden_line(mute: Mute, host: Host, zone: tzinfo, language: Language) -> str:
    parts = [language.host_removed(removed_by(mute, zone, language)), lasting(mute, zone, language)]
    parts += [code(mute.host)] if mute.host != host.name else []
    parts += [language.because(inert(mute.reason))] if mute.reason else []
    return f"🔕 {' · '.join(parts)}"


def standing(host: Host, now: datetime, language: Language, doubt_after: timedelta) -> str:
    """How a host stands, and how far that is certain."""
    name, down = code(host.name), host.status is Status.DOWN
    if not host.was_ever_reported:
        return f"⚪ {language.never_heard_of(name)}"
    ended = _up_since(host)
    said = language.is_up(name, duration(now - ended, language) if ended else "")
    if period := current_outage(host) or current_warning(host):
        lasting = duration(period.lasted(now), language)
        said = language.is_down(name, lasting) if down else language.is_warned_about(name, lasting)
    uncertain = doubts(host, now, doubt_after, language)
    return f"{SIGNS[host.status]} {said}" + (f" ⚠️ {' · '.join(uncertain)}" if uncertain else "")


def _up_since(host: Host) -> datetime | None:
    """When its last incident ended; an edit of its policy says nothing about the host."""
    return host.closed[-1].ended if host.closed and not host.closed[-1].cancelled else None


def open_line(incident: Incident, zone: tzinfo, now: datetime, language: Language) -> str:
    return language.open_incident(
        language.kinds[incident.kind],
        what_failed([incident], language),
        when(incident.started, zone, language),
        duration(now - incident.started, language),
    )


def past_line(incident: Incident, zone: tzinfo, language: Language) -> str:
    kind, policy = language.kinds[incident.kind], inert(cut(incident.policy))
    lasted = duration((incident.ended or incident.started) - incident.started, language)
    begun = when(incident.started, zone, language)
    if incident.resolved_by:
        return language.resolved_incident(kind, lasted, begun, policy, person(incident.resolved_by, language))
    return language.past_incident(kind, lasted, begun, policy, cancelled=incident.cancelled)


def history(  # noqa: PLR0913 - what is known of the hosts, and how it is told
    outages: Sequence[Period],
    hides: MuteLookup,
    zone: tzinfo,
    now: datetime,
    language: Language = ENGLISH,
    *,
    doubt_after: timedelta = DOUBT_AFTER,
) -> str:
    """In the order in which they come; those of hosts that are hidden now are marked."""
    if not outages:
        return language.no_outage
    rows, seen = [language.history_title], set[str]()
    for outage in outages:
        marks = [] if outage.host.name in seen else doubts(outage.host, now, doubt_after, language)
        marks += [f"🔕 {language.off_the_list}"] if hides(outage.host.name) else []
        rows.append(" · ".join([_row(outage, zone, now, language), *marks]))
        seen.add(outage.host.name)
    return fit(rows, language)


def _row(outage: Period, zone: tzinfo, now: datetime, language: Language) -> str:
    name, incident = code(cut(outage.host.name)), outage.as_incident()
    if incident.is_open:
        return f"🔴 {name} — {open_line(incident, zone, now, language)}"
    return f"• {name} — {past_line(incident, zone, language)}"
