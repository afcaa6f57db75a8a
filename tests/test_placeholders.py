"""Warnings about placeholders that nothing fills in, and about quotes and names around a value."""

from base64 import b64encode, urlsafe_b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import ConfigError
from config.placeholders import secret_warnings, value_warnings
from tests.config_files import GOOD, mistakes, read

UNFILLED = "looks like a placeholder, but nothing fills it in; write the value itself"
EXAMPLE = "looks like a placeholder from an example; write your own"


def keep(folder: Path, name: str, text: str) -> None:
    """A file of secrets that only its owner can read."""
    (folder / name).write_text(text)
    (folder / name).chmod(0o600)


def warnings(folder: Path, text: str) -> list[str]:
    """Those of single lines, each without the path of the file."""
    found = read(folder, text).warnings
    return [warning.removeprefix(f"{folder}/config.yaml ") for warning in found]


@pytest.mark.parametrize(
    "secret",
    [
        "${GCP_PASSWORD_OF_OURS}",
        "$GCP_PASSWORD_OF_OURS",
        "$(cat /run/secrets/canary)",
        "{{ vault.gcp_password }}",
        "{% raw %}canary of ours",
        "<%= gcp_password %>",
        "#{gcp_password_of_ours}",
        "%GCP_PASSWORD_OF_OURS%",
        "@GCP_PASSWORD_OF_OURS@",
        "__GCP_PASSWORD__",
        "<the password of ours>",
        "ENC[AES256_GCM,data:canary]",
        "op://vault/item/password",
        "projects/shop/secrets/gcp/versions/latest",
        "$env:GCP_PASSWORD",
        "env:GCP_PASSWORD",
        "$$GCP_PASSWORD_OF_OURS",
        "{GCP_PASSWORD}",
        "%(GCP_PASSWORD)s",
        "%{GCP_PASSWORD}",
        "vault:secret/data/x#y",
        "[[gcp_password]]",
    ],
)
def test_a_secret_that_nothing_has_filled_in_is_reported_and_not_shown(tmp_path: Path, secret: str) -> None:
    assert warnings(tmp_path, f"gcp:\n  password: '{secret}'\n") == [f"line 2: gcp.password: {UNFILLED}"]


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("gcp: {password: 'Change_me, please'}", f"gcp.password: {EXAMPLE}"),
        ("gcp: {password: REPLACE_ME_NOW}", f"gcp.password: {EXAMPLE}"),
        ("gcp: {password: «twelve letters»}", "gcp.password: begins or ends with quotes, which are taken as part of the value; remove them"),
        *[(f"heartbeat_url: 'https://hc-ping.com/{part}'\n{GOOD}", f"heartbeat_url: {UNFILLED}") for part in ("<uuid>", "{uuid}", "%UUID%", "?key={key}")],
        ("gcp: {password: your-password-here}", f"gcp.password: {EXAMPLE}"),
        ("gcp: {password: xxxxxxxxxxxxxxxx}", f"gcp.password: {EXAMPLE}"),
        ("gcp: {password: '****************'}", f"gcp.password: {EXAMPLE}"),
        ("gcp: {password: “twelve letters”}", "gcp.password: begins or ends with curly quotes, which are taken as part of the value; remove them"),
        ("""gcp: {password: '"twelve letters"'}""", "gcp.password: begins or ends with quotes, which are taken as part of the value; remove them"),
        ("gcp: {password_file: pw}", "gcp.password: begins with a name, which is taken as part of the secret; write only the secret"),
        (f"slack: {{signing_secret: ['${{A}}', good]}}\n{GOOD}", f"slack.signing_secret: {UNFILLED}"),
        (f"slack: {{outgoing_token: TODO}}\n{GOOD}", f"slack.outgoing_token: {EXAMPLE}"),
        (f"slack: {{webhook_url: https://hooks.slack.com/services/$HOOK}}\n{GOOD}", f"slack.webhook_url: {UNFILLED}"),
        (f"slack: {{webhook_url: https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX}}\n{GOOD}", f"slack.webhook_url: {EXAMPLE}"),
        (f"slack: {{webhook_url: https://hooks.slack.com/services/…}}\n{GOOD}", f"slack.webhook_url: {EXAMPLE}"),
        (f"heartbeat_url: https://hc.example.com/your-uuid-here\n{GOOD}", f"heartbeat_url: {EXAMPLE}"),
        (f"status: {{token: '{{{{ status_token }}}}'}}\n{GOOD}", f"status.token: {UNFILLED}"),
        ("gcp: {username: '${GCP_USER}', password: a long enough password}", f"gcp.username: {UNFILLED}"),
        (f"slack: {{outgoing_token_file: tokens}}\n{GOOD}", "slack.outgoing_token: begins with #, which is not a comment there; remove such lines"),
        (f"channels: [{{name: a, webhook_url: 'https://hooks.slack.com/services/${{A}}'}}]\n{GOOD}", f"channels[0].webhook_url: {UNFILLED}"),
    ],
)  # fmt: skip
def test_each_key_is_reported_with_its_line(tmp_path: Path, text: str, reported: str) -> None:
    keep(tmp_path, "pw", "GCP_PASSWORD=twelve letters\n")
    keep(tmp_path, "tokens", "# of ops\ngood\n")
    assert warnings(tmp_path, f"{text}\n") == [f"line 1: {reported}"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("alerts:\n  hold: 2m\n  mention: #ops", "line 4: alerts.mention"),
        ("slack:\n  webhook_url: # https://hooks.slack.com/services/T/B/canary", "line 3: slack.webhook_url"),
        ("slack:\n  webhook_url_file: #hook", "line 3: slack.webhook_url_file"),
        ("timezone: # UTC", "line 2: timezone"),
        ("slack: # ours\n  webhook_url: '' # none\n  admins: # nobody\n    - U024BE7LH\ndigest:\n  # every: 1h", ""),
        ("channels:\n- name: a\n  webhook_url: https://hooks.slack.com/services/T/B/x\n  language: #ko", "line 5: channels[0].language"),
    ],
)  # fmt: skip
def test_a_value_that_is_all_comment_is_reported_but_not_a_section_or_an_empty_value(
    tmp_path: Path, text: str, key: str
) -> None:
    said = "is empty, since # begins a comment; if that was the value, put it in quotes"
    assert warnings(tmp_path, f"{GOOD}{text}\n") == ([f"{key}: {said}"] if key else [])


