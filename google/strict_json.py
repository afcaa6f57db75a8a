"""JSON from a stranger: an object, or one sentence about what is wrong with it.

What Python's decoder lets pass and this does not: NaN and infinities, numbers too large for a
float, depth, lone surrogates (which no file could hold). Of duplicate keys the last wins.
"""

import json
import re
from math import isfinite
from typing import Any

MAX_DEPTH = 32  # levels; a real delivery has about 7
# One that never ends is taken to the end, and nothing in it is looked at twice: it would take minutes.
STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)


class InvalidPayload(Exception):
    """The body is not what this route takes; the text tells the sender why, and quotes nothing of it."""


def read_object(body: bytes) -> dict[str, Any]:
    if _too_deep(body):
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
        raise InvalidPayload("the JSON holds half of a surrogate pair, which is no text")
    if not isinstance(document, dict):
        raise InvalidPayload("the JSON is not an object")
    return document


def _too_deep(body: bytes) -> bool:
    if body.count(b"[") + body.count(b"{") <= MAX_DEPTH:
        return False
    depth = 0
    for bracket in re.findall(rb"[\[{}\]]", STRINGS.sub(b"", body)):
        depth += 1 if bracket in b"[{" else -1
        if depth > MAX_DEPTH:
            return True
    return False


def _refuse(constant: str) -> float:
    raise InvalidPayload(f"the JSON holds {constant}, which is no number")


def _finite(digits: str) -> float:
    number = float(digits)
    if not isfinite(number):
        raise InvalidPayload("the JSON holds a number too large to be one")
    return number


_decode = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite).decode


def _has_lone_surrogate(document: object) -> bool:
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False
