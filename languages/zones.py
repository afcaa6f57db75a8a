"""Reads time zones as people type them after a time of day: `KST`, `UTC+9`, `Asia/Seoul`."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo

# Abbreviations that mean one zone to nearly everybody, and their hours ahead of UTC.
_HOURS_AHEAD: Mapping[str, float] = {
    "ACDT": 10.5, "ACST": 9.5, "AEDT": 11, "AEST": 10, "AFT": 4.5, "AKDT": -8, "AKST": -9,
    "AWST": 8, "AZT": 4, "BJT": 8, "BRST": -2, "BRT": -3, "CAT": 2, "CDT": -5, "CEST": 2, "CET": 1,
    "CHST": 10, "CLST": -3, "CLT": -4, "EAT": 3, "EDT": -4, "EEST": 3, "EET": 2, "EST": -5,
    "FJT": 12, "HKT": 8, "HST": -10, "IDT": 3, "IRKT": 8, "IRST": 3.5, "JST": 9, "KRAT": 7, "KST": 9,
    "MDT": -6, "MESZ": 2, "MEZ": 1, "MSK": 3, "MST": -7, "MYT": 8, "NDT": -2.5, "NOVT": 7, "NPT": 5.75,
    "NST": -3.5, "NZDT": 13, "NZST": 12, "OMST": 6, "PDT": -7, "PETT": 12, "PHT": 8, "PKT": 5,
    "PST": -8, "PYT": -3, "SAMT": 4, "SAST": 2, "SGT": 8, "TRT": 3, "UYT": -3, "UZT": 5, "VLAT": 10,
    "WAT": 1, "WEST": 1, "WIB": 7, "WIT": 9, "WITA": 8, "YAKT": 9, "YEKT": 5,
}  # fmt: skip
# Abbreviations that several places use, that change with the season, or that are mostly another word.
_AMBIGUOUS = (
    *("ADT", "AMT", "AST", "BDT", "BST", "CST", "CT", "ECT", "ET", "GST", "HDT", "ICT", "IST", "MMT", "MT"),
    *("PT", "SST", "ART", "BOT", "COT", "GET", "PET", "VET", "WET"),
)
# In lower case a reason may begin with these.
_IN_CAPITALS = (
    *("ADT", "AFT", "AMT", "ART", "AST", "BDT", "BOT", "BRT", "CAT", "CLT", "COT", "CT", "EAT", "ECT"),
    *("ET", "FJT", "GET", "IDT", "IST", "MMT", "MT", "NDT", "NPT", "NST", "PET", "PETT", "PT", "SAMT"),
    *("SST", "TRT", "VET", "WAT", "WEST", "WET", "WIB", "WIT", "WITA"),
)
_ANY_CASE = sorted({*_HOURS_AHEAD, *_AMBIGUOUS} - {*_IN_CAPITALS})
_AREAS = "Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific"
ZONE = (
    r"(?:(?:UTC|GMT)(?: ?[+-] ?\d{1,2}(?::?\d\d)?)?|\+\d\d:?\d\d|(?-i:Z)"
    rf"|(?:{_AREAS})/[a-z_/-]+|{'|'.join(_ANY_CASE)}|(?-i:{'|'.join(_IN_CAPITALS)}))(?![a-z0-9_/+-])"
)
_OFFSET = re.compile(r"(?:UTC|GMT)? ?(?P<sign>[+-]) ?(?P<hours>\d{1,2}):?(?P<minutes>\d\d)?")


def read_zone(typed: str, now: datetime, here: tzinfo) -> tzinfo:
    """Reads what `ZONE` matches. `here`, people's own zone, decides what an ambiguous abbreviation means.

    Raises:
        LookupError: The zone does not exist or is ambiguous.
    """
    name = typed.upper()
    if name in ("UTC", "GMT", "Z"):
        return UTC
    if found := _OFFSET.fullmatch(name):
        ahead = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
        if ahead >= timedelta(hours=15):
            raise LookupError(typed)
        return timezone(ahead if found["sign"] == "+" else -ahead)
    if "/" in name:
        return _from_database(typed)
    if name in _HOURS_AHEAD:
        return timezone(timedelta(hours=_HOURS_AHEAD[name]))
    if now.astimezone(here).tzname() == name:
        return here
    raise LookupError(typed)


def _from_database(typed: str) -> tzinfo:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - seldom wanted, and felt at every start

    try:
        return ZoneInfo(re.sub(r"[a-z]+", _capital, typed.lower()))
    except (LookupError, OSError, ValueError):
        raise LookupError(typed) from None


def _capital(word: re.Match[str]) -> str:
    """Little words stay in lower case: `America/Port_of_Spain`."""
    return word[0] if word[0] in ("of", "es", "au") else word[0].capitalize()
