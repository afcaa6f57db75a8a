"""The list of channels: what each takes from the top level, and every mistake with its place."""

import re
from datetime import time, timedelta
from pathlib import Path

import pytest

from config import Channel, Config, ConfigError, Schedule, load

ROOT = Path(__file__).resolve().parent.parent
GOOD = "gcp: {password: canary-of-fourteen}\n"
HOOK = "webhook_url: https://hooks.slack.com/services/canary"
HALF_HOURS = Schedule(timedelta(minutes=30))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.yaml"


def read(file: Path, text: str) -> Config:
    file.write_text(GOOD + text)
    file.chmod(0o600)
    return load(file)


def mistakes(file: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(file, text)
    return str(caught.value).replace(f"{file} ", "").splitlines()


def by_name(config: Config) -> dict[str, Channel]:
    return {channel.name: channel for channel in config.channels}


@pytest.mark.parametrize("none", ["", "channels:\n", "channels: []\n"])
def test_without_channels_the_top_level_is_the_one(file: Path, none: str) -> None:
    config = read(file, f"slack: {{{HOOK}}}\nlanguage: ko\n{none}")
    (only,) = config.channels
    assert (only.name, only.webhook_url, only.hosts) == ("default", config.slack.webhook_url, ("*",))
    assert (only.digest, only.language) == (config.digest, "ko")
    assert by_name(read(file, none))["default"].webhook_url == ""


def test_what_a_channel_does_not_write_is_taken_from_the_top_level(file: Path) -> None:
    config = read(
        file,
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
    assert (everything.digest, everything.language, everything.hosts) == (config.digest, "ko", ("*",))
    assert (own.digest.schedule, own.digest.at_least) == (Schedule(timedelta(hours=1)), timedelta(days=2))
    assert (own.digest.only_changes, own.digest.weekly, own.language) == (False, None, "en")
    assert (own.shows.matches("a.test"), own.shows.matches("a.example")) == (True, False)


@pytest.mark.parametrize(
    ("top", "own", "schedule"),
    [
        ("every: 1h", "at: ['09:00']", Schedule(None, (time(9),))),
        ("at: ['09:00']", "every: 30m", HALF_HOURS),
        ("at: ['09:00']", "days: [mon]", Schedule(None, (time(9),), frozenset({0}))),
        ("at: ['09:00']", "at: ['18:00']", Schedule(None, (time(18),))),
    ],
)
def test_every_and_at_are_one_choice(file: Path, top: str, own: str, schedule: Schedule) -> None:
    config = read(file, f"digest: {{{top}}}\nchannels:\n- name: a\n  {HOOK}\n  digest: {{{own}}}\n")
    assert config.channels[0].digest.schedule == schedule


def test_the_webhook_of_the_top_level_is_one_more_channel(file: Path) -> None:
    config = read(file, f"slack: {{{HOOK}-1}}\nchannels:\n- name: a\n  {HOOK}-2\n")
    assert [(channel.name, channel.webhook_url[-1]) for channel in config.channels] == [
        ("a", "2"),
        ("default", "1"),
    ]


def test_the_webhook_may_stand_in_a_file_and_is_in_no_repr(file: Path) -> None:
    (file.parent / "hook").write_text("https://hooks.slack.com/services/canary\n")
    config = read(file, "channels:\n- name: a\n  webhook_url_file: hook\n")
    assert config.channels[0].webhook_url == "https://hooks.slack.com/services/canary"
    assert "canary" not in repr(config)


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("channels: ops", 'line 2: channels: is one value; write a list in which each channel begins with "- name:"'),
        ("channels: {name: ops}", 'line 2: channels: is a section; write a list in which each channel begins with "- name:"'),
        ("channels: [ops]", 'line 2: channels[0]: is one value; write its keys below each other, beginning with "- name:"'),
        (f"channels:\n- {HOOK}", "line 3: channels[0].name: is missing; write it"),
        ("channels:\n- name: a", "line 3: channels[0].webhook_url: is missing; write it, or webhook_url_file: PATH"),
        ("channels:\n- name: a\n  webhook_url: ''", "line 4: channels[0].webhook_url: is empty; write a URL that begins with https://"),
        ("channels:\n- name: a\n  webhook_url: canary", "line 4: channels[0].webhook_url: write a URL that begins with https://"),
        (f"channels:\n- name: canary canary\n  {HOOK}", "line 3: channels[0].name: write a name of letters, digits, dots, - and _, such as ops"),
        (f"channels:\n- name: a\n  {HOOK}\n  name: b", "line 5: channels[0].name: stands twice; line 3 has it already"),
        (f"channels:\n- name: a\n  {HOOK}\n- name: a\n  {HOOK}", "line 5: channels[1].name: is the name of the channel in line 3 already; take another"),
        (f"slack: {{{HOOK}}}\nchannels:\n- name: default\n  {HOOK}", "line 4: channels[0].name: is the name of the channel in line 2 already; take another"),
        (f"channels:\n- name: a\n  {HOOK}\n  webhook_url_file: x", "line 5: channels[0].webhook_url_file: webhook_url is given too, in line 4; keep one"),
        (f"channels:\n- name: a\n  {HOOK}\n  digest: {{evry: 1h}}", "line 5: channels[0].digest.evry: no such key; did you mean digest.every?"),
        (f"channels:\n- name: a\n  {HOOK}\n  digest: {{every: 1}}", 'line 5: channels[0].digest.every: found "1"; write numbers with units, such as 30m, 1h30m or 45s'),
        (f"channels:\n- name: a\n  {HOOK}\n  digest: {{every: 1h, at: ['09:00']}}", "line 5: channels[0].digest.at: digest.every is given too, in line 5; keep one"),
        (f"digest: {{every: 2d}}\nchannels:\n- name: a\n  {HOOK}\n  digest: {{days: [mon]}}", 'line 2: channels[0].digest.every: found "2d"; with digest.days, in line 6, write 1d at most'),
        (f"digest: {{every: 2d, days: [mon]}}\nchannels:\n- name: a\n  {HOOK}", 'line 2: digest.every: found "2d"; with digest.days, in line 2, write 1d at most'),
        (f"channels:\n- name: a\n  {HOOK}\n  timezone: UTC", "line 5: channels[0].timezone: no such key"),
        ("channels:\n- name: a\n  webhook_url:canary: x", "line 4: channels[0].webhook_url…: no such key; did you mean webhook_url?"),
        ("chanels: []", "line 2: chanels: no such key; did you mean channels?"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_line_place_and_cure(file: Path, text: str, mistake: str) -> None:
    told = mistakes(file, text)
    assert mistake in told
    assert "canary" not in "".join(told)


def test_the_mistakes_of_all_channels_are_told_at_once(file: Path) -> None:
    told = mistakes(file, f"channels:\n- name: a\n- {HOOK}\n- name: c\n  {HOOK}\n  language: fr\n")
    assert [line.split(": ")[1] for line in told] == [
        "channels[0].webhook_url",
        "channels[1].name",
        "channels[2].language",
    ]


def test_hosts_that_no_channel_would_show_are_warned_of(file: Path) -> None:
    names = "hosts: [a.test, b.other, c.other, d.other, e.other, f.other, g.other]\n"
    channels = f"channels:\n- name: a\n  {HOOK}\n  hosts: '*.test'\n"
    (warning,) = read(file, names + channels).warnings
    assert "no channel shows b.other, c.other, d.other, e.other, f.other and 1 more; add them" in warning
    assert not read(file, f"{names}{channels}slack: {{{HOOK}}}\n").warnings


def test_a_trial_schedule_and_a_secret_that_others_can_read_are_warned_of(file: Path) -> None:
    file.with_name("pw").write_text("canary-of-fourteen")
    file.with_name("pw").chmod(0o600)
    file.write_text(f"gcp: {{password_file: pw}}\nchannels:\n- name: a\n  {HOOK}\n  digest: {{every: 5s}}\n")
    file.chmod(0o604)
    trial, readable = load(file).warnings
    assert "every 5s" in trial
    assert "chmod o-r" in readable


def test_the_example_in_the_shipped_file_is_good(file: Path) -> None:
    text = (ROOT / "config.yaml").read_text()
    file.with_name("slack-webhook-url-of-pay").write_text("https://hooks.slack.com/services/canary")
    file.write_text(re.sub(r"^# (channels:|  )", r"\1", text, flags=re.MULTILINE))
    (channel,) = load(file).channels
    assert (channel.name, channel.language, len(channel.digest.schedule.at)) == ("pay", "ko", 2)


def test_a_list_of_channels_cut_at_any_byte_is_a_config_or_a_config_error(file: Path) -> None:
    text = (ROOT / "config.yaml").read_text()
    text = re.sub(r"^# (channels:|  )", r"\1", text, flags=re.MULTILINE)
    for end in range(text.index("\nchannels:"), len(text)):
        file.write_text(text[:end])
        try:
            load(file)
        except ConfigError as error:
            assert error.problems
