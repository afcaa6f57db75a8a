"""Parses a page of a list in slices, so that 1,000 alerts do not hold up the event loop."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Generator, Iterator
from typing import Any

from google.refusals import GoogleError
from turns import TURN

SPACE = re.compile(r"[ \t\r\n]*")
NOT_JSON = "Google's answer is not the expected JSON; something in between may have changed it"
_decode = json.JSONDecoder().raw_decode


class Page:
    """The objects under one key of a page. `next_token`, known once all are read, leads to the next page."""

    def __init__(self, body: bytes, key: str) -> None:
        self._body = body
        self._key = key
        self.next_token = ""

    async def items(self) -> AsyncIterator[dict[str, Any]]:
        """Raises GoogleError."""
        found, begun = self._items(), time.perf_counter()
        while True:
            try:
                item = next(found)
            except StopIteration:
                return
            except (ValueError, IndexError, RecursionError):
                raise GoogleError(NOT_JSON) from None
            yield item
            if time.perf_counter() - begun > TURN:  # including what was made of the items
                await asyncio.sleep(0)
                begun = time.perf_counter()

    def _items(self) -> Iterator[dict[str, Any]]:
        text = self._body.decode()
        at = _after("{", text, 0)
        if text[at] == "}":
            return
        while True:
            key, at = _decode(text, at)
            at = _after(":", text, _skip(text, at))
            _require(str, key)
            if key == self._key:
                at = yield from _array(text, at)
            else:
                value, at = _decode(text, at)
                if key == "nextPageToken" and isinstance(value, str):
                    self.next_token = value
            at = _skip(text, at)
            if text[at] == "}":
                return
            at = _after(",", text, at)


def _array(text: str, at: int) -> Generator[dict[str, Any], None, int]:
    """Yield the objects of an array, and return where it ends."""
    at = _after("[", text, at)
    while text[at] != "]":
        value, at = _decode(text, at)
        _require(dict, value)
        yield value
        at = _skip(text, at)
        if text[at] != "]":
            at = _after(",", text, at)
    return at + 1


def _require(kind: type, value: object) -> None:
    if not isinstance(value, kind):
        raise ValueError(kind)  # noqa: TRY004 - handled like any other mistake in the JSON


def _after(char: str, text: str, at: int) -> int:
    """The position after white space and the character that must come next."""
    at = _skip(text, at)
    if text[at] != char:
        raise ValueError(char)
    return _skip(text, at + 1)


def _skip(text: str, at: int) -> int:
    found = SPACE.match(text, at)
    return found.end() if found else at
