"""Sentences of the page about hosts, mutes and problems, as plain text: its templates escape them."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from digest.model import Digest
from hosts.incident import Incident, Kind, Person
from hosts.model import AuditEntry, Host, Mute
from hosts.outages import FLAPPING_WITHIN, Period, flapping
from hosts.problems import Problem, ProblemKind
from languages import Language, Locale
from page.board import Board, Entry
from page.names import cut, visible

HOUR = timedelta(hours=1)
MAX_PROBLEM = 500  # characters


def headline(digest: Digest, language: Language) -> str:
    """Is anything down? As the digest says it."""
    if not digest.received:
        watched = [language.watched(digest.total)] if digest.total else []
        return " · ".join([language.nothing_received, *watched])
    if not digest.total:
        return language.no_host
    if digest.down:
        return language.some_down(len(digest.down), digest.total)
    if digest.warnings:
        return language.none_down(digest.total)
    return language.all_up(digest.total, digest.hidden)


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
        parts.append(language.page.up_count(len(digest.up)))
    parts += [language.muted(digest.hidden, digest.hidden_down)] if digest.muted else []
    if last_heard:
        parts.append(language.page.last_heard(locale.duration(board.now - last_heard)))
    return parts


def what_failed(incidents: Sequence[Incident], language: Language) -> str:
    first, more = incidents[0], len(incidents) - 1
    what = foreign(first.policy or first.condition) or language.incident
    return language.and_more_incidents(what, more) if more else what


def kind(incidents: Sequence[Incident], language: Language) -> str:
    """What may be told to everybody: what people called a policy may not."""
    found = incidents[0].kind
    return "" if found is Kind.DOWNTIME else language.kinds[found]


def link(incidents: Sequence[Incident]) -> str:
    """Google's page of the incident. Anything but https could be made to do something."""
    url = incidents[0].url
    return url if url.lower().startswith("https://") and not re.search(r"[\x00-\x20\x7f]", url) else ""


def notes(entry: Entry, host: Host, now: datetime, language: Language) -> list[str]:
    """What makes the state of a host less certain."""
    found = [language.close_may_be_lost] if entry.doubtful else []
    found += [language.unheard] if not entry.host.was_heard_of else []
    if outages := flapping(host, now):
        found.append(language.flapping(outages, FLAPPING_WITHIN // HOUR))
    return found


def back_for(last: Period | None, now: datetime, locale: Locale) -> str:
    """Of a host that is up: whether that is so for less than a day."""
    if last is None or last.ended is None or now - last.ended >= timedelta(days=1):
        return ""
    return locale.language.page.back_for(locale.duration(now - last.ended), locale.duration(last.lasted(now)))


def person(who: Person, language: Language) -> str:
    return foreign(who.name or who.id) or language.somebody


def muted(entry: Entry, locale: Locale, *, in_full: bool) -> str:
    """Who muted a host, until when and why, and how it stands behind that."""
    language, host = locale.language, entry.host
    stands = language.statuses[host.status] if host.open else ""
    now = language.page.now(stands) if stands else ""
    if entry.mute is None or not in_full:
        return now
    return "; ".join(filter(None, (mute(entry.mute, locale), now)))


def mute(given: Mute, locale: Locale) -> str:
    who = person(Person(given.by, given.by_name), locale.language)
    return locale.language.page.muted_by(who, until(given, locale), foreign(given.reason))


def until(given: Mute | AuditEntry, locale: Locale) -> str:
    language = locale.language
    if given.until:
        return language.until(language.page.moment(given.until.astimezone(locale.zone)))
    return language.until_up if given.until_up else language.until_restored


def problem(sentence: str, locale: Locale) -> str:
    """What is wrong with this program, in the readers' language if that is known of it."""
    if not isinstance(sentence, Problem):
        return cut(visible(sentence), MAX_PROBLEM)
    detail = sentence.detail
    if sentence.kind is ProblemKind.SILENT:
        detail = locale.duration(timedelta(seconds=int(detail)))
    told = plain(locale.language.problems[sentence.kind]).format(file=sentence.file, detail=detail)
    return cut(visible(told), MAX_PROBLEM)


def plain(marked: str) -> str:
    """Our own words without the marks that Slack formats by."""
    return re.sub(r"[*`]", "", marked)


def foreign(text: str) -> str:
    return cut(visible(" ".join(text.split())))
