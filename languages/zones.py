"""Time zones as people name them: by abbreviations, and by places as in `18:00 Seoul`."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

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
# In lower case, these may begin a reason.
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
SEVERAL_ZONES = ""  # what `place_at_start` returns for a country or a continent that has more than one
MOST_WORDS_OF_A_PLACE = 4  # words
# Places without a zone of their own in the time zone database.
_NAMES_BY_ZONE: Mapping[str, str] = {
    "Asia/Seoul": "korea, south korea, rok, busan, incheon, 서울, 한국, 대한민국, 부산, 인천",
    "Asia/Tokyo": "japan, osaka, kyoto, 도쿄, 동경, 일본, 오사카",
    "Asia/Shanghai": "china, prc, beijing, peking, shenzhen, guangzhou, 중국, 베이징, 북경, 상하이",
    "Asia/Hong_Kong": "hong kong, hongkong, 홍콩",
    "Asia/Taipei": "taiwan, roc, 대만, 타이베이",
    "Asia/Singapore": "singapore, 싱가포르",
    "Asia/Kolkata": "india, mumbai, delhi, new delhi, bangalore, bengaluru, hyderabad, chennai, pune, 인도",
    "Asia/Karachi": "pakistan, lahore, islamabad, 파키스탄",
    "Asia/Ho_Chi_Minh": "vietnam, hanoi, saigon, 베트남, 하노이",
    "Asia/Bangkok": "thailand, 태국, 방콕",
    "Asia/Manila": "philippines, 필리핀, 마닐라",
    "Asia/Kuala_Lumpur": "malaysia, 말레이시아",
    "Asia/Dubai": "uae, abu dhabi, 두바이",
    "Asia/Riyadh": "saudi arabia, saudi, jeddah, 사우디",
    "Asia/Jerusalem": "israel, 이스라엘",
    "Asia/Tehran": "iran, 이란",
    "Europe/Istanbul": "turkey, turkiye, türkiye, ankara, 튀르키예, 터키, 이스탄불",
    "Europe/London": "uk, gb, britain, great britain, united kingdom, england, scotland, wales, manchester, "
    "edinburgh, 영국, 런던",
    "Europe/Dublin": "ireland, eire, 아일랜드",
    "Europe/Lisbon": "portugal, 포르투갈",
    "Europe/Berlin": "germany, deutschland, munich, münchen, hamburg, frankfurt, cologne, 독일, 베를린",
    "Europe/Paris": "france, lyon, 프랑스, 파리",
    "Europe/Madrid": "spain, barcelona, 스페인, 마드리드",
    "Europe/Rome": "italy, milan, milano, 이탈리아, 로마",
    "Europe/Amsterdam": "netherlands, holland, 네덜란드",
    "Europe/Brussels": "belgium, 벨기에",
    "Europe/Zurich": "switzerland, geneva, zürich, 스위스",
    "Europe/Vienna": "austria, wien, 오스트리아",
    "Europe/Warsaw": "poland, krakow, 폴란드",
    "Europe/Prague": "czechia, czech republic, 체코",
    "Europe/Stockholm": "sweden, 스웨덴",
    "Europe/Oslo": "norway, 노르웨이",
    "Europe/Copenhagen": "denmark, 덴마크",
    "Europe/Helsinki": "finland, 핀란드",
    "Europe/Athens": "greece, 그리스",
    "Europe/Kyiv": "ukraine, kiev, 우크라이나",
    "Europe/Moscow": "moscow, 모스크바",
    "Europe/Bucharest": "romania, 루마니아",
    "Europe/Budapest": "hungary, 헝가리",
    "Africa/Cairo": "egypt, 이집트",
    "Africa/Johannesburg": "south africa, cape town, 남아공",
    "Africa/Lagos": "nigeria, 나이지리아",
    "Africa/Nairobi": "kenya, 케냐",
    "America/New_York": "eastern, us eastern, us east, east coast, new york, new york city, nyc, ny, boston, "
    "washington, washington dc, miami, atlanta, philadelphia, 뉴욕, 워싱턴, 동부, 미국 동부",
    "America/Chicago": "central, us central, texas, dallas, houston, austin, 시카고, 중부, 미국 중부",
    "America/Denver": "mountain, us mountain, colorado, 산악",
    "America/Los_Angeles": "pacific, us pacific, us west, west coast, california, la, sf, san francisco, "
    "seattle, silicon valley, bay area, 로스앤젤레스, 샌프란시스코, 서부, 태평양, 미국 서부",
    "America/Sao_Paulo": "rio, rio de janeiro, são paulo, brasilia, brasília, 상파울루",
    "America/Argentina/Buenos_Aires": "argentina, 아르헨티나",
    "America/Bogota": "colombia, bogotá, 콜롬비아",
    "America/Lima": "peru, 페루",
    "America/Mexico_City": "mexico city, cdmx",
    "Pacific/Honolulu": "hawaii, 하와이",
    "Pacific/Auckland": "new zealand, nz, wellington, 뉴질랜드",
    "Australia/Sydney": "canberra, 시드니",
    "UTC": "greenwich, zulu",
    SEVERAL_ZONES: "us, usa, united states, america, canada, australia, russia, brazil, mexico, indonesia, "
    "chile, europe, asia, africa, local, here, "
    "미국, 캐나다, 호주, 러시아, 브라질, 멕시코, 유럽, 아시아, 현지",
}  # fmt: skip
# Zones of the database whose last part is a word that a reason may well begin with: a canary release.
_WORDS = {
    *("acre", "canary", "casey", "center", "davis", "east", "easter", "factory", "general", "midway", "nome"),
    *("north", "oral", "palmer", "resolute", "south", "troll", "universal", "virgin", "wake", "west"),
}
# These begin a reason unless nothing else does: `local disk is full`.
_ONLY_ALONE = {"central", "eastern", "here", "la", "local", "mountain", "pacific", "rio", "us", "washington"}
_WORD = re.compile(r"[^\W\d_]+(?:[.'-][^\W\d_]+)*\.?")
_SUFFIX = re.compile(r"(?:'s)?(?: ?(?:time|timezone|time zone|시간|시각|기준|표준시))+$")


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
    try:
        return ZoneInfo(re.sub(r"[a-z]+", _capital, typed.lower()))
    except (LookupError, OSError, ValueError):
        raise LookupError(typed) from None


def _capital(word: re.Match[str]) -> str:
    """Short words stay in lower case: `America/Port_of_Spain`."""
    return word[0] if word[0] in ("of", "es", "au") else word[0].capitalize()


def place_at_start(text: str) -> tuple[str, str] | None:
    """Returns the place that a text begins with, as typed, and its zone."""
    found = list(_WORD.finditer(text))[:MOST_WORDS_OF_A_PLACE]
    for last in reversed([at for at, word in enumerate(found) if _are_together(found[: at + 1], text)]):
        typed = text[: found[last].end()]
        name = _SUFFIX.sub("", " ".join(typed.lower().replace(".", "").split()))
        if name in _zones() and (name not in _ONLY_ALONE or not text[len(typed) :].strip(" )]}.,;!?\"'")):
            return typed, _zones()[name]
    return None


def _are_together(words: list[re.Match[str]], text: str) -> bool:
    """Whether the text begins with these words, with nothing but spaces between them."""
    return not words[0].start() and not re.sub(r"\s", "", _WORD.sub("", text[: words[-1].end()]))


@cache
def _zones() -> Mapping[str, str]:
    """The zones by the names of their places, in lower case, including those of the database."""
    known = {}
    for name in sorted(available_timezones()):
        place = name.rpartition("/")[2].replace("_", " ")
        if not place.isupper() and place.lower() not in _WORDS:  # in capitals it is an abbreviation
            known[place.lower()] = name
    return known | {place: name for name, places in _NAMES_BY_ZONE.items() for place in places.split(", ")}
