"""What is answered about what people did: a resolution, and the log."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo

from slack.languages import ENGLISH, Language
from slack.replies import fit, standing
from slack.text import code, inert
from slack.wording import cut, lasting, person, when
from state.deeds import Deed
from state.model import Host
from state.outages import DOUBT_AFTER


def resolved(
    hosts: Iterable[Host],
    zone: tzinfo,
    now: datetime,
    language: Language = ENGLISH,
    doubt_after: timedelta = DOUBT_AFTER,
) -> str:
    """The same for the one who resolved it and for whoever asks again."""
    return fit([_resolved(host, zone, now, language, doubt_after) for host in hosts], language)


def _resolved(host: Host, zone: tzinfo, now: datetime, language: Language, doubt_after: timedelta) -> str:
    name, last = code(host.name), host.past[-1] if host.past else None
    if host.open:  # Google has said so again meanwhile
        return standing(host, now, language, doubt_after)
    if last is None or last.ended is None or last.resolved_by is None:
        return f"👌 {language.nothing_to_resolve(name)}"
    count = sum(i.resolved_by is not None and i.ended == last.ended for i in host.past)
    who, at = person(last.resolved_by, language), when(last.ended, zone, language)
    return f"☑️ {language.resolved(name, count, who, at)}"


def log(deeds: Sequence[Deed], zone: tzinfo, language: Language = ENGLISH) -> str:
    """The latest first, as many as fit."""
    if not deeds:
        return language.nothing_logged
    return fit([language.log_title, *(_row(deed, zone, language) for deed in reversed(deeds))], language)


def _row(deed: Deed, zone: tzinfo, language: Language) -> str:
    who, what = person(deed.by, language), code(cut(deed.what))
    parts = [language.deed(deed.did, who, what, when(deed.at, zone, language))]
    parts += [lasting(deed, zone, language)] if deed.until or deed.until_up else []
    parts += [language.because(inert(deed.reason))] if deed.reason else []
    return f"• {' · '.join(parts)}"
