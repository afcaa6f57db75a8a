"""Time zones, with a suggestion where the name is wrong or probably not meant."""

import os
import re
from collections.abc import Collection
from datetime import UTC, tzinfo
from difflib import get_close_matches
from zoneinfo import TZPATH, ZoneInfo, available_timezones

ZONE_NAME = re.compile(r"(?!right/)[A-Za-z0-9_+/-]{1,64}")  # zones in right/ count leap seconds
# Most of these abbreviations are not zones, and some are zones without summer time.
ABBREVIATIONS = {
    abbreviation: zone
    for zone, abbreviations in {
        "Asia/Seoul": "KST KOREA 서울 한국 대한민국",
        "Asia/Tokyo": "JST TOKIO",
        "Asia/Shanghai": "CHINA BEIJING",
        "Asia/Singapore": "SGT",
        "Asia/Hong_Kong": "HKT HKST",
        "Asia/Manila": "PHT PHST",
        "Asia/Jakarta": "WIB",
        "Asia/Makassar": "WITA",
        "Asia/Jayapura": "WIT",
        "Asia/Bangkok": "ICT",
        "Asia/Kuala_Lumpur": "MYT",
        "Asia/Karachi": "PKT",
        "Asia/Dubai": "GST",
        "Asia/Tehran": "IRST",
        "Asia/Kathmandu": "NPT",
        "Asia/Kolkata": "INDIA",
        "Asia/Kolkata, or Asia/Jerusalem": "IST",
        "Europe/Moscow": "MSK",
        "Europe/Istanbul": "TRT",
        "Europe/Athens": "EET EEST",
        "Europe/Berlin": "CET CEST CEDT MET",
        "Europe/Lisbon": "WET WEST",
        "Europe/London": "BST",
        "Africa/Nairobi": "EAT",
        "Africa/Lagos": "WAT",
        "Africa/Maputo": "CAT",
        "Africa/Johannesburg": "SAST",
        "America/St_Johns": "NST NDT",
        "America/Halifax": "AST ADT ATLANTIC",
        "America/New_York": "EST EDT EST5EDT ET EASTERN",
        "America/Chicago, or Asia/Shanghai": "CST",
        "America/Chicago": "CDT CST6CDT CT CENTRAL",
        "America/Denver": "MST MDT MST7MDT MT MOUNTAIN",
        "America/Los_Angeles": "PST PDT PST8PDT PT PACIFIC",
        "America/Anchorage": "AKST AKDT ALASKA",
        "America/Sao_Paulo": "BRT BRST BRAZIL",
        "America/Argentina/Buenos_Aires": "ART",
        "America/Bogota": "COT",
        "Pacific/Honolulu": "HST HAWAII",
        "Pacific/Guam": "CHST",
        "Australia/Darwin, or Australia/Adelaide": "ACST",
        "Australia/Adelaide": "ACDT",
        "Australia/Perth": "AWST",
        "Australia/Sydney": "AEST AEDT",
        "Pacific/Auckland": "NZST NZDT",
        "UTC": "Z",
    }.items()
    for abbreviation in abbreviations.split()
}
WITHOUT_SUMMER_TIME = ("EST", "MST", "HST")
TIME = re.compile(r"\W+(?:(?:standard|daylight|summer) )?time$", re.IGNORECASE)  # Pacific Standard Time
POSIX_RULE = re.compile(r"([A-Za-z]{3,5})[+-]?\d{1,2}(?::\d\d)?([A-Za-z]{3,5})?")  # KST-9, as in TZ
# \u2212 is the minus sign.
OFFSET = re.compile(r"(?:UTC|GMT)? ?([+\-\u2212]) ?(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE)
WITHOUT_SIGN = re.compile(r"(UTC|GMT) ?(?=\d)", re.IGNORECASE)
# A well-known zone for each common offset from UTC, in hours.
ZONE_BY_OFFSET: dict[float, str] = {
    9: "Asia/Seoul", 8: "Asia/Shanghai", 7: "Asia/Bangkok", 4: "Asia/Dubai", 3: "Europe/Istanbul",
    2: "Europe/Athens", 1: "Europe/Berlin", 10: "Australia/Brisbane",
    12: "Pacific/Fiji, or Pacific/Auckland",
    -3: "America/Sao_Paulo", -5: "America/New_York", -6: "America/Chicago", -7: "America/Denver",
    -8: "America/Los_Angeles",
    3.5: "Asia/Tehran", 4.5: "Asia/Kabul", 5.5: "Asia/Kolkata", 5.75: "Asia/Kathmandu", 6.5: "Asia/Yangon",
    9.5: "Australia/Darwin, or Australia/Adelaide", -3.5: "America/St_Johns",
}  # fmt: skip
POSIX = re.compile(r"Etc/GMT([+-])([1-9]\d*)")  # the sign is inverted there
POSIX_FOLDER = "posix/"  # where some machines have a second copy of all zones
REGIONS = (
    *("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Etc", "Europe"),
    *("Indian", "Pacific"),
)
MIN_SIMILARITY = 0.82  # of difflib; anything less similar is a coincidence
MIN_LENGTH = 5  # of a name with a typing error; shorter ones resemble too many others
NO_DATA = "install tzdata, or write UTC"


def zone(text: str) -> tzinfo:
    """The zone of an IANA name. Raises ValueError with a suggestion."""
    if text == "UTC":
        return UTC  # works without a time zone database
    try:
        if ZONE_NAME.fullmatch(text):  # ZoneInfo fails in other ways on arbitrary text
            return ZoneInfo(text)
    except (KeyError, ValueError, OSError):  # an unknown name, or a folder of zones
        pass
    names = available_timezones()
    if not names:
        raise ValueError(f"this machine has no time zone data; {NO_DATA}")
    if _is_missing(text, names):
        raise ValueError(f"this machine's time zone data lacks it, or is damaged; {NO_DATA}")
    meant = _suggestion(text[:64], names)
    hint = f"; did you mean {meant}?" if meant else ""
    raise ValueError(f"write an IANA name such as Asia/Seoul or UTC{hint}")


def zone_warning(name: str) -> str:
    """Why a zone is probably a mistake; empty if there is no doubt."""
    plain = name.removeprefix(POSIX_FOLDER)
    if found := POSIX.fullmatch(plain):
        sign, where = ("-", "behind") if found[1] == "+" else ("+", "ahead of")
        return f"{name} is {found[2]} h {where} UTC; for the opposite offset write Etc/GMT{sign}{found[2]}"
    if name in WITHOUT_SUMMER_TIME:
        return f"{name} has no summer time; write {ABBREVIATIONS[name]} for local time there"
    if name in ABBREVIATIONS:
        return f"{name} is an abbreviation that not every machine knows; write {ABBREVIATIONS[name]}"
    return ""


def _is_missing(text: str, names: Collection[str]) -> bool:
    """Whether a name is known to be a zone, though this machine cannot read it."""
    region, _, place = text.partition("/")
    if not (region and place and ZONE_NAME.fullmatch(text)):
        return False
    if region in REGIONS and not any(name.startswith(f"{region}/") for name in names):
        return True
    suggested = ", or ".join((*ABBREVIATIONS.values(), *ZONE_BY_OFFSET.values())).split(", or ")
    return text in suggested or any(
        os.path.isfile(f"{folder}/{text}")  # noqa: PTH113 - unlike Path.is_file it never raises
        for folder in TZPATH
    )


def _suggestion(text: str, known: Collection[str]) -> str:
    if place := _place(text) or _zones_at_offset(text) or _place(POSIX_RULE.sub(r"\1", text)):
        return place
    typed = re.sub(r"\s+", "_", re.sub(r"\s*[/\\]\s*", "/", text.lower()))
    by_name = {name.lower(): name for name in known}
    by_city = {name.lower().rpartition("/")[2]: name for name in sorted(known)}
    for part, names in (typed, by_name), (typed.rpartition("/")[2], by_city):
        similarity = MIN_SIMILARITY if len(part) >= MIN_LENGTH else 1
        if near := get_close_matches(part, names, 1, similarity):
            return names[near[0]]
    return ""


def _place(text: str) -> str:
    return ABBREVIATIONS.get(TIME.sub("", text).upper(), "")


def _zones_at_offset(text: str) -> str:
    """Zones for an offset from UTC, such as UTC+9, GMT-03:30 or UTC 9."""
    found = OFFSET.fullmatch(WITHOUT_SIGN.sub(r"\1+", text))
    if not found:
        return ""
    hours = int(found[2]) + int(found[3] or 0) / 60
    hours = hours if found[1] == "+" else -hours
    names = [ZONE_BY_OFFSET[hours]] if hours in ZONE_BY_OFFSET else []
    if hours == int(hours) and -12 <= hours <= 14:
        names.append(f"Etc/GMT{-int(hours):+d}" if hours else "UTC")
    return ", or ".join(names)
