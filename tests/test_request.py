"""Reads requests from Slack's outgoing webhooks and slash commands, and refuses all others."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.signature import SignatureVerifier

from config import Slack
from languages import ENGLISH
from slack.request import (
    MOST_MENTIONED,
    NotAllowed,
    Request,
    Way,
    check_may_ask,
    check_may_change,
    read_request,
)
from slack.verify import NotSlack, SignedBody
from tests.builders import NOON
from tests.presses import CHANNEL, TEAM
from tests.slack_service import ADMIN, slash
from tests.test_languages import said_in_both

TOKEN = "the token that Slack shows"
TOKENS = ("an older token", TOKEN)
SECRET = "the signing secret"
OPENED = str(int(NOON.timestamp()))


def read_webhook(data: bytes) -> Request | None:
    """By an outgoing webhook."""
    return read_request(SignedBody(data), TOKENS, (), NOON)


def read_slash(secret: str = SECRET, **fields: str) -> Request | None:
    """By a slash command."""
    data = urlencode(slash("check", trigger_id="398738663015.47445629121.803a") | fields).encode()
    signature = SignatureVerifier(secret).generate_signature(timestamp=OPENED, body=data)
    return read_request(SignedBody(data, OPENED, signature or ""), (), (SECRET,), NOON)


def body(**fields: str) -> bytes:
    where = {"team_id": "T1", "team_domain": "example", "channel_id": "C1", "channel_name": "ops"}
    who = {"user_id": "U1", "user_name": "steve", "timestamp": "1504640775.000005"}
    said = {"token": TOKEN, "text": "uptime check", "trigger_word": "uptime"}
    return urlencode(where | who | said | fields).encode()


def command_in(text: str, trigger_word: str = "uptime") -> str | None:
    """What is left of the text; None if it is not for us."""
    request = read_webhook(body(text=text, trigger_word=trigger_word))
    return request.text if request else None


def test_a_request_says_who_asks_what() -> None:
    webhook, slash_command = read_webhook(body(bot_id="")), read_slash()
    assert webhook
    assert webhook[:6] == ("check", "U1", "steve", "C1", "T1", Way.WEBHOOK)
    assert slash_command
    assert slash_command[:6] == ("check", "U1", "steve", CHANNEL, TEAM, Way.SLASH)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("", ""),
        ("check", "check"),
        (" Check \u00a0 a.test ", "Check a.test"),
        ("remove <http://www.example.com|www.example.com>", "remove www.example.com"),
        ("uptime check", "check"),
        ("/uptime check", "check"),
        ("/ check", "check"),
    ],
)
@pytest.mark.parametrize("word", ["/uptime", "/hosts", ""])
def test_the_slash_command_can_have_any_name(word: str, text: str, command: str) -> None:
    request = read_slash(command=word, text=text)
    assert request
    assert request.text == command


def test_a_slash_command_needs_a_signature() -> None:
    data = body(command="/uptime")
    for sent in (SignedBody(data), SignedBody(data, OPENED, "v0=" + "0" * 64)):
        with pytest.raises(NotSlack):
            read_request(sent, TOKENS, (SECRET,), NOON)
    with pytest.raises(NotSlack, match="signing_secret"):
        read_slash(secret="another")


def test_an_outgoing_webhook_needs_a_token() -> None:
    """Slack may sign these as well, with a secret that is shown nowhere."""
    assert read_request(SignedBody(body(), OPENED, "v0=unknown"), TOKENS, (SECRET,), NOON)
    data = body(token="wrong")
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=OPENED, body=data)
    with pytest.raises(NotSlack, match="token"):
        read_request(SignedBody(data, OPENED, signature or ""), TOKENS, (SECRET,), NOON)


@pytest.mark.parametrize("data", [b"ssl_check=1", b"ssl_check=1&token=x", b"ssl_check=1&command=%2Fuptime"])
def test_a_certificate_check_needs_no_configuration(data: bytes) -> None:
    assert read_request(SignedBody(data), (), (), NOON) is None


@pytest.mark.parametrize(
    ("fields", "key"), [({}, "slack.outgoing_token"), ({"command": "/uptime"}, "slack.signing_secret")]
)
def test_a_missing_key_is_named(fields: dict[str, str], key: str) -> None:
    with pytest.raises(NotSlack, match=f"No {key} is configured"):
        read_request(SignedBody(body(**fields)), (), (), NOON)


def fingerprint(request: Request | None) -> bytes | None:
    assert request
    return request.fingerprint


def test_the_body_decides_the_fingerprint() -> None:
    first, again, later = (fingerprint(read_webhook(body(timestamp=at))) for at in ("1.0", "1.0", "1.1"))
    assert first == again != later
    assert first
    assert later


def test_a_request_without_an_id_has_no_fingerprint() -> None:
    assert fingerprint(read_webhook(body(timestamp=""))) is fingerprint(read_slash(trigger_id="")) is None


def test_the_token_is_checked_first() -> None:
    """Without a token, nobody learns anything: not even that bots are ignored."""
    with pytest.raises(NotSlack):
        read_webhook(body(token="wrong", bot_id="B1"))


@pytest.mark.parametrize(
    "fields", [{"user_id": "USLACKBOT"}, {"user_name": "Slackbot"}, {"bot_id": "B1"}, {"user_id": " \n"}]
)
def test_bots_are_not_answered(fields: dict[str, str]) -> None:
    assert read_webhook(body(**fields)) is None
    assert read_slash(**fields) is None


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("uptime check", "check"),
        ("UPTIME: check", "check"),
        ("uptime, check", "check"),
        ("uptime!", ""),
        ("  uptime\u00a0 remove  web-1 ", "remove web-1"),
        ("uptime remove <http://www.example.com|www.example.com>", "remove www.example.com"),
        ("uptime &lt;!channel&gt;", "<!channel>"),
        ("uptime `uptime mute web-1 1h`", "mute web-1 1h"),
        ("uptime `/uptime mute web-1 1h`", "mute web-1 1h"),
        ("`/uptime mute web-1: see it`", "mute web-1: see it"),
        ("`업타임 숨김 web-1`", "숨김 web-1"),
        ("uptime `mute web-1`", "`mute web-1`"),
        ("uptime mute `uptime x`", "mute `uptime x`"),
    ],
)
@pytest.mark.parametrize("trigger_word", ["uptime", "Uptime", ""])
def test_our_name_is_not_part_of_the_command(text: str, command: str, trigger_word: str) -> None:
    """With a trigger word or, when the hook hears a whole channel, without."""
    assert command_in(text, trigger_word) == command


@pytest.mark.parametrize(
    ("text", "trigger_word", "command"),
    [
        ("hosts check", "hosts", "check"),
        ("upbot:check", "upbot:", "check"),
        ("up check", "UP", "check"),
        ("uptime check", "up", "check"),
        ("check", "uptime", "check"),
        ("&amp; check", "&amp;", "check"),
    ],
)
def test_other_trigger_words_are_removed(text: str, trigger_word: str, command: str) -> None:
    assert command_in(text, trigger_word) == command


@pytest.mark.parametrize(
    ("text", "trigger_word"),
    [
        *((text, "") for text in ("", "check", "what is our uptime", "uptimes are fine", "uptime-check", "`uptimes`")),
        *((text, "uptime") for text in ("uptimes are fine", "uptime-check-manager is nice", "uptime.example.com")),
    ],
)  # fmt: skip
def test_nobody_is_answered_who_does_not_name_us(text: str, trigger_word: str) -> None:
    """A longer word is another one."""
    assert command_in(text, trigger_word) is None


def test_names_and_texts_are_cut_to_one_line() -> None:
    name = "a\nb\x1b[31m\u202ec" + "d" * 99
    request = read_webhook(body(user_name=name, text="uptime remove " + "x" * 9000))
    assert request
    assert request.user_name == "a b [31m c" + "d" * 70
    assert len(request.text) == 1000


def test_invalid_bytes_still_make_a_request() -> None:
    request = read_webhook(body().replace(b"=steve", b"=%ed%a0%80") + b"&thread_ts=%ff&\xff=\xfe")
    assert request
    assert request.user_name.isprintable()
    assert request.user_name.encode()


PARTS = st.sampled_from([b"%", b"&", b"=", b"+", b"%00", b"\xff", b"text"])


FIELDS = st.sampled_from(["text", "user_name", "user_id", "trigger_word", "bot_id"])


@given(st.dictionaries(FIELDS, st.text()))
def test_arbitrary_fields_make_a_clean_request_or_none(fields: dict[str, str]) -> None:
    sent = {key: value.encode(errors="replace").decode() for key, value in fields.items()}
    for request in filter(None, (read_webhook(body(**sent)), read_slash(**sent))):
        assert request.user_id
        assert all(part.isprintable() for part in (request.user_id, request.user_name, request.channel_id))


@given(st.booleans(), st.binary(max_size=40) | st.lists(PARTS).map(b"".join))
def test_arbitrary_bytes_are_refused_and_harmless_after_a_valid_token(is_known: bool, data: bytes) -> None:
    try:
        read_webhook(
            data if not is_known else b"token=the+token+that+Slack+shows&user_id=U1&text=uptime+" + data
        )
    except NotSlack:
        assert not is_known or b"token" in data
    else:
        assert is_known


def rules(team_id: str = "", channels: tuple[str, ...] = (), admins: tuple[str, ...] = ()) -> Slack:
    return Slack(outgoing_tokens=(), signing_secrets=(), team_id=team_id, channels=channels, admins=admins)


EVERYBODY = rules()
HOME = rules(TEAM, (CHANNEL, "D024BE91L"), (ADMIN, "W012A3CDE"))


def request_with(**fields: str) -> Request:
    known = Request("check", ADMIN, "steve", CHANNEL, TEAM, Way.SLASH, fingerprint=None)
    return known._replace(**fields)  # type: ignore[arg-type]


def refused(check: object, request: Request, slack: Slack) -> str:
    assert callable(check)
    with pytest.raises(NotAllowed) as error:
        check(request, slack, ENGLISH)
    return str(error.value)


def test_empty_keys_admit_everybody() -> None:
    for request in (request_with(), request_with(user_id="", channel_id="", team_id="")):
        check_may_ask(request, EVERYBODY, ENGLISH)
        check_may_change(request, EVERYBODY, ENGLISH)


def test_configured_channels_and_admins_are_admitted() -> None:
    for channel_id, user_id in zip(HOME.channels, HOME.admins, strict=True):
        check_may_ask(request_with(channel_id=channel_id), HOME, ENGLISH)
        check_may_change(request_with(user_id=user_id), HOME, ENGLISH)


@pytest.mark.parametrize("team_id", ["", "T1H9ZN51", "T1H9ZN51QQ", "t1h9zn51q"])
def test_another_workspace_is_refused(team_id: str) -> None:
    assert "slack.team_id" in refused(check_may_ask, request_with(team_id=team_id), HOME)


@pytest.mark.parametrize("channel_id", ["", "C8NLU2M4", "G8NLU2M42"])
def test_another_channel_is_told_where_to_ask(channel_id: str) -> None:
    reply = refused(check_may_ask, request_with(channel_id=channel_id), HOME)
    assert reply == "Commands are not accepted in this channel. Ask in <#C8NLU2M42>."
    assert "whoever runs" in refused(check_may_ask, request_with(), rules(channels=("D024BE91L",)))


@pytest.mark.parametrize("user_id", ["", "U024BE7L", "steve"])
def test_others_are_told_which_admin_to_ask(user_id: str) -> None:
    """A name is no proof: anybody can take the name of an admin."""
    reply = refused(check_may_change, request_with(user_id=user_id, user_name="U024BE7LH"), HOME)
    assert (
        reply == "You can look things up, but not change anything. Ask <@U024BE7LH> or <@W012A3CDE> to do it."
    )


def test_the_number_of_mentions_is_limited() -> None:
    crowd = rules(admins=tuple(f"U{n:08}" for n in range(50)), channels=tuple(f"C{n:08}" for n in range(50)))
    assert refused(check_may_change, request_with(), crowd).count("<@") == MOST_MENTIONED
    assert refused(check_may_ask, request_with(), crowd).count("<#") == MOST_MENTIONED


def test_refusals_differ_between_the_languages() -> None:
    said_in_both(lambda locale: locale.language.not_this_team)
    for named in ([], ["<#C8NLU2M42>"], ["<#C8NLU2M42>", "<#G012A3CDE>"]):
        said_in_both(lambda locale, named=named: locale.language.not_this_channel(named))
    said_in_both(lambda locale: locale.language.not_an_admin(["<@U024BE7LH>", "<@W012A3CDE>"]))
