"""Values of a parsed state file, each checked as it is read: a correct checksum does not guarantee types.

All but `is_encodable` return the value, or raise ValueError.
"""

from datetime import UTC, datetime
from typing import Any

MAX_INTEGER = 2**53  # above it, some JSON parsers lose digits
# A day from either end of the calendar, so that no time zone can lead beyond it.
EARLIEST, LATEST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
FIRST_SECOND, LAST_SECOND = int(EARLIEST.timestamp()), int(LATEST.timestamp())


def text(value: object) -> str:
    if type(value) is not str or not (value.isascii() or is_encodable(value)):
        raise ValueError("not a text")
    return value


def is_encodable(text: str) -> bool:
    """Whether it has no lone surrogate."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def number(value: object) -> int:
    if type(value) is not int or not 0 <= value < MAX_INTEGER:
        raise ValueError("not a number")
    return value


def boolean(value: object) -> bool:
    if type(value) is not bool:
        raise ValueError("not a boolean")
    return value


def moment(value: object) -> datetime:
    found = datetime.fromisoformat(text(value))
    if found.tzinfo is None or not EARLIEST <= found <= LATEST:
        raise ValueError("not a moment")
    return found


def moment_or_none(value: object) -> datetime | None:
    return None if value is None else moment(value)


def items(value: object) -> list[Any]:
    if type(value) is not list:
        raise ValueError("not a list")
    return value


def texts(value: object) -> tuple[str, ...]:
    return tuple(map(text, items(value)))


def mapping(value: object) -> dict[str, Any]:
    if type(value) is not dict:
        raise ValueError("not an object")
    for key in value:
        text(key)
    return value
