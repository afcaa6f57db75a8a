"""Lines of mrkdwn about one host, mute or problem. Foreign text is cut and cannot format or mention."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from digest.model import Down, Muted, MuteEnded, Recovery, Warned
from digest.weekly import Weekly
from hosts.incident import Incident, Kind, Person
from hosts.model import AuditEntry, Host, Mute, Status
from hosts.mutes import is_pattern
from hosts.outages import FLAPPING_WITHIN, current_outage, current_warning, flapping
from hosts.problems import Problem, ProblemKind
from hosts.uptime import WINDOWS, Uptime
from languages import Locale
from slack.text import code, date, inert, length, link, to_type

MAX_FOREIGN_TEXT = 100  # characters of a name, a policy or a reason
MAX_NAMES_LINE = 400  # characters of a line of hosts up
MAX_PROBLEM_PART = 250  # characters of the file or the detail of a problem
MAX_LINK = 1_000  # a longer one is left out: escaped, an address can outgrow the section


def problem_line(problem: Problem, locale: Locale) -> str:
    file, detail = (code(cut(part, MAX_PROBLEM_PART)) for part in (problem.file, problem.detail))
    if problem.kind is ProblemKind.SILENT:
        detail = locale.duration(timedelta(seconds=int(problem.detail)))
    return f"• {locale.language.problems[problem.kind].format(file=file, detail=detail)}"


def down_lines(entries: Iterable[Down], now: datetime, locale: Locale) -> Iterator[tuple[str, int]]:
    """A line and the number 1 for each host. The first doubtful one is followed by a hint, which counts 0."""
    has_hint = False
    for entry in entries:
        yield down_line(entry, now, locale), 1
        if entry.doubtful and not has_hint:
            has_hint = True
            yield resolve_hint(entry.host, locale), 0


def down_line(entry: Down, now: datetime, locale: Locale) -> str:
    outages = [i for i in entry.host.open if i.kind is Kind.DOWNTIME]
    parts = [_open_for(entry, now, locale), what_failed(outages, locale)]
    parts += [f"*{locale.language.new}*"] if entry.new else []
    parts += _flapping(entry.host, now, locale)
    parts += [locale.language.close_may_be_lost] if entry.doubtful else []
    return " · ".join(filter(None, parts))


def warning_line(entry: Warned, now: datetime, locale: Locale) -> str:
    parts = [_open_for(entry, now, locale), what_failed(entry.host.open, locale)]
    parts += [f"*{locale.language.new}*"] if entry.new else []
    return " · ".join(filter(None, parts))


def recovery_line(entry: Recovery, now: datetime, locale: Locale) -> str:
    at, lasted, outages = when(entry.at, locale), locale.duration(entry.lasted), len(entry.outages)
    if entry.resolved_by:
        end = locale.language.resolution(at, lasted, outages, display_name(entry.resolved_by, locale))
    else:
        end = locale.language.recovery(at, lasted, outages, cancelled=entry.cancelled)
    return " · ".join([f"• {code(cut(entry.host.name))} — {end}", *_flapping(entry.host, now, locale)])


def mute_line(entry: Muted, locale: Locale) -> str:
    mute, language = entry.mute, locale.language
    who, at = display_name(Person(mute.by, mute.by_name), locale), when(mute.at, locale)
    if is_pattern(mute.host):
        hosts = language.hosts_and_down(entry.host_count, entry.down_count)
        parts = [language.muted_since(who, at, ""), hosts]
    else:
        status = "" if entry.status is Status.UP else language.statuses[entry.status]
        parts = [language.muted_since(who, at, status)]
    parts += [mute_end(mute, locale)] if mute.until or mute.until_up else []
    parts += [inert(cut(mute.reason))]
    return f"• {code(cut(mute.host))} — {' · '.join(filter(None, parts))}"


def mute_end(mute: Mute | AuditEntry, locale: Locale) -> str:
    if mute.until:
        return locale.language.until(when(mute.until, locale))
    return locale.language.until_up if mute.until_up else locale.language.until_restored


def mute_ended_line(entry: MuteEnded, locale: Locale) -> str:
    if len(entry.hosts) != 1 or is_pattern(entry.name):
        down = sum(host.status is Status.DOWN for host in entry.hosts)
        status = locale.language.hosts_and_down(len(entry.hosts), down)
    else:
        (host,) = entry.hosts
        status, since = locale.status(host), _status_since(host)
        status = locale.language.status_since(status, when(since, locale)) if since else status
    return f"• {code(cut(entry.name))} — {status}"


def _status_since(host: Host) -> datetime | None:
    if period := current_outage(host) or current_warning(host):
        return period.began
    return host.closed[-1].ended if host.closed else None


def week_line(week: Weekly, locale: Locale) -> str:
    worst = [f"{code(cut(name))} {locale.duration(down)}" for name, down in week.worst]
    down = locale.duration(week.down)
    return f"• {locale.language.week(week.percent, week.outages, down, worst)}"


def uptime_line(figures: Sequence[Uptime], locale: Locale) -> str:
    """`figures` as `uptimes` returns them: one for each window, the last perhaps only partly known."""
    language = locale.language
    parts = [
        f"{locale.window(window) if one.whole else language.since(when(one.since, locale))} "
        f"{one.percent}{language.percent}"
        for window, one in zip(WINDOWS, figures, strict=False)
    ]
    return f"📈 {language.uptime}: {' · '.join(parts)}"  # a line that begins with "uptime" is a command


def name_lines(names: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Lines of many names, each with their number."""
    line, count = "", 0
    for name in names:
        span = code(cut(name))
        if line and len(line) + len(span) > MAX_NAMES_LINE:
            yield line, count
            line, count = "", 0
        line, count = f"{line} {span}".strip(), count + 1
    if line:
        yield line, count


