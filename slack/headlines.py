"""The first line of digests and alerts, and the sentences that phones show and screen readers read."""

from collections.abc import Callable, Sequence

from digest.alerts import AlertBatch
from digest.headline import is_about_muted, status_sentence
from digest.model import Digest, Down, Recovery
from hosts.incident import UNSEEN, Ending
from languages import Language, Locale
from slack.text import bare, cut, length, link, quoted

MOST_NAMES = 5  # in one sentence of a notification
LONGEST_NAMES = 600  # characters of them, once they are escaped


def sign(digest: Digest) -> str:
    if digest.down:
        return "🔴"
    if digest.warnings or digest.faults or digest.muted_down_count:
        return "🟡"
    are_all_muted = digest.muted_count and not digest.snoozed
    return "🟢" if digest.is_status_known and (digest.total or are_all_muted) else "⚪"


def headline(digest: Digest, locale: Locale) -> str:
    """Mrkdwn that answers whether anything is down."""
    return _linked(digest, locale, _counts(digest, locale.language, len(digest.ended(Ending.RECOVERED))))


def down_headline(digest: Digest, locale: Locale) -> str:
    """The same, without what is up or has recovered."""
    return _linked(digest, locale, _muted_count(digest, locale.language))


def _linked(digest: Digest, locale: Locale, counts: Sequence[str]) -> str:
    """Links the whole line, which is easy to tap on a phone. Slack allows no code spans in links."""
    if locale.page:
        return link(locale.page, " · ".join([status_sentence(digest, locale.language, cut), *counts]))
    return " · ".join([status_sentence(digest, locale.language, quoted), *counts])


def _counts(digest: Digest, language: Language, recovered: int = 0) -> list[str]:
    return [
        *_said(
            (len(digest.warnings), language.warnings),
            (recovered, language.recovered),
            (len(digest.ended(*UNSEEN)), language.closed),
            (len(digest.ended(Ending.RESOLVED)), language.resolved_count),
            (len(digest.snoozed) if digest.total else 0, language.snoozed_count),
        ),
        *_muted_count(digest, language),
    ]


def _said(*counts: tuple[int, Callable[[int], str]]) -> list[str]:
    return [say(count) for count, say in counts if count]


def _muted_count(digest: Digest, language: Language) -> list[str]:
    """Empty where the status already says that all are muted."""
    if is_about_muted(digest) or not digest.muted_count:
        return []
    return [language.muted(digest.muted_count, digest.muted_down_count)]


def digest_notification(digest: Digest, locale: Locale, part: str) -> str:
    """`part` is such as " (2/5)"."""
    language, recovered = locale.language, digest.ended(Ending.RECOVERED)
    sentences = [*_down(digest.down, locale), *_recovered(recovered, locale)]
    is_said = digest.down or (recovered and digest.total == 1)
    sentences += [] if is_said else [status_sentence(digest, language, lambda name: bare(cut(name)))]
    sentences += _counts(digest, language)
    sentences += _said((len(digest.up) if digest.down else 0, language.up))
    said = f"{sign(digest)} {' · '.join(sentences)}{part}"
    return language.notification(sentences=said, at=locale.moment(digest.at))


def alert_headline(batch: AlertBatch, locale: Locale) -> str:
    language = locale.language
    ended = {how: sum(entry.last.ending is how for entry in batch.recovered) for how in Ending}
    counts = _said(
        (len(batch.down), language.went_down),
        (len(batch.still_down), language.still_down),
        (ended[Ending.RECOVERED], language.up_again),
        (sum(ended[how] for how in UNSEEN), language.closed),
        (ended[Ending.RESOLVED], language.resolved_count),
    )
    return f"{_alert_sign(batch)} {' · '.join(counts)}"


def alert_notification(batch: AlertBatch, locale: Locale) -> str:
    language = locale.language
    ended = {how: [entry for entry in batch.recovered if entry.last.ending is how] for how in Ending}
    still = [entry.host.name for entry in batch.still_down]
    sentences = [
        *_down(batch.down, locale),
        *([language.are_still_down(names=_few(still, locale), count=len(still))] if still else []),
        *_recovered(ended[Ending.RECOVERED], locale),
    ]
    for ending in Ending:
        if ending is not Ending.RECOVERED and (names := _names(ended[ending])):
            how = language.endings[ending]
            sentences.append(language.have_ended(names=_few(names, locale), count=len(names), how=how))
    return f"{_alert_sign(batch)} {' · '.join(sentences)}"


def _alert_sign(batch: AlertBatch) -> str:
    if batch.down or batch.still_down:
        return "🔴"
    return "🟢" if any(entry.last.ending is Ending.RECOVERED for entry in batch.recovered) else "⚪"


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
