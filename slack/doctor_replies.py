"""Renders what keeps Google's notifications from arriving."""

from collections.abc import Iterator
from datetime import datetime

from digest.google_view import GoogleView
from hosts.notifying import Examination, Finding
from languages import Locale
from slack.phrases import cut, time_of
from slack.replies import fit
from slack.text import code, inert, link

MAX_DETAIL = 250  # characters of why a policy is invalid


def report(google: GoogleView, now: datetime, locale: Locale) -> str:
    """The reply to `uptime doctor`: what was found the last time that Google was asked."""
    if not google.asked:
        return f"⚪ {locale.language.not_asked}"
    if google.examination:
        return fit(examination_lines(google.examination, now, locale), locale)
    if google.error:
        return f"⚠️ {locale.language.not_examined(inert(cut(google.error, MAX_DETAIL)))}"
    return f"⚪ {locale.language.not_examined_yet}"


def examination_lines(found: Examination, now: datetime, locale: Locale) -> Iterator[str]:
    language = locale.language
    to_mend = found.to_mend
    title = f"🟡 {language.found(to_mend)}" if to_mend else f"🟢 {language.all_heard(found.checks)}"
    yield f"*{title}*"
    for finding in found.findings:
        yield f"{'•' if finding.is_note else '⚠️'} {_finding(finding, now, locale)}"
    yield language.examined(time_of(found.at, now, locale, language.at_time))


def _finding(finding: Finding, now: datetime, locale: Locale) -> str:
    language = locale.language
    said = language.findings[finding.fault].format(
        subject=code(cut(finding.subject)),
        detail=code(cut(finding.detail, MAX_DETAIL)),
        duration=locale.duration(finding.duration) if finding.duration else "",
        at=time_of(finding.at, now, locale) if finding.at else "",
    )
    cure = language.cures.get(finding.fault, "").format(
        command=code(finding.command), page=link(finding.link, language.console) if finding.link else ""
    )
    return f"{said}. {cure}" if cure else said
