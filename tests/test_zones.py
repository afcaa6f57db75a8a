"""Time zones: common abbreviations lead to a valid name, and never silently to another zone."""

import os
import subprocess
import sys
import zoneinfo
from datetime import datetime
from pathlib import Path

import pytest

from config.zones import ABBREVIATIONS, ZONE_BY_OFFSET, zone, zone_warning

ROOT = Path(__file__).resolve().parent.parent
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
    ],
)  # fmt: skip
def test_what_people_call_a_zone_leads_to_its_name(text: str, meant: str) -> None:
    with pytest.raises(ValueError, match=ASKED) as error:
        zone(text)
    assert str(error.value) == f"{ASKED}; did you mean {meant}?"
    for name in meant.split(", or "):
        assert str(zone(name)) == name


@pytest.mark.parametrize(
    "text", ["Germany", "system", "Asia", "Asia/Pusan", "UTC+5:17", "UTC+99", "서울", "+"]
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
        ("EST", "EST has no summer time; write America/New_York for local time there"),
        ("MST", "MST has no summer time; write America/Denver for local time there"),
        ("CET", "CET is an abbreviation that not every machine knows; write Europe/Berlin"),
        ("PST8PDT", "PST8PDT is an abbreviation that not every machine knows; write America/Los_Angeles"),
        ("Asia/Seoul", ""),
        ("Etc/UTC", ""),
        ("UTC", ""),
    ],
)
def test_a_zone_that_is_hardly_meant_is_doubted(name: str, doubt: str) -> None:
    assert zone_warning(name) == doubt


def test_every_name_that_is_offered_is_a_zone_and_as_far_from_utc_as_it_says() -> None:
    offered = {name for names in ABBREVIATIONS.values() for name in names.split(", or ")}
    assert offered <= zoneinfo.available_timezones()
    winter, summer = datetime(2026, 1, 15), datetime(2026, 7, 15)  # noqa: DTZ001 - of each place's own
    for hours, name in ZONE_BY_OFFSET.items():
        offsets = {zone(name).utcoffset(day) for day in (winter, summer)}
        assert hours * 3600 in {offset.total_seconds() for offset in offsets if offset}


def test_a_machine_without_time_zones_gets_told_to_install_them(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("timezone: Asia/Seoul\ngcp: {password: a long enough password}\n")
    environment = os.environ | {"PYTHONTZPATH": str(tmp_path)}
    command = [sys.executable, str(ROOT / "server.py"), "--config", str(file), "--check"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    reported = "this machine has no time zone data; install tzdata, or write UTC"
    assert (done.returncode, done.stderr) == (1, f'{file} line 1: timezone: found "Asia/Seoul"; {reported}\n')
    file.write_text("timezone: UTC\ngcp: {password: a long enough password}\n")
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0
