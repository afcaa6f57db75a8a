"""The list of channels: what each inherits from the top level, and every mistake with its place."""

from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest

from config import Config, Schedule, load
from config.model import DigestSettings
from tests import config_files
from tests.config_files import GOOD, WITH_CHANNELS

HOOK = "webhook_url: https://hooks.slack.com/services/T0/B0/canary"
HOURLY, HALF_HOURLY = Schedule(timedelta(hours=1)), Schedule(timedelta(minutes=30))
MORNING, WORKDAYS = Schedule(None, (time(9),)), frozenset(range(5))


def read(folder: Path, text: str) -> Config:
    return config_files.read(folder, GOOD + text)


def mistakes(folder: Path, text: str) -> list[str]:
    return config_files.mistakes(folder, GOOD + text)


@pytest.mark.parametrize("none", ["", "channels:\n", "channels: []\n"])
def test_without_channels_the_top_level_is_the_only_channel(tmp_path: Path, none: str) -> None:
    config = read(tmp_path, f"slack: {{{HOOK}}}\nlanguage: ko\n{none}")
    (only,) = config.channels
    assert (only.name, only.webhook_url, only.hosts) == ("default", HOOK.partition(": ")[2], ("*",))
    assert (only.digest.schedule, only.language) == (HALF_HOURLY, "ko")
    (silent,) = read(tmp_path, none).channels
    assert (silent.name, silent.webhook_url) == ("default", "")


def test_what_a_channel_leaves_out_is_taken_from_the_top_level(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        f"""
digest: {{every: 1h, days: [mon], only_changes: true, at_least: 2d, weekly: tue}}
language: ko
channels:
  - name: all
    {HOOK}
  - name: own
    {HOOK}
    hosts: ["*.test"]
    digest: {{days: [], only_changes: false, weekly: off}}
    language: en
""",
    )
    everything, own = config.channels
    assert (everything.digest, everything.language, everything.hosts) == (
        DigestSettings(Schedule(timedelta(hours=1), days=frozenset({0})), True, timedelta(days=2), 1),
        "ko",
        ("*",),
    )
    assert (own.digest.schedule, own.digest.at_least) == (Schedule(timedelta(hours=1)), timedelta(days=2))
    assert (own.digest.only_changes, own.digest.weekly, own.language) == (False, None, "en")
    assert (own.shows.matches("a.test"), own.shows.matches("a.example")) == (True, False)


@pytest.mark.parametrize(
    ("top", "own", "schedule"),
    [
        ("every: 1h", "at: []", HOURLY),
        ("every: 1h", "at: ['09:00']", MORNING),
        ("every: 1h", "every: 30m, at: ['09:00']", MORNING),
        ("every: 1h", "every: 1d, at: ['09:00']", MORNING),
        ("every: 1h", "at: 9am", MORNING),
        ("every: 1h", "days: weekdays", replace(HOURLY, days=WORKDAYS)),
        ("every: 30m, at: ['09:00']", "every: 30m", HALF_HOURLY),
        ("every: 30m, at: ['09:00']", "every: off", MORNING),
        ("every: off, at: ['09:00']", "days: mon-fri", replace(MORNING, days=WORKDAYS)),
        ("at: ['09:00']", "at: []", HALF_HOURLY),
        ("at: ['09:00']", "at: ['18:00']", Schedule(None, (time(18),))),
        ("at: ['09:00']", "every: 1h", HOURLY),
        ("at: ['09:00']", "every: 30m", HALF_HOURLY),
        ("at: ['09:00']", "days: [mon]", replace(MORNING, days=frozenset({0}))),
    ],
)
def test_every_and_at_are_one_choice(tmp_path: Path, top: str, own: str, schedule: Schedule) -> None:
    config = read(tmp_path, f"digest: {{{top}}}\nchannels:\n- name: a\n  {HOOK}\n  digest: {{{own}}}\n")
    assert config.channels[0].digest.schedule == schedule


