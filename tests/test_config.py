"""config.yaml: how it is read, and every mistake with its line and how to fix it."""

import re
from collections import Counter
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from config import PLACEHOLDER, ConfigError, Page, Schedule, load
from config.hosts import host_pattern
from config.schema import KEYS
from config.times import duration, format_duration
from hosts.names import canonical
from tests.config_files import NO_EXPRESSION, SHIPPED, WITH_CHANNELS, mistakes, read
from tests.support import ROOT

PASSWORD = "canary-of-fourteen"
GOOD = f"gcp:\n  password: {PASSWORD}\n"


def test_the_shipped_file_sets_every_key_to_its_default(tmp_path: Path) -> None:
    """Except for the password, the only required key. Nobody on another machine may see the page then."""
    shipped, least = read(tmp_path, SHIPPED.replace(PLACEHOLDER, PASSWORD)), read(tmp_path, GOOD)
    assert shipped == least
    assert (least.gcp.username, least.channels[-1].digest.schedule.every) == ("google", timedelta(minutes=30))
    assert least.page == Page((), "team", (), "", open=False, badges_open=False)
    assert read(tmp_path, f"{GOOD}slack:\ndigest:\nlisten:\n") == least


def test_every_key_is_read(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        """
listen: {address: "::1", port: 0}
trusted_proxies: [10.0.0.0/8, "2001:db8::1"]
state_file: /srv/state.json
gcp: {username: me, password: "12345678901234567890"}
slack:
  webhook_url: https://hooks.slack.com/services/T/B/X
  outgoing_token: [one, two]
  signing_secret: three
  buttons: yes
  team_id: T1H9ZN51Q
  channels: [C8NLU2M42, G8PSS9T3V, D024BE91L]
  admins: [U024BE7LH, W012A3CDE]
digest: {every: 1h30m, days: [sat, Sun], only_changes: yes, at_least: 30d}
language: ko
doubt_after: 14d
hosts: [a.test, "HTTPS://B.test:443/", "xn--mnchen-3ya.example", web-1:8080, front/back]
timezone: Asia/Seoul
history_days: 7
history_per_host: 5
page: {addresses: 10.0.0.0/8, username: wall, password: [new, old], url: "https://u.test", open: yes, badges_open: yes}
""",
    )
    assert (config.listen.address, config.listen.port) == ("::1", 0)
    assert [str(each) for each in config.trusted_proxies] == ["10.0.0.0/8", "2001:db8::1/128"]
    assert config.state_file == Path("/srv/state.json")
    assert config.slack.outgoing_tokens == ("one", "two")
    assert (config.slack.signing_secrets, config.slack.buttons) == (("three",), True)
    assert (config.slack.team_id, config.slack.admins) == ("T1H9ZN51Q", ("U024BE7LH", "W012A3CDE"))
    assert config.slack.channels == ("C8NLU2M42", "G8PSS9T3V", "D024BE91L")
    digest = config.channels[-1].digest
    assert digest.schedule == Schedule(timedelta(minutes=90), days=frozenset({5, 6}))
    assert (digest.only_changes, digest.at_least) == (True, timedelta(days=30))
    assert (config.language, config.doubt_after) == ("ko", timedelta(days=14))
    assert config.hosts == ("a.test", "b.test", "münchen.example", "web-1", "front/back")
    assert (config.history.days, config.history.per_host) == (7, 5)
    network = ip_network("10.0.0.0/8")
    assert config.page == Page(
        (network,), "wall", ("new", "old"), "https://u.test/", open=True, badges_open=True
    )


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("https://hc.example.com/핑/a?b=ü#c", "https://hc.example.com/%ED%95%91/a?b=%C3%BC#c"),
        ("https://hc.example.com/a%20ü%", "https://hc.example.com/a%20%C3%BC%"),
        ("https://münchen.example:8443/ping", "https://xn--mnchen-3ya.example:8443/ping"),
        ("https://straße.example/x", "https://xn--strae-oqa.example/x"),
        ("https://βόλος.example/x", "https://xn--nxasmm1c.example/x"),
        ("https://u:p@ΒΌΛΟΣ.example:8443/ü", "https://u:p@xn--nxasmm1c.example:8443/%C3%BC"),
        ("http://[::1]:80/ü", "http://[::1]:80/%C3%BC"),
        ("https://hc.example.com/a|b%20c?d=[e]", "https://hc.example.com/a|b%20c?d=[e]"),
    ],
)
def test_a_url_is_kept_as_it_is_sent(tmp_path: Path, written: str, sent: str) -> None:
    assert read(tmp_path, f"{GOOD}heartbeat_url: '{written}'\n").heartbeat_url == sent
    assert read(tmp_path, f"{GOOD}slack: {{webhook_url: '{written}'}}\n").channels[-1].webhook_url == sent


