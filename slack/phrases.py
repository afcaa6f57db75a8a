"""Words of mrkdwn that rows and replies share. Untrusted text is cut and cannot format or mention."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol
from urllib.parse import quote

from digest.weekly import Weekly
from hosts.identity import name_of
from hosts.incident import Incident, Person, is_web_address
from hosts.model import AuditEntry, Host, Mute, Status
from hosts.outages import FLAPPING_WITHIN, current_outage, flapping
from hosts.patterns import literal
from hosts.problems import Problem
from hosts.uptime import WINDOWS, Uptime
from languages import Locale, word_for
from slack.text import (
    MAX_UNTRUSTED_TEXT,
    code,
    cut,
    date,
    inert,
    inert_but_addresses,
    length,
    link,
    quoted,
    to_type,
)

MAX_NAMES_LINE = 400  # characters of a line of hosts up
MAX_PROBLEM_PART = 250  # characters of a text from outside in a problem
WITHOUT_DATE = timedelta(hours=12)
_SCHEME = re.compile(r"(?<![\w.-])https?://\Z", re.IGNORECASE)
_JOINED_BEFORE, _JOINED_BEHIND = re.compile(r"[\w.-]\Z"), re.compile(r"[\w-]|\.\w")
_JOINING_WORDS = re.compile(r"^[\W_]+|(?:[\W_]|\b(?:of|for|on|at|from)\b)+$", re.IGNORECASE)
MAX_LINK = 1_000  # a longer one is left out: escaped, an address can outgrow the section


class Context(Protocol):
    """What phrases about hosts depend on: the time, the reader, and when a close counts as lost."""

    @property
    def now(self) -> datetime: ...
    @property
    def locale(self) -> Locale: ...
    @property
    def doubt_after(self) -> timedelta: ...


def row(sign: str, name: str, *said: str) -> str:
    """A line about a host or a pattern. What is empty is left out."""
    return f"{sign} {quoted(name)} — {' · '.join(filter(None, said))}"


def problem_line(problem: Problem, locale: Locale) -> str:
    return f"• {locale.problem(problem, quoted=partial(quoted, most=MAX_PROBLEM_PART))}"


def remark(problem: Problem, now: datetime, locale: Locale) -> str:
    """Phrases a problem as in the footer of a digest."""
    return locale.problem(problem, lambda at: time_of(at, now, locale), inert)


def mute_end(mute: Mute | AuditEntry, locale: Locale) -> str:
    """Says until when a mute lasts."""
    return locale.mute_end(mute, lambda at: when(at, locale))


def reason(given: Mute | AuditEntry, locale: Locale) -> list[str]:
    """Says why, if somebody did, as a list to join with other parts."""
    return [locale.language.reason(inert_but_addresses(given.reason))] if given.reason else []


def count_down(hosts: Sequence[Host], locale: Locale) -> str:
    """How many hosts these are, and how many of them are down or have a warning."""
    statuses = [host.status for host in hosts]
    down, warnings = statuses.count(Status.DOWN), statuses.count(Status.WARNING)
    return locale.language.hosts_and_down(len(hosts), down, warnings)


def week_line(week: Weekly, locale: Locale) -> str:
    worst = [f"{quoted(name)} {locale.duration(down)}" for name, down in week.worst]
    title, down = locale.language.headings.week.title, locale.duration(week.down)
    return f"📅 {title}: {locale.language.week(week.percent, week.outages, down, worst)}"


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
        span = quoted(name)
        if line and len(line) + len(span) > MAX_NAMES_LINE:
            yield line, count
            line, count = "", 0
        line, count = f"{line} {span}".strip(), count + 1
    if line:
        yield line, count


def host_on_page(name: str, shown: str, locale: Locale) -> str:
    """Returns a host's title, linked to its web page if there is one. `name` is its name there."""
    if not locale.page:
        return code(shown)
    linked = link(f"{locale.page}host?name={quote(name, safe='', errors='replace')}", shown)
    return code(shown) if length(linked) > MAX_LINK else linked


def flaps(host: Host, context: Context) -> list[str]:
    """Counted here, so only for hosts that are shown and not for the thousands that are cut."""
    if outages := flapping(host, context.now):
        hours = FLAPPING_WITHIN // timedelta(hours=1)
        return [context.locale.language.flapping(outages=outages, hours=hours)]
    return []


def absent(host: Host, locale: Locale) -> list[str]:
    """Says that Google no longer knows an outage; empty if it does."""
    outage = current_outage(host)
    return [locale.language.absent] if outage and outage.is_absent else []


def is_doubtful(host: Host, context: Context) -> bool:
    """Whether the close of its outage may have been lost."""
    outage = current_outage(host)
    return outage is not None and outage.is_doubtful(context.now - context.doubt_after)


