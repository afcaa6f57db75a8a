"""What the filter or query of a condition asks for, in any of the languages that Google has for them.

resource.labels."host" = "a"              filter: https://docs.cloud.google.com/monitoring/api/v3/filters
fetch uptime_url | resource.host == 'a'   MQL: https://docs.cloud.google.com/monitoring/mql
up{host="a", check_id=~"a"}               PromQL: https://docs.cloud.google.com/monitoring/promql
JSON_VALUE(labels, '$.host') = 'a'        SQL: https://docs.cloud.google.com/logging/docs/analyze
"""

import re
from functools import lru_cache
from itertools import islice

from hosts.names import canonical

# What stands before a label: where it belongs to, and whether it is what is not wanted.
_BEFORE = re.compile(r"""(?P<no>\bNOT\s+|(?<!\w)-)?(?P<path>(?:\w+\(\s*)?[\w.]*(?:,\s*)?["'`$.\[]*)\Z""")
_BEFORE_AT_MOST, _COMPARED_AT_MOST = 100, 50  # characters; comparisons: a query may be of any length
_PLAIN = re.compile(r"[\w.:-]+")


def asked_for(label: str, text: str) -> str:
    """The value that a label is to have; empty where none is asked for, or more than one.

    Other values, `host!="a"` or `NOT host="a"`, are not what is asked for, nor is what a log entry says
    of itself: `jsonPayload.host="a"`. An expression counts if it is nothing but a name: `host=~"a"`.
    """
    if label not in text:
        return ""
    compared = islice(_comparison(label).finditer(text), _COMPARED_AT_MOST)
    values = [value for found in compared if (value := _value(found))]
    return values[0] if len({canonical(value) for value in values}) == 1 else ""


@lru_cache(maxsize=8)
def _comparison(label: str) -> re.Pattern[str]:
    return re.compile(
        rf"""(?<![\w-]){label}["'`\])]*\s*(?P<by>==?|=~)\s*(?P<quote>["'`])(?P<value>.*?)(?P=quote)"""
    )


def _value(found: re.Match[str]) -> str:
    before = _BEFORE.search(found.string[max(0, found.start() - _BEFORE_AT_MOST) : found.start()])
    if before and (before["no"] or "payload" in before["path"].lower()):
        return ""
    value = found["value"]
    if found["by"] != "=~":
        return value
    literal = re.sub(r"\\+(?=[.-])", "", value).removeprefix("^").removesuffix("$")
    return literal if _PLAIN.fullmatch(literal) else ""
