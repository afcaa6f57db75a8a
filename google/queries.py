"""Reads which values a filter or query accepts for a label, whatever language it is written in.

`required_value` finds one label, to name a host, and passes over what it does not understand.
`accepted_values` finds every label, to learn what a policy covers, and says where it does not understand.
"""

import re
from functools import lru_cache
from itertools import islice
from typing import Any

from google.fields import mapping, text
from hosts.names import canonical

# PromQL and MQL have comments that begin with #, log filters with --, SQL both and /* */.
# Strings come first, as they may hold any of these. Possessive, the end optional: that stays linear.
_STRING = r"""(?P<string>"(?:[^"\\]|\\.)*+"?|'(?:[^'\\]|\\.)*+'?|`[^`]*+`?)"""
COMMENT_START = re.compile(r"#|--|/\*")
HASH_COMMENT = re.compile(rf"{_STRING}|#[^\n]*", re.DOTALL)
COMMENT = re.compile(rf"{_STRING}|(?:#|--)[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
MAX_QUERY = 16 * 1024  # characters that are read: 256 KB of comments would hold up the loop for 20 ms
MAX_FILTER = 4096  # characters
# Compares a label with a string or with a function of strings, in a filter, PromQL or MQL. Possessive and
# bounded, so that no input takes long.
COMPARISON = re.compile(
    r"""(?<!\w)(?P<label>\w++)["'`\])]*+\s*+(?P<by>!=|!~|=~|==?|:)\s*+"""
    r"""(?:(?P<function>[\w.]++)\(\s*+(?P<list>(?:["'][^"']*+["']\s*+,?\s*+)*+)\)"""
    r"""|(?P<quote>["'`])(?P<value>.{0,300}?)(?P=quote))"""
)
QUOTED = re.compile(r"""["']([^"']*)["']""")
ALTERNATIVES = re.compile(r"\^?\(?((?:[\w:-]|\\?\.)+(?:\|(?:[\w:-]|\\?\.)+)*)\)?\$?")
EXACT, REGEXES = ("", "one_of"), ("monitoring.regex.full_match",)
# What comes before a label, read backwards: the path to it, perhaps NOT or a minus. Searching forwards
# would try every start, which takes 15 times as long.
_BEFORE = re.compile(r"""(?P<path>["'`$.\[]*+(?:\s*,)?[\w.]*(?:\s*\(\w+)?)(?P<no>\s+TON\b|-(?!\w))?""")
_MAX_BEFORE, _MAX_COMPARISONS = 100, 50  # characters; of one query
_PLAIN = re.compile(r"[\w.:-]+")


def condition_text(incident: dict[str, Any], *keys: str) -> str:
    """Join the filters and queries of the condition, whatever its type."""
    parts = [(name, part) for name, part in mapping(incident, "condition").items() if isinstance(part, dict)]
    return "\n".join(
        _without_comments(written[:MAX_QUERY], name)
        for name, part in parts
        for key in keys or ("filter", "query")
        if (written := text(part, key))
    )


# Called six times per incident: 1,000 comments take 0.8 ms instead of 3.2.
@lru_cache(maxsize=4)
def _without_comments(text: str, condition_type: str) -> str:
    if not COMMENT_START.search(text):  # nearly always
        return text
    comment = HASH_COMMENT if condition_type.endswith("QueryLanguage") else COMMENT
    return comment.sub(lambda found: found["string"] or " ", text)


def required_value(label: str, text: str) -> str:
    """The only value that a filter or query accepts for a label, or an empty string.

    Negations such as `host!="a"` and `NOT host="a"` do not count, nor do fields of a log entry such as
    `jsonPayload.host="a"`. A regular expression counts if it is a plain name: `host=~"a"`.
    """
    if label not in text:
        return ""
    pattern = rf"""(?<![\w-]){label}["'`\])]*\s*(?P<by>==?|=~)\s*(?P<quote>["'`])(?P<value>.*?)(?P=quote)"""
    comparisons = islice(re.finditer(pattern, text), _MAX_COMPARISONS)
    values = [value for comparison in comparisons if (value := _accepted_value(comparison))]
    return values[0] if len({canonical(value) for value in values}) == 1 else ""


def accepted_values(written: str) -> dict[str, list[str] | None]:
    """The values that a filter or query accepts for each label; None if they are not understood."""
    found: dict[str, list[str] | None] = {}
    for comparison in COMPARISON.finditer(written[:MAX_FILTER]):
        label, values = comparison["label"], _alternatives(comparison)
        before = found.get(label, [])
        found[label] = None if before is None or values is None else before + values
    if len(written) > MAX_FILTER:
        found[""] = None
    return found


def _accepted_value(comparison: re.Match[str]) -> str:
    if _is_negated(comparison):
        return ""
    value = comparison["value"]
    if comparison["by"] != "=~":
        return value
    literal = re.sub(r"\\+(?=[.-])", "", value).removeprefix("^").removesuffix("$")
    return literal if _PLAIN.fullmatch(literal) else ""


def _alternatives(comparison: re.Match[str]) -> list[str] | None:
    function = comparison["function"] or ""
    values = QUOTED.findall(comparison["list"]) if function else [comparison["value"]]
    if (
        _is_negated(comparison)
        or comparison["by"] not in ("=", "==", "=~")
        or function not in EXACT + REGEXES
    ):
        return None
    if comparison["by"] != "=~" and function not in REGEXES:
        return values
    plain = [found for value in values if (found := ALTERNATIVES.fullmatch(value))]
    if len(plain) < len(values):
        return None
    return [one.replace("\\", "") for each in plain for one in each[1].split("|")]


def _is_negated(comparison: re.Match[str]) -> bool:
    """Whether a comparison is negated, or about a field of a log entry."""
    start = comparison.start()
    before = _BEFORE.match(comparison.string[max(0, start - _MAX_BEFORE) : start][::-1])
    return before is not None and bool(before["no"] or "payload" in before["path"][::-1].lower())
