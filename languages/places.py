"""Which time zone a place has, as people name it after a time of day: `18:00 Seoul`, `18:00 in the UK`."""

import re
from collections.abc import Mapping
from functools import cache

SEVERAL_ZONES = ""  # what `place_at_start` returns for a country or a continent that has more than one
LONGEST_PLACE = 4  # words

# Places that are no zone of their own in the time zone database.
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


def place_at_start(text: str) -> tuple[str, str] | None:
    """Returns the place that a text begins with, as typed, and its zone."""
    found = list(_WORD.finditer(text))[:LONGEST_PLACE]
    for last in reversed([at for at, word in enumerate(found) if _are_together(found[: at + 1], text)]):
        typed = text[: found[last].end()]
        name = _SUFFIX.sub("", " ".join(typed.lower().replace(".", "").split()))
        if name in _zones() and (name not in _ONLY_ALONE or not text[len(typed) :].strip(" )]}.,;!?\"'")):
            return typed, _zones()[name]
    return None


def _are_together(words: list[re.Match[str]], text: str) -> bool:
    """Do the words begin the text, with nothing but spaces between them?"""
    return not words[0].start() and not re.sub(r"\s", "", _WORD.sub("", text[: words[-1].end()]))


@cache
def _zones() -> Mapping[str, str]:
    """The zones by the names of their places, in lower case: those of the database, too."""
    from zoneinfo import available_timezones  # noqa: PLC0415 - seldom wanted, and felt at every start

    known = {}
    for name in sorted(available_timezones()):
        place = name.rpartition("/")[2].replace("_", " ")
        if not place.isupper() and place.lower() not in _WORDS:  # in capitals it is an abbreviation
            known[place.lower()] = name
    return known | {place: name for name, places in _NAMES_BY_ZONE.items() for place in places.split(", ")}