def doubts(host: Host, context: Context) -> list[str]:
    """What makes the status of a host less certain, wherever the host is shown."""
    locale = context.locale
    may_be_lost = [locale.language.close_may_be_lost] if is_doubtful(host, context) else []
    unwatched = [locale.status(host)] if host.is_unwatched else []
    return [*flaps(host, context), *absent(host, locale), *may_be_lost, *unwatched]


def by_list(incidents: Iterable[Incident], locale: Locale) -> list[str]:
    """Says that something is known from Google's list only; empty if it is not."""
    return [locale.language.by_list] if all(incident.listed for incident in incidents) else []


def why_unknown(host: Host, context: Context) -> str:
    """Says why the status of a host is not known, or would not be reported; empty for most hosts."""
    locale, now = context.locale, context.now
    if host.is_unwatched or not host.is_status_known:
        return locale.status(host)
    until = host.snoozed_until(now)
    return locale.language.snoozed(time_of(until, now, locale)) if until else ""


def status_now(host: Host, context: Context) -> list[str]:
    """The status and what makes it doubtful."""
    if why := why_unknown(host, context):
        return [why]
    language = context.locale.language
    return [language.status_now(language.statuses[host.status]), *doubts(host, context)]


def trouble_now(host: Host, context: Context) -> list[str]:
    """The same, but empty for a host that is simply up."""
    said = status_now(host, context)
    is_up = host.status is Status.UP and not why_unknown(host, context)
    return said[1:] if is_up else said


def resolve_hint(hosts: Sequence[Host], locale: Locale) -> str:
    """How to end outages whose close was lost."""
    names = [host.name for host in hosts]
    # Nobody could type a name that is cut.
    name = names[0] if len(names) == 1 and len(names[0]) <= MAX_UNTRUSTED_TEXT else "HOST"
    resolve = to_type(f"{word_for('resolve', locale.language)} {name}")
    return f"↳ {locale.language.resolve_hint(resolve)}"


def what_failed(host: str, incidents: Sequence[Incident], locale: Locale, *, linked: bool = True) -> str:
    """The policy or condition of the first incident, linked to Google's page, and how many more there are.

    It appears beside the host's name, so it leaves that out.
    """
    first, more = incidents[0], len(incidents) - 1
    label = without_name(first.policy, host) or without_name(first.condition, host)
    label = cut(label or (locale.language.incident if first.url or more else ""))
    what = link(first.url, f"{label} ↗") if linked and is_web_address(first.url) else inert(label)
    if length(what) > MAX_LINK:
        what = inert(label)
    return locale.language.and_more_incidents(what=what, more=more) if more else what


def without_name(label: str, host: str) -> str:
    """The console proposes `CHECK uptime failure` as a policy's name, which often contains the host.

    `host` is its key or its title.
    """
    name = name_of(host).partition(" (")[0]
    if label.lower() == f"{name.partition('.')[0]} uptime failure".lower():
        return label[-len("uptime failure") :]
    parts = _around(name.lower(), literal(label))
    if len(parts) == 1:
        return label
    alone = "".join([parts[0], *(part.removeprefix("/") for part in parts[1:])])
    return " ".join(_JOINING_WORDS.sub("", alone).split())


def _around(name: str, label: str) -> list[str]:
    """The text before, between and after a name, given in lower case, wherever it is a whole word.

    A pattern for each name would take a tenth of a millisecond to compile, and names are many.
    """
    parts, begin, at = list[str](), 0, 0
    lowered = label.lower() if len(label.lower()) == len(label) else label
    while name and (at := lowered.find(name, at)) >= 0:
        end = at + len(name)
        before = _SCHEME.sub("", label[begin:at])
        if not _JOINED_BEFORE.search(before) and not _JOINED_BEHIND.match(label, end):
            parts.append(before)
            begin = end
        at = end
    return [*parts, label[begin:]]


def display_name(person: Person, locale: Locale) -> str:
    """A name to read, never a mention, which would notify the person each time."""
    return inert(cut(person.name or person.id or locale.language.somebody))


def when(moment: datetime, locale: Locale) -> str:
    """In the reader's own time zone where Slack can show that, else in the locale's."""
    return date(moment, locale.language.date_and_time, locale.moment(moment))


def time_of(moment: datetime, now: datetime, locale: Locale, tokens: str = "{time}") -> str:
    """Only the time if it is near, as Slack dates each message; otherwise with the date."""
    if abs(moment - now) >= WITHOUT_DATE:
        return when(moment, locale)
    return date(moment, tokens, tokens.format(time=locale.time(moment)))
