"""One line of mrkdwn about one host. Foreign texts are cut, and can neither format nor mention."""

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

NAME, CHARS_A_LINE = 100, 400  # a foreign text is cut at the first, a line of hosts up at the second
HOUR = timedelta(hours=1)
PROBLEM = 250  # characters of each part of what is wrong with this program
LINK = 1_000  # a longer one is left out: escaped, an address can outgrow the section


def problem(found: Problem, locale: Locale) -> str:
    file, detail = (code(cut(part, PROBLEM)) for part in (found.file, found.detail))
    if found.kind is ProblemKind.SILENT:
        detail = locale.duration(timedelta(seconds=int(found.detail)))
    return f"• {locale.language.problems[found.kind].format(file=file, detail=detail)}"


def all_down(entries: Iterable[Down], now: datetime, locale: Locale) -> Iterator[tuple[str, int]]:
    """A line for each host, and one that is of no host: how to settle the first doubt."""
    settled = False
    for entry in entries:
        yield down(entry, now, locale), 1
        if entry.doubtful and not settled:
            settled = True
            yield settle(entry.host, locale), 0


def _command(verb: str, host: str) -> str:
    """A name that had to be cut could not be typed."""
    return to_type(f"{verb} {host if len(host) <= NAME else 'HOST'}")


def down(entry: Down, now: datetime, locale: Locale) -> str:
    outages = [i for i in entry.host.open if i.kind is Kind.DOWNTIME]
    parts = [_open(entry, now, locale), what_failed(outages, locale)]
    parts += [f"*{locale.language.new}*"] if entry.new else []
    parts += _flapping(entry.host, now, locale)
    parts += [locale.language.close_may_be_lost] if entry.doubtful else []
    return " · ".join(filter(None, parts))


def warned(entry: Warned, now: datetime, locale: Locale) -> str:
    parts = [_open(entry, now, locale), what_failed(entry.host.open, locale)]
    parts += [f"*{locale.language.new}*"] if entry.new else []
    return " · ".join(filter(None, parts))


def recovery(entry: Recovery, now: datetime, locale: Locale) -> str:
    at, lasted = when(entry.at, locale), locale.duration(entry.lasted)
    if entry.resolved_by:
        said = locale.language.resolution(at, lasted, len(entry.outages), person(entry.resolved_by, locale))
    else:
        said = locale.language.recovery(at, lasted, len(entry.outages), cancelled=entry.cancelled)
    return " · ".join([f"• {code(cut(entry.host.name))} — {said}", *_flapping(entry.host, now, locale)])


def person(who: Person, locale: Locale) -> str:
    """A name to read, never a mention that would call the person each time."""
    return inert(cut(who.name or who.id or locale.language.somebody))


def muted(entry: Muted, locale: Locale) -> str:
    language = locale.language
    who = person(Person(entry.mute.by, entry.mute.by_name), locale)
    trouble = "" if entry.status is Status.UP else language.statuses[entry.status]
    several = is_pattern(entry.mute.host)
    said = language.muted_since(who, when(entry.mute.at, locale), "" if several else trouble)
    parts = [said, language.hosts_and_down(entry.hosts, entry.down) if several else ""]
    parts += [lasting(entry.mute, locale)] if entry.mute.until or entry.mute.until_up else []
    parts += [inert(cut(entry.mute.reason))]
    return f"• {code(cut(entry.mute.host))} — {' · '.join(filter(None, parts))}"


def lasting(mute: Mute | AuditEntry, locale: Locale) -> str:
    """Until when it is hidden."""
    language = locale.language
    if mute.until:
        return language.until(when(mute.until, locale))
    return language.until_up if mute.until_up else language.until_restored


def returned(entry: MuteEnded, locale: Locale) -> str:
    """How stands what a mute hid that has ended."""
    if len(entry.hosts) != 1 or is_pattern(entry.name):
        down = sum(host.status is Status.DOWN for host in entry.hosts)
        said = locale.language.hosts_and_down(len(entry.hosts), down)
    else:
        (host,) = entry.hosts
        stands, since = status(host, locale), _since(host)
        said = locale.language.status_since(stands, when(since, locale)) if since else stands
    return f"• {code(cut(entry.name))} — {said}"