def test_the_shipped_file_names_every_key_once_with_its_default() -> None:
    assert load(ROOT / "config.yaml").gcp.passwords == (PLACEHOLDER,)
    section, written = "", {}
    for indent, name, value in re.findall(r"^( *)(\w+): *(\S*)", SHIPPED, re.MULTILINE):
        section = section if indent else name
        written[f"{section}.{name}" if indent else name] = value.strip('"[]')
    defaults = {key.path: PLACEHOLDER if key.default is None else key.default for key in KEYS}
    assert {path: value for path, value in written.items() if path in defaults or value} == defaults
    files = Counter(re.findall(r"^ *# (\w+)_file: \S+", SHIPPED, re.MULTILINE))
    assert files == Counter(key.path.rpartition(".")[2] for key in KEYS if key.secret)


SPELLINGS = ", 'https://shop.test/', 'shop.test:443', shop.test."


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("digest: {evry: 30m}", "line 1: digest.evry: no such key; did you mean digest.every?"),
        ("digset: {every: 30m}", "line 1: digset: no such key; did you mean digest?"),
        ("every: 30m", "line 1: every: no such key; did you mean digest.every?"),
        ("xyzzy: 1", "line 1: xyzzy: no such key"),
        ("listen: 8080", "line 1: listen: is a section; write its keys below it, indented by two spaces"),
        ("listen: {port: 99999}", 'line 1: listen.port: found "99999"; write a whole number from 0 to 65535'),
        ("listen: {port: 010}", 'line 1: listen.port: found "010"; write a whole number from 0 to 65535'),
        ("listen: {port: [1]}", "line 1: listen.port: is a list; write one value"),
        ("listen: {address: 1.2.3}", 'line 1: listen.address: found "1.2.3"; write an IP address such as 127.0.0.1, or a host name'),
        ("digest: {every: 10 moments}", 'line 1: digest.every: found "10 moments"; write numbers with units, such as 30m, 1h30m or 45s'),
        ("digest: {every: 8d}", 'line 1: digest.every: found "8d"; write at most 7d'),
        ("digest: {every: 10:30}", 'line 1: digest.every: YAML reads it as a number; put it in quotes: "10:30"'),
        ("digest: {at: ['24:00']}", 'line 1: digest.at: found "24:00"; write a time of day in quotes, such as "09:00" or "18:30"'),
        ("digest: {at: ['9:00', '09:00']}", 'line 1: digest.at: found "09:00"; it is already in this list; remove it'),
        ("digest:\n  every: 1h\n  at: ['09:00']", "line 3: digest.at: digest.every is also set, in line 2; keep one"),
        ("digest:\n  at: ['09:00']\n  every: 45m", "line 2: digest.at: digest.every is also set, in line 3; keep one"),
        ("digest:\n  days: [mon]\n  every: 2d", 'line 3: digest.every: found "2d"; with digest.days, in line 2, write at most 1d'),
        ("digest: {days: [moonday]}", 'line 1: digest.days: found "moonday"; write mon, tue, wed, thu, fri, sat or sun'),
        ("digest: {only_changes: maybe}", 'line 1: digest.only_changes: found "maybe"; write true or false'),
        ("digest: {at_least: 0s}", 'line 1: digest.at_least: found "0s"; write at least 1s'),
        ("silence_after: soon", 'line 1: silence_after: found "soon"; write numbers with units, such as 30m, 1h30m or 45s, or off'),
        ("language: kr", 'line 1: language: found "kr"; write en or ko'),
        ("hosts:\n- a.test\n- a.test", 'line 3: hosts: found "a.test"; it is already in this list; remove it'),
        (f"hosts: [shop.test{SPELLINGS}]", 'line 1: hosts: found "https://shop.test/"; it is already in this list, as shop.test; remove it'),
        ("hosts: [münchen.example, xn--mnchen-3ya.example]", 'line 1: hosts: found "xn--mnchen-3ya.example"; it is already in this list, as münchen.example; remove it'),
        ("hosts: [a.test b.test]", 'line 1: hosts: found "a.test b.test"; a host name has no white space; write each host as an item of its own: [one.test, two.test]; in the name of a policy, write * instead'),
        ("hosts: [b policy]", 'line 1: hosts: found "b policy"; a host name has no white space; write each host as an item of its own: [one.test, two.test]'),
        ("hosts: [.example.com]", 'line 1: hosts: found ".example.com"; a name cannot begin with a dot; for all hosts below it write *.example.com'),
        ("hosts: ['http://']", 'line 1: hosts: found "http://"; write the name of a host; * stands for any part of it and needs quotes'),
        ("hosts: ['*.test']", 'line 1: hosts: found "*.test"; write the full name of a host, not a pattern'),
        ("hosts: {a.test: }", "line 1: hosts: is a section; write one value, or a list: [one, two]"),
        ("hosts:\n- a: b", "line 2: hosts: is a section; write one value"),
        ("timezone: Asia/Soul", 'line 1: timezone: found "Asia/Soul"; write an IANA name such as Asia/Seoul or UTC; did you mean Asia/Seoul?'),
        ("timezone: ../../etc/passwd", 'line 1: timezone: found "../../etc/passwd"; write an IANA name such as Asia/Seoul or UTC'),
        ("timezone: +11", 'line 1: timezone: YAML reads it as a number; put it in quotes: "+11"'),
        ("timezone: '+11'", 'line 1: timezone: found "+11"; write an IANA name such as Asia/Seoul or UTC; did you mean Etc/GMT-11?'),
        ("state_file: ~/ucm/state.json", 'line 1: state_file: found "~/ucm/state.json"; ~ and variables are not expanded here; write the full path, such as /srv/x.json'),
        ("slack: {webhook_url_file: ~/webhook}", "line 1: slack.webhook_url_file: ~ and variables are not expanded here; write the full path, such as /srv/x.json"),
        ("timezone: yes", 'line 1: timezone: YAML reads it as yes or no; put it in quotes: "yes"'),
        ("timezone: UTC\ntimezone: UTC", "line 2: timezone: appears twice; it is already in line 1"),
        ("history_days: 0", 'line 1: history_days: found "0"; write a whole number from 1 to 3650'),
        ("slack: {webhook_url: http://hooks.slack.com/x}", "line 1: slack.webhook_url: write a URL that begins with https://"),
        ("slack: {webhook_url_file: nowhere}", "line 1: slack.webhook_url_file: cannot read {folder}/nowhere: No such file or directory"),
        ("slack: {outgoing_token: 123}", "line 1: slack.outgoing_token: YAML reads it as a number; put it in quotes"),
        ("a: &x 1\nb: *x", "line 1: anchors (&) and aliases (*) are not supported; write the value out, or put a pattern in quotes"),
        ("timezone: !!python/object:os.system x", "line 1: tags (!) are not supported; remove it"),
        ("- 1", "line 1: has no keys; write lines such as `timezone: UTC`"),
        ("timezone: UTC\n---\na: 1", "line 2: is not valid YAML: a second document begins here; keep only one (column 1)"),
        ("timezone: [", "line 3: is not valid YAML: expected the node content, but found '<stream end>' (column 1)"),
        ("listen:\n\tport: 1", "line 2: is not valid YAML: there is a tab here; use spaces (column 1)"),
        ("listen:\n  port:80\n  address: x", "line 2: is not valid YAML: a colon is missing, or the space after it"),
        ("timezone: @UTC", "line 1: is not valid YAML: a value that begins with this character must be in quotes (column 11)"),
        ('timezone: "\\UTC"', "line 1: is not valid YAML: expected escape sequence of 8 hexadecimal numbers, but found … (column 14)"),
        ("listen: {port: '٣'}", 'line 1: listen.port: found "٣"; write a whole number from 0 to 65535'),
        ("digest: {every: ٣m}", 'line 1: digest.every: found "٣m"; write numbers with units, such as 30m, 1h30m or 45s'),
        ("listen.port: 80", "line 1: listen.port: a dot is not allowed in a key; write the part after the dot on a line of its own, indented"),
        ("timezone: ASIA/SEOUL", 'line 1: timezone: found "ASIA/SEOUL"; write an IANA name such as Asia/Seoul or UTC; did you mean Asia/Seoul?'),
        ("state_file: config.yaml", "line 1: state_file: is a file of this configuration; name another, such as var/state.json"),
        ("state_file: ./var/../pw\npage: {password_file: pw}", "line 1: state_file: is a file of this configuration; name another, such as var/state.json"),
        ('state_file: "a\\0b"', 'line 1: state_file: found "a\\x00b"; write the path of a file, such as /srv/x.json'),
        ("gcp:\n  password: {{ gcp_password }}", "line 2: gcp.password: {{ … }} is a template that nothing has filled in; write the value itself"),
        ("hosts: [{{ host }}]", "line 1: hosts[0]: {{ … }} is a template that nothing has filled in; write the value itself"),
        ("<<: {timezone: UTC}", "line 1: a key must be a plain word, not << or a tag (!)"),
        ("slack: {webhook_url:https://hooks.slack.com/services/T/B/X}", "line 1: slack.webhook_url…: no such key; did you mean slack.webhook_url?"),
        *[(f"heartbeat_url: '{url}'", "line 1: heartbeat_url: write a URL that begins with https://") for url in ("https://ü..example/", f"https://{'ü' * 60}.example/", "https://ü/", "https://ü@x.test/")],
        *[(f"page: {{url: '{url}'}}", "line 1: page.url: write a URL that begins with https://") for url in ("uptime.example.com", "ftp://uptime.example.com")],
        *[(f"page: {{url: 'https://u.test/{end}'}}", "line 1: page.url: has a ? or # after the address; leave it out, as in https://uptime.example.com/") for end in ("?view=wall", "#hosts")],
        (f"page: {{url: 'https://u.test/{'x' * 200}'}}", "line 1: page.url: has more than 200 characters; give the page a shorter address"),
        ("page: {url: 'https://team:canary@u.test'}", "line 1: page.url: contains a user name or password; leave them out, since all of Slack would see them"),
        *[(f"page: {{password: {same}}}", "line 1: page.password: is also gcp.password, so anyone who may see the page could report incidents; make another one") for same in (PASSWORD, f"[another, {PASSWORD}]")],
        *[(f"slack: {{{others}buttons: true}}", "line 1: slack.buttons: is true without slack.signing_secret; set that to the signing secret of the app") for others in ("", "outgoing_token: abc, ", "signing_secret: '', ")],
        ("!x timezone: UTC", "line 1: a key must be a plain word, not << or a tag (!)"),
        ("slack: {webhook_url_file: https://hooks.slack.com/x}", "line 1: slack.webhook_url_file: write the path of a file, such as /srv/x.json"),
        ("slack: {webhook_url_file: ''}", "line 1: slack.webhook_url_file: write the path of a file, such as /srv/x.json"),
        ("slack: {outgoing_token_file: [a]}", "line 1: slack.outgoing_token_file: is a list; write the path of a file"),
    ],
)  # fmt: skip
def test_a_mistake_is_reported_with_line_key_and_fix(tmp_path: Path, text: str, mistake: str) -> None:
    alone = text.startswith(("-", "timezone: ["))
    reported = mistakes(tmp_path, f"{text}\n\n" if alone else f"{text}\n{GOOD}")
    assert reported[0] == mistake.replace("{folder}", str(tmp_path))