def test_a_second_line_is_reported_where_there_can_be_one_secret_only(tmp_path: Path) -> None:
    (tmp_path / "hook").write_text("https://hooks.slack.com/services/T/B/x\n\nhttps://x.test/canary\n")
    with pytest.raises(ConfigError, match="hook has 2 lines; keep only one"):
        read(tmp_path, f"{GOOD}slack: {{webhook_url_file: hook}}\n")


HOOK = "https://hooks.slack.com/services/T/B/canary"


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        (f"“{HOOK}”", "curly quotes are part of the value; remove them"),
        (f'"{HOOK}"', "quotes are part of the value; remove them"),
        (f"«{HOOK}»", "quotes are part of the value; remove them"),
        (f"{HOOK}\u200b", "contains an invisible character (U+200B); remove it"),
        (f"{HOOK} # of ops", "contains white space; write only the URL, without a comment"),
        ("https://a\u3000b/canary", "contains white space; write only the URL, without a comment"),
        ("${WEBHOOK}", "looks like a placeholder, but nothing fills it in; write the URL itself"),
        ("op://vault/canary", "looks like a placeholder, but nothing fills it in; write the URL itself"),
        ("hooks.slack.com/services/T/B/canary", "write a URL that begins with https://"),
    ],
)
def test_a_url_in_a_file_of_its_own_gets_the_same_advice(tmp_path: Path, written: str, hint: str) -> None:
    (tmp_path / "hook").write_text(f"{written}\n")
    here = mistakes(tmp_path, f"slack: {{webhook_url: '{written}'}}\n{GOOD}")
    assert here == [f"line 1: slack.webhook_url: {hint}"]
    there = mistakes(tmp_path, f"slack: {{webhook_url_file: hook}}\n{GOOD}")
    assert there == [f"line 1: slack.webhook_url_file: {tmp_path}/hook: {hint}"]


@pytest.mark.parametrize("separator", ["\x85", "\x0b", "\x0c", "\x1c", "\u2028", "\u2029"])
def test_only_a_line_end_begins_another_secret(tmp_path: Path, separator: str) -> None:
    (tmp_path / "pw").write_text(f"twelve{separator}letters\n")
    (reported,) = mistakes(tmp_path, "gcp: {password_file: pw}\n")
    assert reported.endswith("contains control characters; remove them")
    for end in ("\n", "\r\n", "\r"):
        (tmp_path / "pw").write_bytes(f"twelve letters{end}{end}more letters{end}".encode())
        passwords = read(tmp_path, "gcp: {password_file: pw}\n").gcp.passwords
        assert passwords == ("twelve letters", "more letters")