def _since(host: Host) -> datetime | None:
    """Since when it stands as it does, if that is known."""
    if period := current_outage(host) or current_warning(host):
        return period.began
    return host.closed[-1].ended if host.closed else None


def weekly(week: Weekly, locale: Locale) -> str:
    worst = [f"{code(cut(name))} {locale.duration(down)}" for name, down in week.worst]
    said = locale.language.week(week.uptime.percent, week.outages, locale.duration(week.uptime.down), worst)
    return f"• {said}"


def uptime(known: Sequence[Uptime], locale: Locale) -> str:
    """`known` as `uptimes` gives it: of the windows in their order, the last perhaps not wholly known."""
    language = locale.language
    parts = [
        f"{spell(window, locale) if one.whole else language.since(when(one.since, locale))} "
        f"{one.percent}{language.percent}"
        for window, one in zip(WINDOWS, known, strict=False)
    ]
    return f"📈 {language.uptime}: {' · '.join(parts)}"  # a line that begins with "uptime" is a command


def spell(window: timedelta, locale: Locale) -> str:
    """`24 h`, `7 d`: as such windows are called, and not `1 d`."""
    day, hour, _, _ = locale.language.units
    return f"{window.days}{day}" if window.days > 1 else f"{window // HOUR}{hour}"


def names(names: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Many names a line."""
    line, count = "", 0
    for name in names:
        span = code(cut(name))
        if line and len(line) + len(span) > CHARS_A_LINE:
            yield line, count
            line, count = "", 0
        line, count = f"{line} {span}".strip(), count + 1
    if line:
        yield line, count


def status(host: Host, locale: Locale) -> str:
    """In one word, or few."""
    return locale.language.statuses[host.status] if host.was_heard_of else locale.language.unheard


def doubts(host: Host, now: datetime, doubt_after: timedelta, locale: Locale) -> list[str]:
    """What makes how a host stands less certain; said wherever one host is shown."""
    outage = current_outage(host)
    lost = outage is not None and outage.is_doubtful(now - doubt_after)
    return [*_flapping(host, now, locale), *([locale.language.close_may_be_lost] if lost else [])]


def settle(host: Host, locale: Locale) -> str:
    """How to settle the doubt about a close."""
    return f"↳ {locale.language.resolve_hint(_command('resolve', host.name))}"


def _flapping(host: Host, now: datetime, locale: Locale) -> list[str]:
    """Counted for the hosts that are shown, not for the thousands that are cut."""
    outages = flapping(host, now)
    return [locale.language.flapping(outages, FLAPPING_WITHIN // HOUR)] if outages else []


def _open(entry: Down | Warned, now: datetime, locale: Locale) -> str:
    return f"• {_name(entry.host, locale)} — {locale.language.open_for(locale.duration(now - entry.since))}"


def _name(host: Host, locale: Locale) -> str:
    named_by = locale.language.named_by.get(min(incident.named_by for incident in host.open))
    return code(cut(host.name)) + (f" ({named_by})" if named_by else "")


def what_failed(incidents: Sequence[Incident], locale: Locale) -> str:
    """What failed, with the way to Google's page of it."""
    first = incidents[0]
    more = len(incidents) - 1
    what = cut(first.policy or first.condition or (locale.language.incident if first.url or more else ""))
    said = link(first.url, what)
    if length(said) > LINK:
        said = inert(what)
    return locale.language.and_more_incidents(said, more) if more else said


def when(moment: datetime, locale: Locale) -> str:
    """In the reader's own zone where Slack can, else in the locale's."""
    return date(moment, "{date_short_pretty} {time}", locale.moment(moment))


def cut(text: str, longest: int = NAME) -> str:
    """Foreign text, before it is escaped; what is missing is seen to be missing."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
