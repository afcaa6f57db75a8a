"""Decodes untrusted JSON, more strictly than Python does.

It rejects NaN, infinities, numbers too large for a float, deep nesting, and lone surrogates, which
cannot be saved as UTF-8. Of duplicate keys the last one wins, as in Python.
"""

import json
import re
from math import isfinite
from typing import Any

MAX_DEPTH = 32  # levels; a real delivery has about 7
# Possessive, so that an unterminated string cannot backtrack for minutes.
STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)


class InvalidPayload(Exception):
    """Says what is wrong with a body, without quoting any of it."""


def read_object(body: bytes) -> dict[str, Any]:
    """Raises InvalidPayload."""
    if _is_too_deep(body):
        raise InvalidPayload(f"the JSON is nested deeper than {MAX_DEPTH} levels")
    try:
        text = body.decode("utf-8-sig")  # RFC 8259, 8.1: a byte order mark may be ignored
    except UnicodeDecodeError:
        raise InvalidPayload("the body is not UTF-8") from None
    try:
        document = _decode(text)
    except ValueError:
        raise InvalidPayload("the body is not JSON") from None
    if "\\u" in text and _has_lone_surrogate(document):
        raise InvalidPayload("the JSON contains a lone surrogate, which is not text")
    if not isinstance(document, dict):
        raise InvalidPayload("the JSON is not an object")
    return document


def _is_too_deep(body: bytes) -> bool:
    if body.count(b"[") + body.count(b"{") <= MAX_DEPTH:
        return False
    depth = 0
    for bracket in re.findall(rb"[\[{}\]]", STRINGS.sub(b"", body)):
        depth += 1 if bracket in b"[{" else -1
        if depth > MAX_DEPTH:
            return True
    return False


def _reject_constant(constant: str) -> float:
    raise InvalidPayload(f"the JSON contains {constant}, which is not valid")


def _finite_float(digits: str) -> float:
    number = float(digits)
    if not isfinite(number):
        raise InvalidPayload("the JSON contains a number that is too large")
    return number


_decode = json.JSONDecoder(parse_constant=_reject_constant, parse_float=_finite_float).decode


def _has_lone_surrogate(document: object) -> bool:
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False