UNEXPANDED = "~ and variables are not expanded here"
PATHS = [
    ("~/ucm/state.json", UNEXPANDED),
    ("~bob/state.json", UNEXPANDED),
    ("$STATE_DIR/state.json", UNEXPANDED),
    ("${STATE_DIRECTORY}/state.json", UNEXPANDED),
    ("/srv/$HOST/state.json", UNEXPANDED),
    ("$(pwd)/state.json", UNEXPANDED),
    ("`pwd`/state.json", UNEXPANDED),
    ("%S/ucm/state.json", UNEXPANDED),
    ("%APPDATA%/state.json", UNEXPANDED),
    ("@STATE_DIR@/state.json", UNEXPANDED),
    ("{{ dir }}/state.json", UNEXPANDED),
    ("<folder>/state.json", UNEXPANDED),
    ("“/srv/state.json”", "curly quotes are part of the value; remove them"),
    ('"/srv/state.json"', "quotes are part of the value; remove them"),
    ("%d/state.json", "write only the name of the credential, such as gcp-password"),
    ("${CREDENTIALS_DIRECTORY}/x", "write only the name of the credential, such as gcp-password"),
    ("$CREDENTIALS_DIRECTORY/x", "write only the name of the credential, such as gcp-password"),
    *((path, "write the path of a file") for path in ("file:///srv/x", "file:/srv/x", ".", "..", "/srv/..", "/srv/", "C:\\ucm\\x")),
    *((path, UNEXPANDED) for path in ("./~/x", "/srv/~bob/x", "/tmp/…/$1/x", "%{S}/x", "/var/lib/%i/x", "%%h/x", "/srv/{name}/x", "/srv/%(name)s/x")),
]  # fmt: skip
OTHER_KEYS = ("tls.certificate", "tls.key", "gcp.password_file", "slack.webhook_url_file")


@pytest.mark.parametrize(
    ("key", "path", "hint"),
    [*(("state_file", *row) for row in PATHS), *((key, "$X/x", UNEXPANDED) for key in OTHER_KEYS)],
)
def test_a_path_that_something_else_was_to_fill_in_is_refused(
    tmp_path: Path, key: str, path: str, hint: str
) -> None:
    section, _, name = key.rpartition(".")
    written = f"{name}: '{path}'"
    password = "" if section == "gcp" else GOOD
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, (f"{section}: {{{written}}}\n" if section else f"{written}\n") + password)
    assert [issue.key for issue in caught.value.issues if hint in issue.text] == [key]
    assert list(tmp_path.iterdir()) == [tmp_path / "config.yaml"]


@pytest.mark.parametrize("path", ["./x.json", "../x.json", "/srv/a~/100%.json", "/srv/.x/a..b", "/srv/a:b/…"])
def test_a_path_that_merely_looks_odd_is_accepted(tmp_path: Path, path: str) -> None:
    assert read(tmp_path, f"state_file: '{path}'\n{GOOD}").state_file == tmp_path / path


def test_a_space_after_a_path_is_not_part_of_it(tmp_path: Path) -> None:
    assert read(tmp_path, f"state_file: 'var/state.json '\n{GOOD}").state_file.name == "state.json"


@given(st.binary(min_size=9, max_size=60))
def test_random_secrets_are_not_doubted(data: bytes) -> None:
    for encode in (b64encode, urlsafe_b64encode, bytes.hex):
        text = encode(data)
        secret = text if isinstance(text, str) else text.decode()
        assert not list(value_warnings(secret))


@pytest.mark.parametrize(
    "secret",
    ["pa$$word of ours", "a replacement for it", "todos are no fun", "correct horse battery staple", "key to it", "k7/$b3=x{y}<z>", "a=b=c", "signing-secret", "url"],
)  # fmt: skip
def test_passwords_that_people_make_up_are_not_doubted(secret: str) -> None:
    assert not [*value_warnings(secret), *secret_warnings(secret)]


@pytest.mark.parametrize("piece", ["key", "$", "{{", "your-", "=", "“", "xx"])
def test_a_long_secret_is_checked_in_no_time(piece: str) -> None:
    assert list(secret_warnings(piece * 30_000)) is not None
    assert list(value_warnings(piece * 30_000)) is not None