def doubts(host: Host, now: datetime, locale: Locale, doubt_after: timedelta) -> list[str]:
    """What makes the status of a host less certain."""
    outage = current_outage(host)
    may_be_lost = outage is not None and outage.is_doubtful(now - doubt_after)
    return [*_flapping(host, now, locale), *([locale.language.close_may_be_lost] if may_be_lost else [])]


def resolve_hint(host: Host, locale: Locale) -> str:
    """How to end an outage whose close was lost."""
    name = host.name if len(host.name) <= MAX_FOREIGN_TEXT else "HOST"  # nobody could type a name that is cut
    return f"↳ {locale.language.resolve_hint(to_type(f'resolve {name}'))}"


def _flapping(host: Host, now: datetime, locale: Locale) -> list[str]:
    """Counted here, so only for hosts that are shown and not for the thousands that are cut."""
    outages = flapping(host, now)
    return [locale.language.flapping(outages, FLAPPING_WITHIN // timedelta(hours=1))] if outages else []


def _open_for(entry: Down | Warned, now: datetime, locale: Locale) -> str:
    named_by = locale.language.named_by.get(min(incident.named_by for incident in entry.host.open))
    name = code(cut(entry.host.name)) + (f" ({named_by})" if named_by else "")
    return f"• {name} — {locale.language.open_for(locale.duration(now - entry.since))}"


def what_failed(incidents: Sequence[Incident], locale: Locale) -> str:
    """The policy or condition of the first incident, linked to Google's page, and how many more there are."""
    first, more = incidents[0], len(incidents) - 1
    label = cut(first.policy or first.condition or (locale.language.incident if first.url or more else ""))
    what = link(first.url, label)
    if length(what) > MAX_LINK:
        what = inert(label)
    return locale.language.and_more_incidents(what, more) if more else what


def display_name(person: Person, locale: Locale) -> str:
    """A name to read, never a mention, which would notify the person each time."""
    return inert(cut(person.name or person.id or locale.language.somebody))


def when(moment: datetime, locale: Locale) -> str:
    """In the reader's own time zone where Slack can, else in the locale's."""
    return date(moment, "{date_short_pretty} {time}", locale.moment(moment))


def cut(text: str, max_length: int = MAX_FOREIGN_TEXT) -> str:
    """Cut untrusted text visibly. To be done before escaping."""
    return text if len(text) <= max_length else f"{text[: max_length - 1]}…"
