"""Reads a time zone, or suggests the name that was probably meant."""

import re
from collections.abc import Iterable
from datetime import UTC, tzinfo
from difflib import get_close_matches
from zoneinfo import ZoneInfo, available_timezones

ZONE_NAME = re.compile(r"(?!right/)[A-Za-z0-9_+/-]{1,64}")  # zones in right/ count leap seconds
# Most of these abbreviations are not zones, and some are zones without summer time.
ABBREVIATIONS = {
    abbreviation: zone
    for zone, abbreviations in {
        "Asia/Seoul": "KST KOREA",
        "Asia/Tokyo": "JST",
        "Asia/Singapore": "SGT",
        "Asia/Hong_Kong": "HKT",
        "Asia/Kolkata, or Asia/Jerusalem": "IST",
        "Europe/Moscow": "MSK",
        "Europe/Athens": "EET EEST",
        "Europe/Berlin": "CET CEST MET",
        "Europe/Lisbon": "WET WEST",
        "Europe/London": "BST",
        "America/New_York": "EST EDT EST5EDT ET EASTERN",
        "America/Chicago, or Asia/Shanghai": "CST",
        "America/Chicago": "CDT CST6CDT CT CENTRAL",
        "America/Denver": "MST MDT MST7MDT MOUNTAIN",
        "America/Los_Angeles": "PST PDT PST8PDT PT PACIFIC",
        "Pacific/Honolulu": "HST",
        "Australia/Sydney": "AEST AEDT",
        "Pacific/Auckland": "NZST NZDT",
        "UTC": "Z",
    }.items()
    for abbreviation in abbreviations.split()
}
WITHOUT_SUMMER_TIME = ("EST", "MST", "HST")
OFFSET = re.compile(r"(?:UTC|GMT)? ?([+\-\N{MINUS SIGN}]) ?(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE)
WITHOUT_SIGN = re.compile(r"(UTC|GMT) ?(?=\d)", re.IGNORECASE)
# A well-known zone for each common offset from UTC, in hours.
ZONE_BY_OFFSET: dict[float, str] = {
    9: "Asia/Seoul", 8: "Asia/Shanghai", 7: "Asia/Bangkok", 4: "Asia/Dubai", 3: "Europe/Istanbul",
    2: "Europe/Athens", 1: "Europe/Berlin", 10: "Australia/Brisbane", 12: "Pacific/Auckland",
    -3: "America/Sao_Paulo", -5: "America/New_York", -6: "America/Chicago", -7: "America/Denver",
    -8: "America/Los_Angeles",
    3.5: "Asia/Tehran", 4.5: "Asia/Kabul", 5.5: "Asia/Kolkata", 5.75: "Asia/Kathmandu", 6.5: "Asia/Yangon",
    9.5: "Australia/Adelaide", -3.5: "America/St_Johns",
}  # fmt: skip
POSIX = re.compile(r"Etc/GMT([+-])(\d+)")  # the sign is inverted there
MIN_SIMILARITY = 0.8  # of difflib; anything less similar is a coincidence


def zone(text: str) -> tzinfo:
    """Reads an IANA name."""
    if text == "UTC":
        return UTC  # works without a time zone database
    try:
        if ZONE_NAME.fullmatch(text):  # ZoneInfo fails in other ways on arbitrary text
            return ZoneInfo(text)
    except (KeyError, ValueError, OSError):  # an unknown name, or a folder of zones
        pass
    names = available_timezones()
    if not names:
        raise ValueError("this machine has no time zone data; install tzdata, or write UTC")
    meant = _suggestion(text[:64], names)
    hint = f"; did you mean {meant}?" if meant else ""
    raise ValueError(f"write an IANA name such as Asia/Seoul or UTC{hint}")


def zone_warning(name: str) -> str:
    """Warns of a zone that is probably a mistake; empty if there is no doubt."""
    if found := POSIX.fullmatch(name):
        sign, where = ("-", "behind") if found[1] == "+" else ("+", "ahead of")
        return f"{name} is {found[2]} h {where} UTC; for the opposite offset write Etc/GMT{sign}{found[2]}"
    if name in WITHOUT_SUMMER_TIME:
        return f"{name} has no summer time; write {ABBREVIATIONS[name]} for local time there"
    if name in ABBREVIATIONS:
        return f"{name} is an abbreviation that not every machine knows; write {ABBREVIATIONS[name]}"
    return ""


def _suggestion(text: str, known: Iterable[str]) -> str:
    if place := ABBREVIATIONS.get(text.upper()) or _zones_at_offset(text):
        return place
    typed = re.sub(r"\s+", "_", re.sub(r"\s*[/\\]\s*", "/", text.lower()))
    by_name = {name.lower(): name for name in known}
    by_city = {name.lower().rpartition("/")[2]: name for name in sorted(known)}
    for part, names in (typed, by_name), (typed.rpartition("/")[2], by_city):
        if near := get_close_matches(part, names, 1, MIN_SIMILARITY):
            return names[near[0]]
    return ""


def _zones_at_offset(text: str) -> str:
    """Suggests zones for an offset from UTC, such as UTC+9, GMT-03:30 or UTC 9."""
    found = OFFSET.fullmatch(WITHOUT_SIGN.sub(r"\1+", text))
    if not found:
        return ""
    hours = int(found[2]) + int(found[3] or 0) / 60
    hours = hours if found[1] == "+" else -hours
    names = [ZONE_BY_OFFSET[hours]] if hours in ZONE_BY_OFFSET else []
    if hours == int(hours) and -12 <= hours <= 14:
        names.append(f"Etc/GMT{-int(hours):+d}" if hours else "UTC")
    return ", or ".join(names)