def test_the_webhook_of_the_top_level_is_one_more_channel(tmp_path: Path) -> None:
    config = read(tmp_path, f"slack: {{{HOOK}-1}}\nchannels:\n- name: a\n  {HOOK}-2\n")
    found = [(channel.name, channel.webhook_url[-1]) for channel in config.channels]
    assert found == [("a", "2"), ("default", "1")]


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("channels: ops", 'line 2: channels: is one value; write a list in which each channel begins with "- name:"'),
        ("channels: {name: ops}", 'line 2: channels: is a section; write a list in which each channel begins with "- name:"'),
        ("channels: [ops]", 'line 2: channels[0]: is one value; write each key on its own line, beginning with "- name:"'),
        (f"channels:\n- {HOOK}", "line 3: channels[0].name: is missing; set it"),
        ("channels:\n- name: a", "line 3: channels[0].webhook_url: is missing; set it, or webhook_url_file: PATH"),
        ("channels:\n- name: a\n  webhook_url: ''", "line 4: channels[0].webhook_url: is empty; write a URL that begins with https://"),
        ("channels:\n- name: a\n  webhook_url: canary", "line 4: channels[0].webhook_url: write a URL that begins with https://"),
        (f"channels:\n- name: canary canary\n  {HOOK}", "line 3: channels[0].name: write a name of letters, digits, dots, - and _, such as ops"),
        (f"channels:\n- name: a\n  {HOOK}\n  name: b", "line 5: channels[0].name: appears twice; it is already in line 3"),
        (f"channels:\n- name: a\n  {HOOK}\n- name: a\n  {HOOK}", "line 5: channels[1].name: is already the name of the channel in line 3; choose another"),
        (f"slack: {{{HOOK}}}\nchannels:\n- name: default\n  {HOOK}", "line 4: channels[0].name: is already the name of the channel in line 2; choose another"),
        (f"channels:\n- name: a\n  {HOOK}\n  webhook_url_file: x", "line 5: channels[0].webhook_url_file: webhook_url is also set, in line 4; keep one"),
        (f"channels:\n- name: a\n  {HOOK}\n  digest: {{evry: 1h}}", "line 5: channels[0].digest.evry: no such key; did you mean digest.every?"),
        (f"channels:\n- name: a\n  {HOOK}\n  digest: {{every: 1h, at: ['09:00']}}", "line 5: channels[0].digest.at: digest.every is also set, in line 5; keep one"),
        (f"digest: {{every: 2d}}\nchannels:\n- name: a\n  {HOOK}\n  digest: {{days: [mon]}}", 'line 2: channels[0].digest.every: found "2d"; with digest.days, in line 6, write at most 1d'),
        (f"digest: {{every: 2d, days: [mon]}}\nchannels:\n- name: a\n  {HOOK}", 'line 2: digest.every: found "2d"; with digest.days, in line 2, write at most 1d'),
        (f"channels:\n- name: a\n  {HOOK}\n  timezone: UTC", "line 5: channels[0].timezone: no such key"),
        ("channels:\n- name: a\n  webhook_url:canary: x", "line 4: channels[0].webhook_url…: no such key; did you mean webhook_url?"),
        ("chanels: []", "line 2: chanels: no such key; did you mean channels?"),
    ],
)  # fmt: skip
def test_a_mistake_is_reported_with_line_place_and_fix(tmp_path: Path, text: str, mistake: str) -> None:
    reported = mistakes(tmp_path, text)
    assert mistake in reported
    assert "canary" not in "".join(reported)


def test_the_mistakes_of_all_channels_are_reported_at_once(tmp_path: Path) -> None:
    reported = mistakes(tmp_path, f"channels:\n- name: a\n- {HOOK}\n- name: c\n  {HOOK}\n  language: fr\n")
    places = ["channels[0].webhook_url", "channels[1].name", "channels[2].language"]
    assert [line.split(": ")[1] for line in reported] == places


def test_a_warning_names_hosts_that_no_channel_would_show(tmp_path: Path) -> None:
    names = "hosts: [a.test, b.other, c.other, d.other, e.other, f.other, g.other]\n"
    channels = f"channels:\n- name: a\n  {HOOK}\n  hosts: '*.test'\n"
    (warning,) = read(tmp_path, names + channels).warnings
    assert "no channel shows b.other, c.other, d.other, e.other, f.other and 1 more; add them" in warning
    assert not read(tmp_path, f"{names}{channels}slack: {{{HOOK}}}\n").warnings


def test_a_trial_schedule_and_a_readable_secret_cause_warnings(tmp_path: Path) -> None:
    (tmp_path / "pw").write_text("canary-of-fourteen")
    (tmp_path / "pw").chmod(0o600)
    text = f"gcp: {{password_file: pw}}\nchannels:\n- name: a\n  {HOOK}\n  digest: {{every: 5s}}\n"
    config_files.read(tmp_path, text)
    (tmp_path / "config.yaml").chmod(0o604)
    trial, readable = load(tmp_path / "config.yaml").warnings
    assert "every 5s" in trial
    assert "chmod o-r" in readable


def test_the_example_in_the_shipped_file_is_good(tmp_path: Path) -> None:
    (tmp_path / "slack-webhook-url-of-pay").write_text("https://hooks.slack.com/services/T0/B0/canary\n")
    (channel,) = config_files.read(tmp_path, WITH_CHANNELS).channels
    assert channel.webhook_url == "https://hooks.slack.com/services/T0/B0/canary"
    assert "canary" not in repr(channel)
    assert (channel.name, channel.language, len(channel.digest.schedule.at)) == ("pay", "ko", 2)
