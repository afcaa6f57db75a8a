"""One line of mrkdwn about one host. Foreign texts are cut, and can neither format nor mention."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, tzinfo

from digest.model import Down, Muted, MuteEnded, Recovery, Warned
from digest.weekly import Weekly
from hosts.incident import Incident, Kind, Person
from hosts.model import AuditEntry, Host, Mute, Status
from hosts.mutes import is_pattern
from hosts.outages import FLAPPING_WITHIN, current_outage, current_warning, flapping
from hosts.problems import Problem, ProblemKind
from hosts.uptime import WINDOWS, Uptime
from languages import ENGLISH, Language
from slack.text import code, date, inert, length, link, to_type

NAME, CHARS_A_LINE = 100, 400  # a foreign text is cut at the first, a line of hosts up at the second
HOUR = timedelta(hours=1)
PROBLEM = 250  # characters of each part of what is wrong with this program
LINK = 1_000  # a longer one is left out: escaped, an address can outgrow the section


def problem(found: Problem, language: Language) -> str:
    file, detail = (code(cut(part, PROBLEM)) for part in (found.file, found.detail))
    if found.kind is ProblemKind.SILENT:
        detail = duration(timedelta(seconds=int(found.detail)), language)
    return f"• {language.problems[found.kind].format(file=file, detail=detail)}"


def all_down(entries: Iterable[Down], now: datetime, language: Language) -> Iterator[tuple[str, int]]:
    """A line for each host, and one that is of no host: how to settle the first doubt."""
    settled = False
    for entry in entries:
        yield down(entry, now, language), 1
        if entry.doubtful and not settled:
            settled = True
            yield settle(entry.host, language), 0


def _command(verb: str, host: str) -> str:
    """A name that had to be cut could not be typed."""
    return to_type(f"{verb} {host if len(host) <= NAME else 'HOST'}")


def down(entry: Down, now: datetime, language: Language) -> str:
    outages = [i for i in entry.host.open if i.kind is Kind.DOWNTIME]
    parts = [_open(entry, now, language), what_failed(outages, language)]
    parts += [f"*{language.new}*"] if entry.new else []
    parts += _flapping(entry.host, now, language)
    parts += [language.close_may_be_lost] if entry.doubtful else []
    return " · ".join(filter(None, parts))


def warned(entry: Warned, now: datetime, language: Language) -> str:
    parts = [_open(entry, now, language), what_failed(entry.host.open, language)]
    parts += [f"*{language.new}*"] if entry.new else []
    return " · ".join(filter(None, parts))


def recovery(entry: Recovery, now: datetime, zone: tzinfo, language: Language) -> str:
    at, lasted = when(entry.at, zone, language), duration(entry.lasted, language)
    if entry.resolved_by:
        said = language.resolution(at, lasted, len(entry.outages), person(entry.resolved_by, language))
    else:
        said = language.recovery(at, lasted, len(entry.outages), cancelled=entry.cancelled)
    return " · ".join([f"• {code(cut(entry.host.name))} — {said}", *_flapping(entry.host, now, language)])


def person(who: Person, language: Language) -> str:
    """A name to read, never a mention that would call the person each time."""
    return inert(cut(who.name or who.id or language.somebody))


def muted(entry: Muted, zone: tzinfo, language: Language) -> str:
    who = person(Person(entry.mute.by, entry.mute.by_name), language)
    problem = "" if entry.status is Status.UP else language.statuses[entry.status]
    several = is_pattern(entry.mute.host)
    said = language.muted_by(who, when(entry.mute.at, zone, language), "" if several else problem)
    parts = [said, language.hosts_and_down(entry.host_count, entry.down_count) if several else ""]
    parts += [lasting(entry.mute, zone, language)] if entry.mute.until or entry.mute.until_up else []
    parts += [inert(cut(entry.mute.reason))]
    return f"• {code(cut(entry.mute.host))} — {' · '.join(filter(None, parts))}"


def lasting(mute: Mute | AuditEntry, zone: tzinfo, language: Language) -> str:
    """Until when it is hidden."""
    if mute.until:
        return language.until(when(mute.until, zone, language))
    return language.until_up if mute.until_up else language.until_restored


def returned(entry: MuteEnded, zone: tzinfo, language: Language) -> str:
    """How stands what a mute hid that has ended."""
    if len(entry.hosts) != 1 or is_pattern(entry.name):
        down = sum(host.status is Status.DOWN for host in entry.hosts)
        said = language.hosts_and_down(len(entry.hosts), down)
    else:
        (host,) = entry.hosts
        stands, since = status(host, language), _since(host)
        said = language.standing(stands, when(since, zone, language)) if since else stands
    return f"• {code(cut(entry.name))} — {said}"


def _since(host: Host) -> datetime | None:
    """Since when it stands as it does, if that is known."""
    if period := current_outage(host) or current_warning(host):
        return period.began
    return host.closed[-1].ended if host.closed else None


def weekly(week: Weekly, language: Language) -> str:
    worst = [f"{code(cut(name))} {duration(down, language)}" for name, down in week.worst]
    said = language.week(week.uptime.percent, week.outages, duration(week.uptime.down, language), worst)
    return f"• {said}"


def uptime(known: Sequence[Uptime], zone: tzinfo, language: Language) -> str:
    """`known` as `uptimes` gives it: of the windows in their order, the last perhaps not wholly known."""
    parts = [
        f"{spell(window, language) if one.whole else language.since(when(one.since, zone, language))} "
        f"{one.percent}{language.percent}"
        for window, one in zip(WINDOWS, known, strict=False)
    ]
    return f"📈 {language.uptime}: {' · '.join(parts)}"  # a line that begins with "uptime" is a command


def spell(window: timedelta, language: Language) -> str:
    """`24 h`, `7 d`: as such windows are called, and not `1 d`."""
    day, hour, _, _ = language.units
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


def status(host: Host, language: Language) -> str:
    """In one word, or few."""
    return language.statuses[host.status] if host.was_ever_reported else language.unheard


def doubts(host: Host, now: datetime, doubt_after: timedelta, language: Language) -> list[str]:
    """What makes how a host stands less certain; said wherever one host is shown."""
    outage = current_outage(host)
    lost = outage is not None and outage.is_doubtful(now - doubt_after)
    return [*_flapping(host, now, language), *([language.close_may_be_lost] if lost else [])]


def settle(host: Host, language: Language) -> str:
    """How to settle the doubt about a close."""
    return f"↳ {language.settle(_command('resolve', host.name))}"


def _flapping(host: Host, now: datetime, language: Language) -> list[str]:
    """Counted for the hosts that are shown, not for the thousands that are cut."""
    outages = flapping(host, now)
    return [language.flapping(outages, FLAPPING_WITHIN // HOUR)] if outages else []


def _open(entry: Down | Warned, now: datetime, language: Language) -> str:
    return f"• {_name(entry.host, language)} — {language.open_for(duration(now - entry.since, language))}"


def _name(host: Host, language: Language) -> str:
    named_by = language.named_by.get(min(incident.named_by for incident in host.open))
    return code(cut(host.name)) + (f" ({named_by})" if named_by else "")


def what_failed(incidents: Sequence[Incident], language: Language) -> str:
    """What failed, with the way to Google's page of it."""
    first = incidents[0]
    more = len(incidents) - 1
    what = cut(first.policy or first.condition or (language.incident if first.url or more else ""))
    said = link(first.url, what)
    if length(said) > LINK:
        said = inert(what)
    return language.and_more_incidents(said, more) if more else said


def when(moment: datetime, zone: tzinfo, language: Language) -> str:
    """In the reader's own zone where Slack can, else in `zone`."""
    return date(moment, "{date_short_pretty} {time}", language.moment(moment.astimezone(zone)))


def duration(span: timedelta, language: Language = ENGLISH) -> str:
    """The two largest units that say something: `45 s`, `12 min`, `2 h 5 min`, `3 d 4 h`."""
    day, hour, minute, second = language.units
    seconds = max(0, int(span.total_seconds()))
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    if days:
        return f"{days}{day} {hours}{hour}" if hours else f"{days}{day}"
    if hours:
        return f"{hours}{hour} {minutes}{minute}" if minutes else f"{hours}{hour}"
    return f"{minutes}{minute}" if minutes else f"{seconds}{second}"


def cut(text: str, longest: int = NAME) -> str:
    """Foreign text, before it is escaped; what is missing is seen to be missing."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
