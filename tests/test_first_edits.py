"""What people first write into config.yaml is understood, or answered with what to write instead."""

from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path

import pytest

from config import Config, Schedule, load
from tests.builders import DAY, HOUR
from tests.config_files import GOOD, SHIPPED, mistakes, read

WORKDAYS = frozenset(range(5))
MORNING = Schedule(None, (time(9),))
HOOK = "https://hooks.slack.com/services/T/B/x"


def shipped(old: str, new: str) -> str:
    assert old in SHIPPED
    return SHIPPED.replace(old, new, 1)


@pytest.mark.parametrize("every", ["30m", "30 minutes", "24h", "off", ""])
def test_the_default_interval_may_stay_beside_times(tmp_path: Path, every: str) -> None:
    edited = shipped("\n  every: 30m\n", f"\n  every: {every}\n").replace("\n  at: []\n", "\n  at: 9am\n")
    assert read(tmp_path, edited).channels[-1].digest.schedule == MORNING


@pytest.mark.parametrize(
    ("line", "key", "content", "used"),
    [
        ("  # password_file: gcp-password", "gcp-password", "a long password", lambda c: c.gcp.passwords),
        ("  # webhook_url_file: slack-webhook-url", "slack-webhook-url", HOOK, lambda c: (c.channels[-1].webhook_url,)),
        ("  # outgoing_token_file: slack-outgoing-token", "slack-outgoing-token", "a token", lambda c: c.slack.outgoing_tokens),
        ("  # signing_secret_file: slack-signing-secret", "slack-signing-secret", "a secret", lambda c: c.slack.signing_secrets),
        ("# heartbeat_url_file: heartbeat-url", "heartbeat-url", HOOK, lambda c: (c.heartbeat_url,)),
        ("  # token_file: status-token", "status-token", "a token", lambda c: c.status.tokens),
    ],
)  # fmt: skip
def test_a_secret_file_may_be_set_beside_the_shipped_value(
    tmp_path: Path, line: str, key: str, content: str, used: Callable[[Config], tuple[str, ...]]
) -> None:
    (tmp_path / key).write_text(f"{content}\n")
    (tmp_path / key).chmod(0o600)
    config = read(tmp_path, shipped(f"\n{line}\n", f"\n{line.replace('# ', '')}\n"))
    assert used(config) == (content,)
    (tmp_path / "config.yaml").chmod(0o644)  # it has no secret
    assert not any("chmod" in warning for warning in load(tmp_path / "config.yaml").warnings)


