"""The sentence that answers whether anything is down, for digests and the web page."""

from collections.abc import Callable

from digest.model import Digest
from languages import Language


def status_sentence(digest: Digest, language: Language, name: Callable[[str], str]) -> str:
    """Say whether anything is down. Where there is one host, `name` says how to write its name."""
    total = digest.total
    if not digest.is_status_known and (total or digest.muted_count or not digest.has_received):
        if digest.has_received and total:
            return language.nothing_received_of(total)
        return " · ".join([language.nothing_received, *([language.watched(total)] if total else [])])
    if not total:
        return _without_any(digest, language)
    if digest.down:
        only = language.only_down(name(digest.down[0].host.name))
        return only if total == 1 else language.some_down(len(digest.down), total)
    if digest.warnings:
        only = language.only_warned(name(digest.warnings[0].host.name))
        return only if total == 1 else language.none_down(total)
    return language.only_up(name(digest.up[0])) if total == 1 else language.all_up(total)


def is_about_muted(digest: Digest) -> bool:
    """Whether the sentence already says how many are muted: no other host counts."""
    return digest.is_status_known and not (digest.total or digest.snoozed)


def _without_any(digest: Digest, language: Language) -> str:
    """Say why no host counts: all are snoozed or muted, or there are none."""
    if digest.snoozed:
        return language.snoozed_count(len(digest.snoozed))
    down = digest.muted_down_count
    return language.all_muted(digest.muted_count, down) if digest.muted_count else language.no_host
