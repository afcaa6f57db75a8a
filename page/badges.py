"""Badges: how one host or all of them stand, as a picture or for shields.io.

They are in English, because they appear in documents and tools compare them.
"""

from datetime import UTC
from typing import NamedTuple

from languages import ENGLISH, Locale
from page.board import Board
from page.phrases import cut, show_invisible
from page.query import Shown

IN_ENGLISH = Locale(UTC, ENGLISH)
MAX_LABEL = 60  # characters
COLORS = {"critical": "#b3261e", "success": "#1f6f54", "important": "#8a5300", "inactive": "#5c6066"}
PADDING = 6
# For Verdana at 11 px, or what browsers use instead: wide, since a cut letter is worse than a little space.
NARROW, WIDE, SQUARE = frozenset("fijlrtI.,:;|!'()[]/ -"), frozenset("mwMW@%"), 12.5


class Badge(NamedTuple):
    """What a badge says."""

    label: str
    message: str
    color: str  # one of those that shields.io names

    def shields(self) -> dict[str, object]:
        """https://shields.io/badges/endpoint-badge"""
        return {"schemaVersion": 1, "label": self.label, "message": self.message, "color": self.color}


UNKNOWN = ("unknown", "inactive")


def badge(board: Board, name: str) -> Badge | None:
    """Return the badge of a host or, without a name, of all; None if there is no such host."""
    if not name:
        return Badge("uptime", *_of_all(board))
    key = board.find(name)
    return None if key is None else Badge(_label(board.titles(key)), *_of_host(board, key))


def unknown_badge(name: str) -> Badge:
    return Badge(_label(name), *UNKNOWN)


def _of_all(board: Board) -> tuple[str, str]:
    """While Google is silent, nobody knows that all is well."""
    digest = board.digest
    if digest.down:
        return f"{len(digest.down):,} down", "critical"
    if board.google_silence or not digest.is_status_known:
        return UNKNOWN
    if digest.warnings:
        return f"{len(digest.warnings):,} warning{'s' if len(digest.warnings) > 1 else ''}", "important"
    return ("up", "success") if digest.total else UNKNOWN


def _of_host(board: Board, key: str) -> tuple[str, str]:
    entry = board.entry(key)
    if entry.shown is Shown.DOWN and entry.since:
        return f"down {IN_ENGLISH.rough_duration(board.now - entry.since)}", "critical"
    if entry.shown is Shown.WARNING:
        return "warning", "important"
    if entry.shown is Shown.MUTED:
        return "muted", "inactive"
    if board.google_silence or not entry.host.is_status_known or entry.shown is Shown.UNWATCHED:
        return UNKNOWN
    return "up", "success"


def _label(name: str) -> str:
    return cut(show_invisible(name), MAX_LABEL)


def width(text: str) -> int:
    """How wide a part of a badge is, in pixels."""
    return round(sum(map(_advance, text)) + 2 * PADDING)


def _advance(char: str) -> float:
    if not char.isascii():
        return SQUARE
    return 4.6 if char in NARROW else 10.5 if char in WIDE else 7.4