@pytest.mark.parametrize(
    ("text", "used", "meant"),
    [
        ("digest: {at: ['18:30', '9:00']}", lambda c: c.channels[-1].digest.schedule, Schedule(None, (time(9), time(18, 30)))),
        ("digest: {every: hourly}", lambda c: c.channels[-1].digest.schedule.every, HOUR),
        ("digest: {at: 9am}", lambda c: c.channels[-1].digest.schedule.at, (time(9),)),
        ("digest: {at: ['12 AM', '12pm', '6:30 p.m.']}", lambda c: c.channels[-1].digest.schedule.at, (time(0), time(12), time(18, 30))),
        ("digest:\n  days: mon, tue", lambda c: c.channels[-1].digest.schedule.days, {0, 1}),
        ("digest: {days: mon-fri}", lambda c: c.channels[-1].digest.schedule.days, WORKDAYS),
        ("digest: {days: fri–mon}", lambda c: c.channels[-1].digest.schedule.days, {4, 5, 6, 0}),
        *[(f"digest: {{days: {days}}}", lambda c: c.channels[-1].digest.schedule.days, WORKDAYS) for days in ("Mon to Fri", "'mon – fri'", "['mon – fri']", "Mon.-Fri.", "Monday through Friday", "'mon, tue, wed, thu and fri'", "[mon - wed, thu & fri]")],
        ("digest: {at: [Midnight, 6pm]}", lambda c: c.channels[-1].digest.schedule.at, (time(0), time(18))),
        ("alerts: {escalate_after: 1.5h}", lambda c: c.alerts.escalate_after, 1.5 * HOUR),
        ("doubt_after: 1.5 days", lambda c: c.doubt_after, 1.5 * DAY),
        ("digest: {days: [weekend, wed]}", lambda c: c.channels[-1].digest.schedule.days, {5, 6, 2}),
        ("digest: {days: every day}", lambda c: c.channels[-1].digest.schedule.days, set(range(7))),
        ("alerts: {hold: 0}", lambda c: c.alerts.hold, timedelta()),
        ("alerts:\n  mention: here, U024BE7LH", lambda c: c.alerts.mention, ("here", "U024BE7LH")),
        ("alerts: {mention: ['@Channel', U024BE7LH]}", lambda c: c.alerts.mention, ("channel", "U024BE7LH")),
        ("alerts: {mention: ['<@U024BE7LH>', '<!subteam^S0614TZR7|@ops>']}", lambda c: c.alerts.mention, ("U024BE7LH", "S0614TZR7")),
        ("history_days: 30 days", lambda c: c.history.days, 30),
        ("language: Korean", lambda c: c.language, "ko"),
        ("heartbeat_url: ' https://hc.example.com/x '", lambda c: c.heartbeat_url, "https://hc.example.com/x"),
        (f"slack: {{webhook_url: '{HOOK} '}}", lambda c: c.channels[-1].webhook_url, HOOK),
        ("slack:\n  channels: C8NLU2M42, C8NLU2M43", lambda c: c.slack.channels, ("C8NLU2M42", "C8NLU2M43")),
        ("trusted_proxies: 10.0.0.0/8 192.168.0.0/16", lambda c: [str(each) for each in c.trusted_proxies], ["10.0.0.0/8", "192.168.0.0/16"]),
        ("trusted_proxies: none", lambda c: c.trusted_proxies, ()),
        ("listen: {address: '[::1]'}", lambda c: c.listen.address, "::1"),
        *[(f"listen: {{address: '{every}'}}\ntrusted_proxies: 10.0.0.1", lambda c: c.listen.address, "::") for every in ("::", "::%0", "[0::0]")],
        ("listen: {address: '::ffff:127.0.0.1'}", lambda c: c.listen.address, "127.0.0.1"),
        ("page: {url: ' https://uptime.example.com '}", lambda c: c.page.url, "https://uptime.example.com/"),
        ("page: {url: 'http://10.0.0.5:8080'}", lambda c: c.page.url, "http://10.0.0.5:8080/"),
        ("page: {url: 'https://example.com/uptime?'}", lambda c: c.page.url, "https://example.com/uptime/"),
        ("page: {url: 'https://bücher.example'}", lambda c: c.page.url, "https://xn--bcher-kva.example/"),
        ("page: {url: off}", lambda c: c.page.url, ""),
    ],
)  # fmt: skip
def test_it_is_understood(tmp_path: Path, text: str, used: Callable[[Config], object], meant: object) -> None:
    assert used(read(tmp_path, f"{text}\n{GOOD}")) == meant


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("digest: {at_least: off}", 'digest.at_least: found "off"; it cannot be off; write at most 365d'),
        *[(f"digest: {{every: {never}}}", "digest.every: is off, and digest.at has no times; set an interval, such as 30m") for never in ("off", "none, at: []")],
        ("slack: {outgoing_token: x, outgoing_token_file: y}", "slack.outgoing_token_file: slack.outgoing_token is also set, in line 1; keep one"),
        ("digest: {days: mon-foo}", 'digest.days: found "mon-foo"; write mon, tue, wed, thu, fri, sat or sun'),
        ("digest: {days: [mon, mon]}", 'digest.days: found "mon"; it is already in this list; remove it'),
        ("digest: {at: [“09:00”]}", 'digest.at: found "“09:00”"; curly quotes are part of the value; remove them'),
        ("slack: {webhook_url: '“https://hooks.slack.com/services/T/B/canary”'}", "slack.webhook_url: curly quotes are part of the value; remove them"),
        ("slack: {admins: none}", "slack.admins: write the id of a person, such as U024BE7LH"),
        ("listen: {address: '*'}", 'listen.address: found "*"; write 0.0.0.0 for every IPv4 address, or "::" for every address'),
        ("listen: {address: 0.0.0.0:8080}", 'listen.address: found "0.0.0.0:8080"; write only the address; the port belongs in listen.port'),
        ("trusted_proxies: 10.0.0.5/8", 'trusted_proxies: found "10.0.0.5/8"; write 10.0.0.0/8 for the network, or 10.0.0.5 for one address'),
        ("channels: [{name: a, webhook_url: off}]", "channels[0].webhook_url: is empty; write a URL that begins with https://"),
        ("channels: [{name: a, webhook_url: https://x.test/y, digest: {every: off}}]", "channels[0].digest.every: is off, and digest.at has no times; set an interval, such as 30m"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_reported_with_a_hint(tmp_path: Path, text: str, reported: str) -> None:
    assert mistakes(tmp_path, f"{text}\n{GOOD}") == [f"line 1: {reported}"]


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("digest:\n  every:30m", "line 1: digest: the text below it, in line 2, is not a key: a colon is missing, or the space after it"),
        ("digest:\n  - every: 30m", "line 1: digest: is a section; remove the dash in line 2 and write its keys below it"),
        ("digest: 30m", "line 1: digest: is a section; write its keys below it, indented by two spaces"),
        ("DIGEST: {every: 30m}", "line 1: DIGEST: no such key; did you mean digest?"),
        ("digest:\n    every: 30m\n  at: []", "line 3: is not valid YAML: wrong indentation; align it with the lines above, while parsing a block mapping that begins in line 1 (column 3)"),
        ("language: ko\n# channels:\n  - name: pay", "line 3: is not valid YAML: a list begins here without a key, or misaligned with the dashes above, while parsing a block mapping that begins in line 1 (column 3)"),
        ("hosts: [a.test, b.test", "line 1: is not valid YAML: the closing ] is missing"),
        ("listen:\n  address: ::1\n  port 8080\ntimezone: UTC", "line 3: is not valid YAML: a colon is missing, or the space after it"),
        ("listen:\n  address: 127.0.0.1\n    port: 80", "line 3: is not valid YAML: one colon too many, or not aligned with the lines above (column 9)"),
        ('slack:\n  team_id: "T1\n  signing_secret: "canary"', "line 2: is not valid YAML: the closing quote is missing"),
        ("hosts: [\n  'a.test'\n  'b.test'\n]", "line 2: is not valid YAML: a ] or a comma is missing"),
        ("hosts:\n  -a.test\n  -www.test", "line 2: hosts: the space after the dash is missing"),
        ("hosts: [a.test]]", "line 1: is not valid YAML: one ] too many (column 16)"),
        ("digest:\n  days:\n  - mon\n  -tue\n", "line 4: is not valid YAML: the space after the dash is missing"),
        ("timezone: 'UTC' x", "line 1: is not valid YAML: there is something after a closing quote or bracket; remove it (column 17)"),
    ],
)  # fmt: skip
def test_a_typing_mistake_is_reported_with_line_and_fix(tmp_path: Path, text: str, reported: str) -> None:
    assert mistakes(tmp_path, f"{text}\n{GOOD}") == [reported]


@pytest.mark.parametrize(
    ("content", "reported"),
    [
        (b"", "is empty, or has only comments; start from the config.yaml of the release"),
        (b"gcp:\n  password: caf\xe9\n", "line 2: has a character that is not UTF-8; save the file as UTF-8"),
        (b"gcp:\n\n  password: a\x00b\n", "line 3: contains a character that YAML does not allow"),
    ],
)
def test_a_file_that_is_not_a_configuration_is_reported_in_one_line(
    tmp_path: Path, content: bytes, reported: str
) -> None:
    assert mistakes(tmp_path, content) == [reported]
