"""Time zones: common abbreviations lead to a valid name, and never silently to another zone."""

import zoneinfo
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import TZPATH

import pytest

from config.zones import ABBREVIATIONS, ZONE_BY_OFFSET, zone, zone_warning

ASKED = "write an IANA name such as Asia/Seoul or UTC"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("KST", "Asia/Seoul"), ("kst", "Asia/Seoul"), ("JST", "Asia/Tokyo"), ("PST", "America/Los_Angeles"),
        ("CEST", "Europe/Berlin"), ("EDT", "America/New_York"), ("CST", "America/Chicago, or Asia/Shanghai"),
        ("Pacific", "America/Los_Angeles"), ("Z", "UTC"),
        ("UTC+9", "Asia/Seoul, or Etc/GMT-9"), ("UTC+09:00", "Asia/Seoul, or Etc/GMT-9"),
        ("UTC9", "Asia/Seoul, or Etc/GMT-9"), ("GMT +9", "Asia/Seoul, or Etc/GMT-9"),
        ("+09:00", "Asia/Seoul, or Etc/GMT-9"), ("UTC\N{MINUS SIGN}8", "America/Los_Angeles, or Etc/GMT+8"),
        ("UTC+11", "Etc/GMT-11"), ("utc+0", "UTC"), ("UTC+5:30", "Asia/Kolkata"), ("GMT+0530", "Asia/Kolkata"),
        ("UTC-03:30", "America/St_Johns"), ("GMT-3:00", "America/Sao_Paulo, or Etc/GMT+3"),
        ("Seoul", "Asia/Seoul"), ("New York", "America/New_York"), ("America/NewYork", "America/New_York"),
        ("Asia / Seoul", "Asia/Seoul"), ("Asia\\Seoul", "Asia/Seoul"), ("Berln", "Europe/Berlin"),
        ("right/Asia/Seoul", "Asia/Seoul"),
        ("AST", "America/Halifax"), ("EAT", "Africa/Nairobi"), ("HKST", "Asia/Hong_Kong"),
        ("ACST", "Australia/Darwin, or Australia/Adelaide"), ("ACDT", "Australia/Adelaide"),
        ("PHST", "Asia/Manila"), ("ChST", "Pacific/Guam"), ("China", "Asia/Shanghai"), ("CEDT", "Europe/Berlin"),
        ("AKST", "America/Anchorage"), ("AWST", "Australia/Perth"), ("SAST", "Africa/Johannesburg"),
        ("WIB", "Asia/Jakarta"), ("PKT", "Asia/Karachi"), ("ICT", "Asia/Bangkok"), ("서울", "Asia/Seoul"),
        ("Central Time", "America/Chicago"), ("Pacific Time", "America/Los_Angeles"),
        ("Eastern Standard Time", "America/New_York"), ("KST-9", "Asia/Seoul"), ("EST5", "America/New_York"),
        ("UTC+9:30", "Australia/Darwin, or Australia/Adelaide"), ("Oslo", "Europe/Oslo"),
        ("UTC+12", "Pacific/Fiji, or Pacific/Auckland, or Etc/GMT-12"),
    ],
)  # fmt: skip
def test_what_people_call_a_zone_leads_to_its_name(text: str, meant: str) -> None:
    with pytest.raises(ValueError, match=ASKED) as error:
        zone(text)
    assert str(error.value) == f"{ASKED}; did you mean {meant}?"
    for name in meant.split(", or "):
        assert str(zone(name)) == name


@pytest.mark.parametrize(
    "text",
    [
        "Germany",
        "Asia",
        "Asia/Pusan",
        "UTC+5:17",
        "UTC+99",
        "부산",
        "+",
        "GET",
        "Soul",
    ],
)
def test_nothing_is_guessed_from_a_coincidence(text: str) -> None:
    with pytest.raises(ValueError, match=ASKED) as error:
        zone(text)
    assert str(error.value) == ASKED


@pytest.mark.parametrize(
    ("name", "doubt"),
    [
        ("Etc/GMT+9", "Etc/GMT+9 is 9 h behind UTC; for the opposite offset write Etc/GMT-9"),
        ("Etc/GMT-9", "Etc/GMT-9 is 9 h ahead of UTC; for the opposite offset write Etc/GMT+9"),
        ("posix/Etc/GMT+9", "posix/Etc/GMT+9 is 9 h behind UTC; for the opposite offset write Etc/GMT-9"),
        ("Etc/GMT+0", ""),
        ("EST", "EST has no summer time; write America/New_York for local time there"),
        ("MST", "MST has no summer time; write America/Denver for local time there"),
        ("CET", "CET is an abbreviation that not every machine knows; write Europe/Berlin"),
        ("PST8PDT", "PST8PDT is an abbreviation that not every machine knows; write America/Los_Angeles"),
        ("Asia/Seoul", ""),
        ("Etc/UTC", ""),
        ("UTC", ""),
    ],
)
def test_a_zone_that_is_probably_not_meant_causes_a_warning(name: str, doubt: str) -> None:
    assert zone_warning(name) == doubt


def test_every_suggested_name_is_a_zone_with_the_offset_that_was_asked_for() -> None:
    offered = {name for names in ABBREVIATIONS.values() for name in names.split(", or ")}
    assert offered <= zoneinfo.available_timezones()
    winter, summer = datetime(2026, 1, 15), datetime(2026, 7, 15)  # noqa: DTZ001 - of each place's own
    for hours, names in ZONE_BY_OFFSET.items():
        for name in names.split(", or "):
            offsets = {zone(name).utcoffset(day) for day in (winter, summer)}
            assert hours * 3600 in {offset.total_seconds() for offset in offsets if offset}


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of all its time zone data; there is none yet."""
    folder = tmp_path / "zones"
    folder.mkdir()
    monkeypatch.setattr("config.zones.TZPATH", [str(folder)])
    zoneinfo.reset_tzpath([folder])
    zoneinfo.ZoneInfo.clear_cache()
    yield folder
    zoneinfo.reset_tzpath()
    zoneinfo.ZoneInfo.clear_cache()


def test_on_a_machine_without_time_zones_it_says_to_install_them(machine: Path) -> None:
    assert machine.is_dir()
    with pytest.raises(
        ValueError, match=r"^this machine has no time zone data; install tzdata, or write UTC$"
    ):
        zone("Asia/Seoul")
    assert str(zone("UTC")) == "UTC"


def test_incomplete_or_damaged_time_zone_data_does_not_count_as_a_wrong_name(machine: Path) -> None:
    seoul = next(path for path in map(Path, TZPATH) if (path / "Asia/Seoul").is_file()) / "Asia/Seoul"
    (machine / "Asia").mkdir()
    (machine / "Asia/Seoul").write_bytes(seoul.read_bytes())
    (machine / "Asia/Tokyo").touch()
    assert str(zone("Asia/Seoul")) == "Asia/Seoul"
    for name in ("Europe/Berlin", "Europe/Vilnius", "Asia/Tokyo", "Asia/Bangkok"):
        with pytest.raises(
            ValueError, match=r"^this machine's time zone data lacks it, or is damaged; install"
        ):
            zone(name)
    with pytest.raises(ValueError, match=rf"^{ASKED}; did you mean Asia/Seoul\?$"):
        zone("Asia/Soul")
