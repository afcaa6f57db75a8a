"""Only Slack is heard, only people are answered, and only when they speak to us."""

import ast
import hmac
import inspect
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slack import request
from slack.request import NotSlack, Request, read

TOKEN = "the token that Slack shows"
TOKENS = ("an older token", TOKEN)


def body(**fields: str) -> bytes:
    asked = {
        "token": TOKEN,
        "team_id": "T1",
        "team_domain": "example",
        "channel_id": "C1",
        "channel_name": "ops",
        "timestamp": "1504640775.000005",
        "user_id": "U1",
        "user_name": "steve",
        "text": "uptime check",
        "trigger_word": "uptime",
    }
    return urlencode(asked | fields).encode()


def said(text: str, trigger_word: str = "uptime") -> str | None:
    """What is left of the text; None when it is not for us."""
    heard = read(body(text=text, trigger_word=trigger_word), TOKENS)
    return heard.text if heard else None


def test_a_request_says_who_asks_what() -> None:
    assert read(body(), TOKENS) == Request(
        text="check",
        user_id="U1",
        user_name="steve",
        channel_id="C1",
        team_id="T1",
        timestamp="1504640775.000005",
    )


@pytest.mark.parametrize("token", TOKENS)
def test_each_configured_token_is_good(token: str) -> None:
    assert read(body(token=token), TOKENS)


@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1], TOKEN + " ", TOKEN.upper(), "é", "\x00"])
def test_another_token_is_not_slack(token: str) -> None:
    with pytest.raises(NotSlack):
        read(body(token=token), TOKENS)


def test_without_a_token_it_is_not_slack() -> None:
    for tokens in (TOKENS, ("",), ()):
        with pytest.raises(NotSlack):
            read(b"user_id=U1&text=uptime+check", tokens)


def test_the_token_comes_first() -> None:
    """Who has no token learns nothing: not even that bots are ignored."""
    with pytest.raises(NotSlack):
        read(body(token="wrong", bot_id="B1"), TOKENS)


def test_every_token_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []
    compare = hmac.compare_digest

    def recording(a: bytes, b: bytes) -> bool:
        compared.append((a, b))
        return compare(a, b)

    monkeypatch.setattr(hmac, "compare_digest", recording)
    assert read(body(token=TOKENS[0]), TOKENS)
    assert len(compared) == len(TOKENS)
    assert {len(digest) for pair in compared for digest in pair} == {32}


def test_no_operator_compares_a_token() -> None:
    tree = ast.parse(inspect.getsource(request))
    for comparison in (node for node in ast.walk(tree) if isinstance(node, ast.Compare)):
        names = {node.id for node in ast.walk(comparison) if isinstance(node, ast.Name)}
        words = {node.value for node in ast.walk(comparison) if isinstance(node, ast.Constant)}
        assert not names & {"token", "tokens", "sent", "known"}, ast.unparse(comparison)
        assert "token" not in words, ast.unparse(comparison)


@pytest.mark.parametrize(
    "fields",
    [
        {"user_id": "USLACKBOT"},
        {"user_name": "slackbot"},
        {"user_name": "Slackbot"},
        {"bot_id": "B1"},
        {"user_id": ""},
        {"user_id": " \n"},
    ],
)
def test_bots_are_not_answered(fields: dict[str, str]) -> None:
    assert read(body(**fields), TOKENS) is None


def test_a_person_has_no_bot_id() -> None:
    assert read(body(bot_id=""), TOKENS)


def test_a_message_without_a_user_is_not_answered() -> None:
    assert read(f"token={TOKEN}&text=uptime+check".encode(), TOKENS) is None


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("uptime check", "check"),
        ("Uptime check", "check"),
        ("UPTIME: check", "check"),
        ("uptime, check", "check"),
        ("uptime", ""),
        ("uptime!", ""),
        ("  uptime\u00a0 remove  web-1 ", "remove web-1"),
        ("uptime remove <http://www.example.com|www.example.com>", "remove www.example.com"),
        ("uptime remove uptime", "remove uptime"),
        ("uptime &lt;!channel&gt;", "<!channel>"),
    ],
)
@pytest.mark.parametrize("trigger_word", ["uptime", "Uptime", ""])
def test_the_name_is_not_part_of_the_command(text: str, command: str, trigger_word: str) -> None:
    """With a trigger word or, when the hook hears a whole channel, without."""
    assert said(text, trigger_word) == command


@pytest.mark.parametrize(
    ("text", "trigger_word", "command"),
    [
        ("hosts check", "hosts", "check"),
        ("!up check", "!up", "check"),
        ("upbot:check", "upbot:", "check"),
        ("hosts uptime check", "hosts", "check"),
        ("up check", "UP", "check"),
        ("uptime check", "up", "check"),
        ("check", "uptime", "check"),
        ("&amp; check", "&amp;", "check"),
    ],
)
def test_other_trigger_words_go_when_they_are_really_there(
    text: str, trigger_word: str, command: str
) -> None:
    assert said(text, trigger_word) == command


@pytest.mark.parametrize(
    "text", ["", "check", "hello", "what is our uptime", "uptimes are fine", "uptime-check"]
)
def test_a_channel_is_not_answered_unless_it_names_us(text: str) -> None:
    assert said(text, trigger_word="") is None


@pytest.mark.parametrize("text", ["uptimes are fine", "uptime-check-manager is nice", "uptime.example.com"])
def test_a_longer_word_is_not_the_trigger_word(text: str) -> None:
    assert said(text) is None


def test_names_and_texts_are_one_line_and_not_endless() -> None:
    heard = read(body(user_name="a\nb\x1b[31m\u202ec" + "d" * 99, text="uptime remove " + "x" * 9000), TOKENS)
    assert heard
    assert heard.user_name == "a b [31m c" + "d" * 70
    assert len(heard.text) == 1000


def test_the_first_meaning_of_wrong_bytes_is_still_a_request() -> None:
    heard = read(body() + b"&thread_ts=%ff&\xff=\xfe&user_name=%ed%a0%80", TOKENS)
    assert heard
    assert heard.user_name.isprintable()
    assert heard.user_name.encode()


def test_a_form_bomb_is_not_slack() -> None:
    with pytest.raises(NotSlack):
        read(body() + b"&a=1" * 5000, TOKENS)


@given(
    st.binary() | st.lists(st.sampled_from([b"%", b"&", b"=", b"+", b"%00", b"\xff", b"text"])).map(b"".join)
)
def test_any_bytes_are_not_slack(data: bytes) -> None:
    with pytest.raises(NotSlack):
        read(data, TOKENS)


@given(
    st.dictionaries(st.sampled_from(["text", "user_name", "user_id", "trigger_word", "bot_id"]), st.text())
)
def test_any_fields_are_a_clean_request_or_nothing(fields: dict[str, str]) -> None:
    heard = read(
        body(**{key: value.encode(errors="replace").decode() for key, value in fields.items()}), TOKENS
    )
    if heard:
        assert heard.user_id
        assert all(getattr(heard, name).isprintable() for name in ("user_id", "user_name", "timestamp"))


@given(st.binary(max_size=40))
def test_any_bytes_after_a_good_token_are_harmless(data: bytes) -> None:
    try:
        read(b"token=the+token+that+Slack+shows&user_id=U1&text=uptime+" + data, TOKENS)
    except NotSlack:
        assert b"token" in data
