"""What the page says about hosts, mutes and problems. Templates escape it.

Names and texts from outside have their invisible characters spelled out.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from digest.headline import is_about_muted, status_sentence
from hosts.incident import Ending, Incident, Kind, Person, is_web_address
from hosts.model import AuditEntry, Mute, Status
from hosts.outages import FLAPPING_WITHIN, Period, current_outage
from hosts.problems import Problem
from languages import Language, Locale
from page.board import Board, Entry
from page.query import Shown

HOUR = timedelta(hours=1)
BACK_FOR_UP_TO = timedelta(days=1)  # after that it is no longer news
MAX_PROBLEM = 500  # characters
MAX_SHOWN = 100  # characters of a name or a text
# Letters and marks by category, yet invisible.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_CONTROLS = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def headline(board: Board, language: Language) -> str:
    """Say whether anything is down, as a digest does; name the host if it is the only one."""
    return status_sentence(board.digest, language, lambda key: cut(show_invisible(board.titles(key))))


def emphasized(sentence: str, language: Language) -> tuple[str, str, str]:
    """A headline before, in and after its number."""
    found = re.search(language.page.number, sentence)
    if found is None:
        return sentence, "", ""
    return sentence[: found.start()], found[0], sentence[found.end() :]


def also(board: Board, last_heard: datetime | None, locale: Locale) -> list[str]:
    """What follows the headline."""
    digest, language = board.digest, locale.language
    parts = [language.warnings(len(digest.warnings))] if digest.warnings else []
    if (digest.down or digest.warnings) and digest.up:
        parts.append(language.up(len(digest.up)))
    if digest.muted and not is_about_muted(digest):
        parts.append(language.muted(digest.muted_count, digest.muted_down_count))
    if last_heard:
        parts.append(language.page.last_heard(locale.duration(board.now - last_heard)))
    return parts


def what_failed(incidents: Sequence[Incident], language: Language) -> str:
    first, more = incidents[0], len(incidents) - 1
    what = foreign(first.policy or first.condition) or language.incident
    return language.and_more_incidents(what=what, more=more) if more else what


def kind(incidents: Sequence[Incident], language: Language) -> str:
    """The kind of incident, which everybody may see, unlike the name of its policy."""
    found = incidents[0].kind
    return "" if found is Kind.DOWNTIME else language.kinds[found]


def link(incidents: Sequence[Incident]) -> str:
    """Google's page of the first incident; empty if it may not become a link, or is not encrypted."""
    url = incidents[0].url
    return url if is_web_address(url) and url.lower().startswith("https:") else ""


def word(entry: Entry, now: datetime, language: Language) -> str:
    """Return the word for a host's status."""
    if entry.host.snoozed_until(now):
        return language.page.snoozed
    own = {Shown.MUTED: language.muted_mark, Shown.UNWATCHED: language.page.unwatched}
    return own.get(entry.shown) or language.statuses[Status(entry.shown)]


def notes(entry: Entry, flapping: int, now: datetime, locale: Locale) -> list[str]:
    """What its name is if not a host's, and what makes the state less certain."""
    language, host = locale.language, entry.host
    outage = current_outage(host) if entry.doubtful else None
    named_by = language.named_by.get(min(i.named_by for i in host.open)) if host.open else None
    found = [f"({named_by})"] if named_by else []
    found += [language.absent] if outage and outage.is_absent else []
    found += [language.close_may_be_lost] if entry.doubtful else []
    if host.is_unwatched or not host.is_status_known:
        found.append(locale.status(host))
    if until := host.snoozed_until(now):
        found.append(language.snoozed(moment(until, locale)))
    if host.open and all(incident.listed for incident in host.open):
        found.append(language.by_list)
    if flapping:
        found.append(language.flapping(outages=flapping, hours=FLAPPING_WITHIN // HOUR))
    return found


def back_for(last: Period | None, now: datetime, locale: Locale, *, in_full: bool) -> str:
    """Say for how long a host has been back or who resolved its outage, if that is news."""
    if last is None or last.ended is None or now - last.ended >= BACK_FOR_UP_TO:
        return ""
    language, lasted = locale.language, locale.duration(last.lasted(now))
    if last.ending is Ending.RECOVERED:
        return language.page.back_for(lasting=locale.duration(now - last.ended), was_down=lasted)
    if last.resolved_by and in_full:
        return language.resolution(moment(last.ended, locale), lasted, 1, person(last.resolved_by, language))
    return ""


def person(who: Person, language: Language) -> str:
    return foreign(who.name or who.id) or language.somebody


def muted(entry: Entry, locale: Locale, *, in_full: bool) -> str:
    """Who muted a host, until when and why, how it is now, and what else mutes it after that."""
    language, host = locale.language, entry.host
    stands = language.statuses[host.status] if host.open else ""
    now = language.status_now(stands) if stands else ""
    if entry.mute is None or not in_full:
        return now
    who = person(entry.mute.by, language)
    by = language.page.muted_by(who, until(entry.mute, locale), foreign(entry.mute.reason))
    also = (
        language.also_muted(name=foreign(mute.host), who=person(mute.by, language), until=until(mute, locale))
        for mute in entry.also
    )
    return "; ".join(filter(None, (by, now, *also)))


def until(given: Mute | AuditEntry, locale: Locale) -> str:
    return locale.mute_end(given, lambda at: moment(at, locale))


def moment(at: datetime, locale: Locale) -> str:
    """A short date and time, without the zone."""
    return locale.language.page.moment(at.astimezone(locale.zone))


def problem(found: Problem, locale: Locale) -> str:
    """What is wrong with this program, in the readers' language."""
    return cut(show_invisible(locale.problem(found, lambda at: moment(at, locale))), MAX_PROBLEM)


def foreign(text: str) -> str:
    return cut(show_invisible(" ".join(text.split())))


class Label(NamedTuple):
    """A name to show. A line may break between its parts; `whole` is empty unless it had to be cut."""

    parts: tuple[str, ...]
    whole: str = ""


def show_invisible(text: str) -> str:
    """Replace every character that shows nothing, or rearranges others, by its code: `⟨U+202E⟩`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"⟨U+{ord(char):04X}⟩" if _is_unseen(char) else char for char in text)


def cut(text: str, most: int = MAX_SHOWN) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def label(name: str) -> Label:
    """A host's name, with a chance to break after every dot."""
    seen = show_invisible(name)
    *parts, last = cut(seen).split(".")
    parts = [f"{part}." for part in parts]
    return Label(tuple(filter(None, [*parts, last])), seen if len(seen) > MAX_SHOWN else "")


def _is_unseen(char: str) -> bool:
    if char in _BLANK or 0xFE00 <= ord(char) <= 0xFE0F or 0xE0000 <= ord(char) <= 0xE0FFF:
        return True
    category = unicodedata.category(char)
    return category in _CONTROLS or (category == "Zs" and char != " ")
