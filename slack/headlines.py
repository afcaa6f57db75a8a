"""The first line of digests and alerts, and the sentences that phones show and screen readers read."""

from collections.abc import Callable, Sequence

from digest.alerts import AlertBatch
from digest.model import Digest, Down, Recovery
from hosts.incident import UNSEEN, Ending
from languages import Language, Locale
from slack.phrases import cut
from slack.text import bare, code, length, link

MOST_NAMES = 5  # in one sentence of a notification
LONGEST_NAMES = 600  # characters of them, once they are escaped


def sign(digest: Digest) -> str:
    if digest.down:
        return "🔴"
    if digest.warnings or digest.faults or digest.muted_down_count:
        return "🟡"
    return "🟢" if digest.is_heard_of and (digest.total or not digest.snoozed) else "⚪"


def headline(digest: Digest, locale: Locale) -> str:
    """Mrkdwn that answers whether anything is down."""
    return _linked(digest, locale, _counts(digest, locale))


def down_headline(digest: Digest, locale: Locale) -> str:
    """The same, but of what is up or well again it says nothing."""
    return _linked(digest, locale, _muted_count(digest, locale))


def _linked(digest: Digest, locale: Locale, counts: Sequence[str]) -> str:
    """Link the whole line, which is easy to tap on a phone. Slack allows no code spans in links."""
    if locale.page:
        return link(locale.page, " · ".join([status(digest, locale, str), *counts]))
    return " · ".join([status(digest, locale), *counts])


def status(digest: Digest, locale: Locale, name: Callable[[str], str] = code) -> str:
    """Whether anything is down; of a single host, by its name."""
    language, total = locale.language, digest.total
    if not digest.is_heard_of and (total or digest.muted_count or not digest.has_received):
        if digest.has_received and total:
            return language.nothing_received_of(total)
        return " · ".join([language.nothing_received, *([language.watched(total)] if total else [])])
    if total == 1:
        return _only_status(digest, locale, name)
    if not total:
        return _without_any(digest, language)
    if digest.down:
        return language.some_down(len(digest.down), total)
    return language.none_down(total) if digest.warnings else language.all_up(total)


def _without_any(digest: Digest, language: Language) -> str:
    """The status when every host is snoozed or muted."""
    if digest.snoozed:
        return language.snoozed_count(len(digest.snoozed))
    down = digest.muted_down_count
    return language.all_muted(digest.muted_count, down) if digest.muted_count else language.no_host


def _only_status(digest: Digest, locale: Locale, name: Callable[[str], str]) -> str:
    language = locale.language
    if digest.down:
        return language.only_down(name(cut(digest.down[0].host.name)))
    if digest.warnings:
        return language.only_warned(name(cut(digest.warnings[0].host.name)))
    return language.only_up(name(cut(digest.up[0])))


def _counts(digest: Digest, locale: Locale) -> list[str]:
    recovered = len(digest.ended(Ending.RECOVERED))
    return [
        *([locale.language.warnings(len(digest.warnings))] if digest.warnings else []),
        *([locale.language.recovered(recovered)] if recovered else []),
        *_other_counts(digest, locale),
    ]


def _snoozed_count(digest: Digest, locale: Locale) -> list[str]:
    """Count snoozed hosts; empty if the status already says that there are no others."""
    return [locale.language.snoozed_count(len(digest.snoozed))] if digest.snoozed and digest.total else []


def _other_counts(digest: Digest, locale: Locale) -> list[str]:
    closed, resolved = len(digest.ended(*UNSEEN)), len(digest.ended(Ending.RESOLVED))
    return [
        *([locale.language.closed(closed)] if closed else []),
        *([locale.language.resolved_count(resolved)] if resolved else []),
        *_snoozed_count(digest, locale),
        *_muted_count(digest, locale),
    ]


def _muted_count(digest: Digest, locale: Locale) -> list[str]:
    """Nothing where the status is that all are muted."""
    is_said = digest.is_heard_of and not digest.total
    if is_said or not digest.muted_count:
        return []
    return [locale.language.muted(digest.muted_count, digest.muted_down_count)]


def digest_notification(digest: Digest, locale: Locale, part: str = "") -> str:
    """`part` is such as " (2/5)"."""
    language, recovered = locale.language, digest.ended(Ending.RECOVERED)
    sentences = [*_down(digest.down, locale), *_recovered(recovered, locale)]
    is_said = digest.down or (recovered and digest.total == 1)
    sentences += [] if is_said else [status(digest, locale, bare)]
    sentences += [language.warnings(len(digest.warnings))] if digest.warnings else []
    sentences += _other_counts(digest, locale)
    sentences += [language.up(len(digest.up))] if digest.down and digest.up else []
    said = f"{sign(digest)} {' · '.join(sentences)}{part}"
    return language.notification(sentences=said, at=locale.moment(digest.at))


def alert_headline(batch: AlertBatch, locale: Locale) -> str:
    language = locale.language
    ended = {how: sum(entry.ending is how for entry in batch.recovered) for how in Ending}
    counts = (
        (len(batch.down), language.went_down),
        (len(batch.still_down), language.still_down),
        (ended[Ending.RECOVERED], language.up_again),
        (sum(ended[how] for how in UNSEEN), language.closed),
        (ended[Ending.RESOLVED], language.resolved_count),
    )
    return f"{_alert_sign(batch)} {' · '.join(say(count) for count, say in counts if count)}"


def alert_notification(batch: AlertBatch, locale: Locale) -> str:
    language = locale.language
    ended = {how: [entry for entry in batch.recovered if entry.ending is how] for how in Ending}
    still = [entry.host.name for entry in batch.still_down]
    sentences = [
        *_down(batch.down, locale),
        *([language.are_still_down(names=_few(still, locale), count=len(still))] if still else []),
        *_recovered(ended[Ending.RECOVERED], locale),
    ]
    for ending, how in language.endings.items():
        if names := _names(ended[ending]):
            sentences.append(language.have_ended(names=_few(names, locale), count=len(names), how=how))
    return f"{_alert_sign(batch)} {' · '.join(sentences)}"


def _alert_sign(batch: AlertBatch) -> str:
    if batch.down or batch.still_down:
        return "🔴"
    return "🟢" if any(entry.ending is Ending.RECOVERED for entry in batch.recovered) else "⚪"


def _down(entries: Sequence[Down], locale: Locale) -> list[str]:
    names = _names(entries)
    return [locale.language.are_down(names=_few(names, locale), count=len(names))] if names else []


def _recovered(entries: Sequence[Recovery], locale: Locale) -> list[str]:
    if not entries:
        return []
    names = _names(entries)
    lasted = locale.duration(entries[0].lasted) if len(entries) == len(entries[0].outages) == 1 else ""
    return [locale.language.are_up_again(_few(names, locale), len(names), lasted)]


def _names(entries: Sequence[Down] | Sequence[Recovery]) -> list[str]:
    return [entry.host.name for entry in entries]


def _few(names: Sequence[str], locale: Locale) -> str:
    """A handful of names, and how many more there are."""
    shown: list[str] = []
    for name in map(bare, map(cut, names[:MOST_NAMES])):
        if shown and length("".join([*shown, name])) > LONGEST_NAMES:
            break
        shown.append(name)
    return locale.language.listed(shown, len(names) - len(shown))
