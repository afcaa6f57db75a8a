"""Renders the reply to `uptime doctor`."""

from collections.abc import Iterator
from datetime import datetime

from digest.google_view import GoogleView
from hosts.examination import Examination, Finding
from languages import Locale
from slack.phrases import remark, time_of
from slack.replies import MAX_REPLY, ROOM_FOR_COUNT
from slack.text import code, cut, inert_but_commands, length, link, quoted

MAX_DETAIL = 250  # characters of a reason why a policy is invalid
MOST_CHANNELS = 3  # are named
MAX_ERROR = 1000  # characters: half a command is of no use


def report(google: GoogleView, now: datetime, locale: Locale) -> str:
    """Returns the reply: what was found when Google was last asked, and why that is not now."""
    if not google.asked:
        return f"⚪ {locale.language.not_asked}"
    problem, error = google.problem(), inert_but_commands(cut(google.error, MAX_ERROR))
    if google.examination:
        failing = f"⚠️ {remark(problem, now, locale)}: {error}" if problem else ""
        return _cut_to_fit(google.examination, failing, now, locale)
    if error:
        return f"⚠️ {locale.language.not_examined(error)}"
    return f"⚪ {locale.language.not_examined_yet}"


def examination_lines(found: Examination, now: datetime, locale: Locale) -> Iterator[str]:
    yield _title(found, "🟢", locale)
    yield from (_row(finding, now, locale) for finding in found.findings)
    yield _as_of(found, now, locale)


def _cut_to_fit(found: Examination, failing: str, now: datetime, locale: Locale) -> str:
    """Only render what fits: with thousands of findings, the rest would hold up the event loop.

    `failing` says that Google can no longer be asked; empty if it can.
    """
    title, rows = _title(found, "⚪" if failing else "🟢", locale), list[str]()
    as_of = "\n".join(filter(None, [_as_of(found, now, locale), failing]))
    room = MAX_REPLY - length(title) - length(as_of) - ROOM_FOR_COUNT
    for row in (_row(finding, now, locale) for finding in found.findings):
        room -= length(row) + 1
        if room < 0:
            break
        rows.append(row)
    left = len(found.findings) - len(rows)
    return "\n".join([title, *rows, *([locale.language.more_lines(left)] if left else []), as_of])


def _title(found: Examination, sign: str, locale: Locale) -> str:
    """`sign` is that of nothing to fix."""
    if found.to_fix:
        return f"*🟡 {locale.language.found(found.to_fix)}*"
    return f"*{sign} {locale.language.all_heard(found.checks)}*"


def _as_of(found: Examination, now: datetime, locale: Locale) -> str:
    said = locale.language.examined(time_of(found.at, now, locale, locale.language.at_time))
    if not found.channels:
        return said
    named = [*map(quoted, found.channels[:MOST_CHANNELS])]
    listed = locale.language.listed(named, len(found.channels) - len(named))
    return f"{said} · {locale.language.own_webhook(listed)}"


def _row(finding: Finding, now: datetime, locale: Locale) -> str:
    language, sign = locale.language, "•" if finding.is_note else "⚠️"
    said = language.findings[finding.fault].format(
        subject=quoted(finding.subject),
        detail=quoted(finding.detail.rstrip("."), MAX_DETAIL),
        duration=locale.duration(finding.duration) if finding.duration else "",
        at=time_of(finding.at, now, locale) if finding.at else "",
    )
    hint = language.hints.get(finding.fault, "").format(
        command=code(finding.command), page=link(finding.link, language.console) if finding.link else ""
    )
    return f"{sign} {said}. {hint}" if hint else f"{sign} {said}"
