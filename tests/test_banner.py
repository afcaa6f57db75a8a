"""What is printed at a start."""

import shlex
from datetime import time, timedelta
from pathlib import Path

import pytest

from config import EVERY_DAY, Schedule
from lifecycle.banner import banner, schedule_text
from tests.builders import IN_ENGLISH, IN_KOREAN, configured

WEBHOOK = "https://hooks.slack.com/services/T0/B0/secret"
TWICE = (time(9), time(18, 30))


@pytest.mark.parametrize(
    ("schedule", "english", "korean"),
    [
        (Schedule(timedelta(minutes=30)), "every 30 min", "30분마다"),
        (Schedule(timedelta(hours=1), days=frozenset({0, 6})), "every 1 h on mon, sun", "월·일요일 1시간마다"),
        (Schedule(None, TWICE), "at 09:00, 18:30", "매일 09:00, 18:30"),
        (Schedule(None, TWICE, EVERY_DAY - {0}), "at 09:00, 18:30 on tue, wed, thu, fri, sat, sun", "화·수·목·금·토·일요일 09:00, 18:30"),
    ],
)  # fmt: skip
def test_a_schedule_is_described_in_both_languages(schedule: Schedule, english: str, korean: str) -> None:
    assert (schedule_text(schedule, IN_ENGLISH), schedule_text(schedule, IN_KOREAN)) == (english, korean)


def test_it_says_where_and_what_and_how_to_try(tmp_path: Path) -> None:
    where, digest, how, page = banner(configured(tmp_path), 1, [("127.0.0.1", 8080)])
    known = f"and knows 1 host; its state is in {tmp_path / 'state.json'}"
    assert where == f"uptime-check-manager listens on http://127.0.0.1:8080, {known}"
    assert digest == "It posts the digest every 30 min here, since slack.webhook_url is empty."
    assert how.startswith("Try: curl -u google http://127.0.0.1:8080/fromGCPMonitoring -d '{")
    assert page == "In a browser on this machine: http://127.0.0.1:8080/"


def test_a_shell_reads_the_command_to_try_as_it_is_meant(tmp_path: Path) -> None:
    config = configured(tmp_path, gcp={"username": "it's Google", "password": "a long enough password"})
    command = banner(config, 1, [("::1", 80, 0, 0)])[2].removeprefix("Try: ")
    assert shlex.split(command)[:4] == ["curl", "-u", "it's Google", "http://[::1]:80/fromGCPMonitoring"]


def test_each_address_and_channel_is_named_and_no_secret(tmp_path: Path) -> None:
    channels = [{"name": name, "webhook_url": WEBHOOK} for name in ("pay", "ops")]
    config = configured(tmp_path, channels=channels, language="ko", listen={"address": "::1"})
    lines = banner(config, 1234, [("::1", 80, 0, 0), ("10.0.0.1", 81)])
    assert lines[0].startswith(
        "uptime-check-manager 시작: http://[::1]:80, http://10.0.0.1:81 (호스트 1,234개"
    )
    assert lines[1:3] == ["pay 채널 요약: 30분마다, Slack", "ops 채널 요약: 30분마다, Slack"]
    assert "secret" not in "".join(lines)


@pytest.mark.parametrize(
    ("listens", "page"),
    [
        (("0.0.0.0", 80), "http://127.0.0.1:80/"),
        (("::", 80, 0, 0), "http://[::1]:80/"),
        (("10.0.0.1", 80), "http://10.0.0.1:80/"),
        ("/run/socket", ""),
    ],
)
def test_the_page_is_named_by_the_address_that_works_here(
    tmp_path: Path, listens: tuple[object, ...] | str, page: str
) -> None:
    assert banner(configured(tmp_path), 1, [listens])[-1].partition("browser on this machine: ")[2] == page