NO_HOST = "write only the name of the host, such as www.example.com: letters, digits, hyphens, single dots"
QUOTES = "quotes are part of the value; remove them"
SEPARATELY = "write each host as an item of its own: [one.test, two.test]"


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        *[(f"shop.example.com{end}", NO_HOST) for end in (":http", ":443:443", "%2f", ",", ";", "`", ">")],
        *[(f"{begin}shop.example.com", NO_HOST) for begin in ("-", "`", "%73", "x@,")],
        *[(text, NO_HOST) for text in ("shop..example.com", "..example.com", "shop-.example.com", "-web-1", "%40web")],
        *[(text, NO_HOST) for text in ("/path", "`web-1`", "http:/", "https:443", "10.0.0.1,", "10.0.0.1:http")],
        *[(f"{quote}{name}{quote}", QUOTES) for quote in ("'", '"') for name in ("shop.example.com", "web-1")],
        ("“web-1”", f"curly {QUOTES}"),
        *[(text, NO_EXPRESSION) for text in ("www+.example.com", "(a).example.com", "{www,api}.example.com")],
        *[(f"{begin}www.example.com", NO_EXPRESSION) for begin in "!~$^"],
        *[(text, NO_EXPRESSION) for text in ("www.example.com|", "?.example.com", "regex:^www", "/www/i", "$www", "!www", "www.*$")],
        ("a.test,b.test", SEPARATELY),
        ("a.test;b.test", SEPARATELY),
    ],
)  # fmt: skip
def test_anything_but_one_host_is_a_mistake_with_its_fix(tmp_path: Path, written: str, hint: str) -> None:
    item = "'" + written.replace("'", "''") + "'"
    quoted = f'found "{written}"; {hint}'
    assert mistakes(tmp_path, f"hosts: [{item}]\n{GOOD}") == [f"line 1: hosts: {quoted}"]
    assert mistakes(tmp_path, f"alerts: {{hosts: [{item}]}}\n{GOOD}") == [f"line 1: alerts.hosts: {quoted}"]
    channel = f"{{name: a, webhook_url: 'https://hooks.slack.com/services/T/B/x', hosts: [{item}]}}"
    reported = mistakes(tmp_path, f"channels: [{channel}]\n{GOOD}")
    assert reported == [f"line 1: channels[0].hosts: {hint}"]


