"""Verifies forms, tokens and signatures, in constant time and with the same result as slack_sdk."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.signature import Clock, SignatureVerifier

from prove.size import times
from slack.verify import (
    LONGEST_GLANCE,
    MOST_FIELDS,
    NotSlack,
    SignedBody,
    check_signature,
    check_token,
    form_fields,
)

TOKEN = "the token that Slack shows"
TOKENS = ("an older token", TOKEN)

# https://docs.slack.dev/authentication/verifying-requests-from-slack
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
BODY = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
    b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)
SIGNATURE = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
PUBLISHED = SignedBody(BODY, "1531420618", SIGNATURE)
THEN = datetime.fromtimestamp(1531420618, UTC)
SECOND = timedelta(seconds=1)


class At(Clock):
    def __init__(self, seconds: int) -> None:
        self.seconds = seconds

    def now(self) -> float:
        return self.seconds


def good(signed: SignedBody, secrets: tuple[str, ...] = (SECRET,), now: datetime = THEN) -> bool:
    try:
        check_signature(signed, secrets, now)
    except NotSlack as error:
        assert str(error).isascii()
        assert str(error).isprintable()
        return False
    return True


class TestTokens:
    @pytest.mark.parametrize("token", TOKENS)
    def test_every_configured_token_is_accepted(self, token: str) -> None:
        check_token(token, TOKENS)

    @pytest.mark.parametrize(
        "token", ["", "wrong", TOKEN[:-1], TOKEN + " ", TOKEN.upper(), "é", "\x00", "\ud800"]
    )
    @pytest.mark.parametrize("tokens", [TOKENS, ("",), ()])
    def test_another_token_is_refused(self, token: str, tokens: tuple[str, ...]) -> None:
        with pytest.raises(NotSlack):
            check_token(token, tokens)


class TestSignatures:
    @pytest.mark.parametrize("seconds", [0, 299, 300, -299, -300])
    def test_a_signature_is_accepted_for_five_minutes_either_way(self, seconds: int) -> None:
        assert good(PUBLISHED, now=THEN + seconds * SECOND)

    @pytest.mark.parametrize("seconds", [301, -301, 86_400, 1e9])
    def test_an_older_or_later_signature_is_refused(self, seconds: float) -> None:
        with pytest.raises(NotSlack, match="five minutes"):
            check_signature(PUBLISHED, (SECRET,), THEN + seconds * SECOND)

    @pytest.mark.parametrize(
        "signed",
        [
            PUBLISHED._replace(body=BODY + b"&"),
            PUBLISHED._replace(timestamp="1531420619"),
            PUBLISHED._replace(timestamp="01531420618"),
            PUBLISHED._replace(timestamp=""),
            PUBLISHED._replace(timestamp="1531420618.0"),
            PUBLISHED._replace(timestamp="١٥٣١٤٢٠٦١٨"),
            PUBLISHED._replace(timestamp="9" * 5000),
            PUBLISHED._replace(signature=""),
            PUBLISHED._replace(signature=SIGNATURE[:-1]),
            PUBLISHED._replace(signature=SIGNATURE.upper()),
            PUBLISHED._replace(signature="v0=é\ud800"),
        ],
        ids=lambda signed: ascii(signed[1:])[:40],
    )
    def test_any_change_invalidates_a_signature(self, signed: SignedBody) -> None:
        assert not good(signed)

    def test_any_configured_secret_is_accepted(self) -> None:
        assert good(PUBLISHED, ("new", SECRET))
        assert not good(PUBLISHED, ("new",))
        assert not good(PUBLISHED, ())

    def test_only_a_valid_signature_learns_about_the_clock(self) -> None:
        with pytest.raises(NotSlack, match="not made with"):
            check_signature(PUBLISHED._replace(signature="v0=0"), (SECRET,), THEN + timedelta(days=1))

    @settings(max_examples=times(100, 2000))
    @given(
        secret=st.text(),
        text=st.text(min_size=1),
        late=st.integers(-600, 600) | st.sampled_from([299, 300, 301, -300, -301]),
        timestamp=st.integers(0, 10**10),
        part=st.sampled_from(["", "body", "timestamp", "signature"]),
        at=st.integers(0, 9),
    )
    def test_slack_sdk_agrees_whether_or_not_a_character_was_changed_on_the_way(
        self, secret: str, text: str, late: int, timestamp: int, part: str, at: int
    ) -> None:
        judge = SignatureVerifier(f"s{secret}".encode(errors="replace").decode(), At(timestamp + late))
        parts = {"body": text, "timestamp": str(timestamp)}
        parts["signature"] = str(judge.generate_signature(timestamp=str(timestamp), body=encoded(text)))
        if part:
            at = min(at, len(parts[part]) - 1)
            parts[part] = parts[part][:at] + "7" + parts[part][at + 1 :]
        signed = SignedBody(encoded(parts["body"]), parts["timestamp"], parts["signature"])
        now = datetime.fromtimestamp(0, UTC) + (timestamp + late) * SECOND
        assert good(signed, (judge.signing_secret,), now) == judge.is_valid(*signed)


def encoded(text: str) -> bytes:
    return text.encode(errors="replace")


def test_every_secret_is_compared_in_constant_time(compared: list[tuple[bytes, bytes]]) -> None:
    check_token(TOKENS[0], TOKENS)
    assert good(PUBLISHED, (SECRET, "another"))
    assert len(compared) == 4
    assert {len(digest) for pair in compared for digest in pair} == {32}


def test_empty_fields_are_read() -> None:
    assert form_fields(b"token=a+b%26c&text=") == {"token": "a b&c", "text": ""}


@pytest.mark.parametrize(
    "data", [b"token=a&token=b", b"token=a&token=a", b"a=&text=&text=", b"t%65xt=&text="]
)
def test_a_repeated_field_is_refused(data: bytes) -> None:
    with pytest.raises(NotSlack, match="duplicate field"):
        form_fields(data)


def test_too_many_fields_are_refused() -> None:
    assert len(form_fields(b"&".join(b"%d=" % n for n in range(MOST_FIELDS)))) == MOST_FIELDS
    with pytest.raises(NotSlack, match="Too many fields"):
        form_fields(b"&".join(b"%d=" % n for n in range(MOST_FIELDS + 1)))


def test_glance_decodes_short_values_only() -> None:
    form = form_fields(b"token=%61" + b"&long=" + b"x" * (LONGEST_GLANCE + 1))
    assert (form.glance("token"), form.glance("long"), form.glance("missing")) == ("a", "", "")
    assert len(form["long"]) == LONGEST_GLANCE + 1


PIECES = st.sampled_from([b"a", b"%61", b"b", b"=", b"&", b"+", b"%", b"%ff", b"%00", b"\xff", "é".encode()])


@given(st.binary() | st.lists(PIECES).map(b"".join))
def test_the_standard_library_reads_the_same_fields(data: bytes) -> None:
    pairs = parse_qsl(data.decode("utf-8", "replace"), keep_blank_values=True)
    try:
        assert form_fields(data) == dict(pairs)
    except NotSlack:
        assert len(dict(pairs)) < len(pairs)
