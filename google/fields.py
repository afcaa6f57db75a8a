"""Reads single values from Google's JSON, where anything may be missing or of another type."""

import json
import re
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

MAX_TEXT, MAX_ID = 512, 128  # characters
MAX_OBJECT = 64 * 1024  # bytes
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)  # of a plausible time
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
DURATION = re.compile(r"(\d{1,9})(?:\.\d{1,9})?s", re.ASCII)


def json_object(content: bytes) -> dict[str, Any] | None:
    """Parse a JSON object; None if it is something else, or too long to be read in one go."""
    try:
        document = json.loads(content) if len(content) <= MAX_OBJECT else None
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def mapping(fields: dict[str, Any], key: str) -> dict[str, Any]:
    value = fields.get(key)
    return value if isinstance(value, dict) else {}


def text(fields: dict[str, Any], key: str) -> str:
    value = fields.get(key)
    return value if isinstance(value, str) else ""


def texts(fields: dict[str, Any], key: str) -> list[str]:
    value = fields.get(key)
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def mappings(fields: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = fields.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def clean(value: object) -> str:
    """Make it one printable line: control, invisible and bidirectional characters become spaces."""
    if not isinstance(value, str):
        return ""
    if not value.isprintable():
        value = " ".join("".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in value).split())
    return value.strip()[:MAX_TEXT].rstrip()


def last_segment(name: str) -> str:
    """The id in `projects/P/alerts/ID`; empty if the text does not look like that."""
    found = name.rpartition("/")[2]
    return found if len(found) <= MAX_ID and found.isprintable() else ""


def timestamp(fields: dict[str, Any], key: str) -> datetime | None:
    """Parse a time (RFC 3339), cut to seconds as in webhooks; None if it is not plausible."""
    written = text(fields, key)
    if not TIME.fullmatch(written):
        return None
    try:
        moment = datetime.fromisoformat(written).astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        return None
    return moment if EARLIEST <= moment < LATEST else None


def duration(fields: dict[str, Any], key: str) -> timedelta | None:
    """`60s`."""
    found = DURATION.fullmatch(text(fields, key))
    return timedelta(seconds=int(found[1])) if found else None