@pytest.mark.parametrize(
    "name",
    [
        *("api", "front/back", "front/v1.beta", "api (prod)", "dep-3f", "v1.2", "db+cache", "c++", "policy:1234567"),
        *("cpu [max] (eu)", "웹서버(운영)", "다운!", "“new” shop", "- noc", "p99>5s", "shop.*.1", "*shop*", "*[prod]*", "svc(eu)*"),
        *("*.example.com", "*-eu.example.com", "*.हिन्दी.example", "_dmarc.example.com", "2001:db8::1", "*"),
    ],
)  # fmt: skip
def test_names_of_everything_that_google_watches_are_accepted(name: str) -> None:
    assert host_pattern(name) == name


def test_all_spellings_of_a_host_are_recognized_as_the_same(tmp_path: Path) -> None:
    spellings = [
        "https:/shop.test",
        "https:shop.test",
        "https//shop.test",
        "shop.test//",
        "https://shop.test//x",
    ]
    for written in spellings:
        assert read(tmp_path, f"{GOOD}hosts: ['{written}']\n").hosts == ("shop.test",)
    assert len(mistakes(tmp_path, f"{GOOD}hosts: {['shop.test', *spellings]}\n")) == len(spellings)


@example("0:.")
@given(st.text() | st.from_regex(r"(https?:/{0,3})?[a-z*.:/%,'(|)@-]{0,20}", fullmatch=True))
def test_any_text_is_a_canonical_name_or_a_mistake(text: str) -> None:
    try:
        name = host_pattern(text)
    except ValueError as error:
        assert str(error)
    else:
        assert canonical(name, is_host=True).lower() == name


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("listen: {port: x}\ndigest: {every: y}\ntimezone: z\nfoo: 1\n", ["gcp.password: is missing", "line 1: listen.port", "line 2: digest.every", "line 3: timezone", "line 4: foo"]),
        (f"{GOOD}digest:\n  days:\n    - mo\n    - tue\n    - we\n", ["line 5: digest.days", "line 7: digest.days"]),
        (f"{GOOD}slack: {{signing_secret: [' x'], buttons: true}}\n", ["line 3: slack.signing_secret"]),
        ("gcp: {password: []}\n", ["line 1: gcp.password: is an empty list; write at least one value"]),
        *[(f"gcp:\n  password: {empty}\n", ["line 2: gcp.password: is empty; write a secret"]) for empty in ("", "#canary", "''")],
        ("gcp:\n  password: 'canary\ntimezone: UTC\n", ["line 2: is not valid YAML: the closing quote is missing"]),
    ],
)  # fmt: skip
def test_every_mistake_of_a_file_is_reported_once_in_the_order_of_lines(
    tmp_path: Path, text: str, reported: list[str]
) -> None:
    found = [line.removeprefix(f"{tmp_path / 'config.yaml'}: ") for line in mistakes(tmp_path, text)]
    assert [line[: len(begin)] for line, begin in zip(found, reported, strict=True)] == reported


@pytest.mark.parametrize(
    "text", ['timezone: "a\\n\\e[31mline 3: x"', '"a\\nline 3": 1', 'timezone: "\\u202Ea"']
)
def test_a_mistake_is_one_printable_line_whatever_the_file_holds(tmp_path: Path, text: str) -> None:
    (reported,) = mistakes(tmp_path, f"{text}\n{GOOD}")
    assert reported.isprintable()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2 minutes", "2m"), ("1 hour", "1h"), ("1 Hour 30 Min", "1h30m"), ("1 hour and 30 minutes", "1h30m"),
        ("1h, 30m", "1h30m"), ("90 sec", "90s"), ("1 day 6 hours", "1d6h"), ("1 week", "7d"), ("  5 m  ", "5m"),
    ],
)  # fmt: skip
def test_durations_may_be_written_in_words(text: str, meant: str) -> None:
    assert duration(text) == duration(meant)


@pytest.mark.parametrize(
    "text", ["", "and", "1h and", "and 1h", "1h,", ",1h", "30m 1h", "1h 1h", "1", "h", " " * 70_000, "1 " * 40_000, "9" * 70_000 + "m"]
)  # fmt: skip
def test_an_invalid_duration_is_refused_at_once(text: str) -> None:
    with pytest.raises(ValueError, match="write numbers with units"):
        duration(text)


@given(st.integers(1, 7 * 86400).map(lambda seconds: timedelta(seconds=seconds)))
def test_every_formatted_duration_can_be_read(span: timedelta) -> None:
    assert duration(format_duration(span)) == span


class TestSecrets:
    @pytest.mark.parametrize(
        ("begin", "end"), [("", "\n"), ("\r\n", "\r\n"), ("\n\n", "\n\n"), ("  \n", "  \n"), ("\ufeff", "")]
    )
    def test_white_space_that_editors_leave_is_not_part_of_a_secret(
        self, tmp_path: Path, begin: str, end: str
    ) -> None:
        (tmp_path / "pw").write_bytes(f"{begin}{PASSWORD}{end}".encode())
        (tmp_path / "hook").write_text("https://hooks.slack.com/services/T/B/x \r\n")
        (tmp_path / "tokens").write_text("the new one\nthe old one\n")
        slack = "{webhook_url: '', webhook_url_file: hook, outgoing_token_file: tokens}"
        config = read(tmp_path, f"gcp: {{password_file: pw}}\nslack: {slack}\n")
        assert config.gcp.passwords == (PASSWORD,)
        assert config.channels[-1].webhook_url == "https://hooks.slack.com/services/T/B/x"
        assert config.slack.outgoing_tokens == ("the new one", "the old one")

    def test_no_repr_shows_a_secret(self, tmp_path: Path) -> None:
        slack = "{webhook_url: https://x.test/canary, outgoing_token: canary, signing_secret: canary}"
        others = "page: {password: canary}\nproxy: http://canary:canary@proxy.test:3128"
        assert "canary" not in repr(
            read(tmp_path, f"gcp: {{password: a-canary}}\nslack: {slack}\n{others}\n")
        )

    @pytest.mark.parametrize("key", ["gcp: {password_file: F}", "slack: {outgoing_token_file: F}", "slack: {webhook_url_file: F}", "slack: {signing_secret_file: F}"])  # fmt: skip
    @pytest.mark.parametrize(
        ("content", "word"),
        [(b"", "is empty"), (b"\n", "is empty"), (b"\xff", "not UTF-8"), (b"canary" * 20_000, "larger")],
        ids=lambda value: str(value)[:12],
    )
    def test_a_file_without_a_good_secret_is_reported_by_its_path(
        self, tmp_path: Path, key: str, content: bytes, word: str
    ) -> None:
        (tmp_path / "F").write_bytes(content)
        (reported,) = mistakes(tmp_path, f"{key}\n" if "gcp" in key else f"{key}\n{GOOD}")
        assert f"{tmp_path / 'F'}" in reported
        assert re.search(word, reported)
        assert "canary" not in reported

    @pytest.mark.parametrize(
        "text",
        [
            "gcp: {password: canary: }",
            "gcp:\n  password: 'canary\n",
            "gcp:\n password: canary\n\tx: y",
            "gcp: {password: [[canary]]}",
            "gcp: {password: ' canary'}",
            "gcp: {password: 123456789012}",
            "slack: {webhook_url: canary}",
            "slack: {outgoing_token: [canary, 'canary ']}",
            "slack: {signing_secret: ['canary ']}",
            "slack: {team_id: canary, channels: canary, admins: [canary, '@canary', Canary]}",
            "page: {password: {canary: canary}, open: canary}",
            "canary",
            "gcp: {password: *canary}",
            "gcp: {password: &canary}",
            "gcp: {password: !canary}",
            "gcp: {password: !canary!x y}",
            "gcp: {password: %canary}",
            'gcp: {password: "\\canary"}',
            "gcp: {password:canary}",
            "gcp: {password:canary.x, password:canary.x}",
            "gcp:\n  password:canary\n  username: x",
            "gcp: {username: 'google:canary'}",
            "slack: {webhook_url_file: https://hooks.slack.com/services/canary}",
        ],
    )
    def test_no_mistake_quotes_a_secret(self, tmp_path: Path, text: str) -> None:
        reported = "\n".join(mistakes(tmp_path, text))
        assert "canary" not in reported
        assert "123456789012" not in reported

    @pytest.mark.parametrize("word", ["12345678", "yes", "null", "~", "2026-11-23", "1.5", "10:30"])
    def test_a_password_that_yaml_reads_differently_must_be_quoted(self, tmp_path: Path, word: str) -> None:
        (reported,) = mistakes(tmp_path, f"gcp: {{password: {word}}}\n")
        assert reported.startswith("line 1: gcp.password: YAML reads it as ")
        assert reported.endswith("; put it in quotes")
        assert read(tmp_path, f"gcp: {{password: '{word}'}}\n").gcp.passwords == (word,)


class TestAnyFile:
    @pytest.mark.parametrize(
        "content",
        [
            b"a: " + b"[" * 5000,
            b"a:\n" + b"".join(b" " * n + b"- \n" for n in range(300)),
            b"x" * 600_000,
            b"? [a]\n: b\n",
            b"? \n: b\n",
            b'timezone: "\\UFFFFFFFF"\n',
            b'timezone: "\\U00110000"\n',
            b"%YAML " + b"1" * 5000 + b".1\n---\na: b\n",
            b"timezone: " + b"Asia/Seoul" * 6_000,
        ],
        ids=lambda content: ascii(content[:12]),
    )
    def test_bombs_and_garbage_are_refused(self, tmp_path: Path, content: bytes) -> None:
        assert mistakes(tmp_path, content)

    @settings(deadline=None)
    @given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
    def test_any_content_is_a_config_or_a_config_error(
        self, tmp_path_factory: pytest.TempPathFactory, content: bytes
    ) -> None:
        try:
            read(tmp_path_factory.getbasetemp(), content)
        except ConfigError as error:
            assert error.issues

    def test_the_shipped_file_cut_at_any_byte_is_a_config_or_a_config_error(self, tmp_path: Path) -> None:
        """With the example of channels, and without comments, which most of it is."""
        text = re.sub(r"^ *#.*\n| +#.*$", "", WITH_CHANNELS, flags=re.MULTILINE)
        assert "channels:" in text
        for end in range(0, len(text), 7):
            try:
                read(tmp_path, text[:end])
            except ConfigError as error:
                assert error.issues
