"""Text that comes back is data, whatever people type, are called, or call their hosts.

A fixed number of generated requests is sent both as slash commands and by the outgoing webhook; no reply
contains a mention, link or formatting that was not ours.
"""

import logging
import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.model import Muted
from hosts.closed_incidents import ClosedIncidents
from hosts.incident import Person
from hosts.model import Action, AuditEntry, Host, Mute, Status
from hosts.outages import DOUBT_AFTER
from languages import LANGUAGES
from prove.size import times
from slack import audit_replies, mute_replies, replies
from slack.mute_replies import MutedHosts, RestoredHosts
from slack.rows import RowContext
from slack.text import code, plain, to_type
from tests import support
from tests.builders import LOCALES, NOON, opened
from tests.slack_service import SlackService, slash
from tests.support import SIGNING_SECRET, incident_body

REQUESTS = times(700, 20_000)  # each way
MARK = "zq"  # what is in everything foreign
CODE, TOKEN = re.compile(r"`[^`\n]*`"), re.compile(r"<([^<>]*)>")
OUR_DATE = re.compile(r"!date\^\d+\^(?:\{date_short_pretty\} )?(?:at )?\{time\}\|[^|<>]+")
FORMATTED = re.compile(rf"(?<!\u034f)([*_~])[^\n]*{MARK}[^\n]*(?<!\u034f)\1")

PIECES = [
    "<!channel>", "<!here|zq>", "<@U1>", "<@U1|zq>", "<#C1|zq>", "<!subteam^S1|@zq>", "<!date^0^{time}|zq>",
    "<https://zq.test|zq.test>", "<https://evil.test|zq.test>", "https://zq.test/a", "<mailto:a@zq.test|a@zq.test>",
    "&lt;!channel&gt;", "&lt;https://zq.test|zq&gt;", "&amp;lt;!here|zq&amp;gt;", "<<!here>|zq>", "<!here", "|zq>", "@here zq",
    "*zq*", "_zq_", "~zq~", "`zq`", "```zq```", "`", "*", "&gt; zq", "> zq", "*\u200bzq\u2060*", "“zq”", "\u202ezq\u2066", "\u034f*zq*\u034f",
    "zq\nuptime check", "\r\n• zq", "\x00zq\x1b[31m", "𝔷zq", "정책 zq", "zq" * 60, " ", "zq.test", "zq", "www.example.com",
]  # fmt: skip
VERBS = [
    "check", "remove", "removed", "restore", "help", "", "frobnicate", "uptime", "CHECK:", "확인", "제거", "복구", "숨김목록",
    "mute", "snooze", "unmute", "remove!", "remove * for 2h", "remove www.example.com until up", "resolve", "history", "log", "down",
    "forget", "forget!", "삭제", "remove www.example.com until", "remove www.example.com for 2h at 22:00",
]  # fmt: skip


def assert_clean(text: str) -> None:
    outside = CODE.sub("", text)
    assert "`" not in outside, text
    assert "://" not in TOKEN.sub("", outside), text
    assert f"{MARK}.test" not in TOKEN.sub("", outside), text
    assert not re.search(r"[<>]", TOKEN.sub("", outside)), text
    assert all(OUR_DATE.fullmatch(token) or ours(token) for token in TOKEN.findall(outside)), text
    assert not re.search(r"&(?!amp;|lt;|gt;)", text), text
    assert not re.search(r"[@#]\w", TOKEN.sub("", outside)), text
    assert not FORMATTED.search(TOKEN.sub("", outside)), text
    assert all(char.isprintable() or char in "\n\u034f" for char in text), text
    assert not re.search(r"^\s*(uptime\b|&gt;)", text, re.IGNORECASE | re.MULTILINE), text


def ours(token: str) -> bool:
    """A link to an incident, as Google gave its address, or an address in a reason, which shows where it leads."""
    return bool(re.fullmatch(r"https?://[^\s<>|]+", token)) or token.startswith(
        "https://console.cloud.google.com/monitoring/alerting/alerts/"
    )


class Stranger:
    """The same strange wire text every time."""

    def __init__(self) -> None:
        self.chance = random.Random(20261123)

    def text(self) -> str:
        return "".join(self.chance.choice(PIECES) for _ in range(self.chance.randrange(1, 5)))

    def request(self) -> tuple[str, dict[str, str]]:
        joint = self.chance.choice([" ", " ", "\u00a0", ""])
        return f"{self.chance.choice(VERBS)}{joint}{self.text()}", {"user_name": self.text()[:60]}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_nothing_is_smuggled_into_a_reply(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, language: str
) -> None:
    service, stranger = (
        SlackService(tmp_path, slack={"signing_secret": SIGNING_SECRET}, language=language),
        Stranger(),
    )
    with caplog.at_level(logging.ERROR):
        for n in range(40):
            name = plain(stranger.text())
            state = stranger.chance.choice(["open", "closed"])
            await service.deliver(
                incident_body(f"0.{n}", state, host=name or "zq", policy_name=stranger.text())
            )
        for _ in range(REQUESTS // len(LANGUAGES)):
            text, who = stranger.request()
            for answer in (await service.command(text, **who), await service.outgoing(text, **who)):
                assert_clean(answer.get("text", ""))
                assert len(answer.get("text", "").encode("utf-16-le")) // 2 <= replies.MAX_REPLY
        await service.close()
    assert not caplog.records


async def test_any_form_gets_an_answer(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Fields are missing, doubled, of the other way, or broken off; signature and token are valid."""
    service, stranger = SlackService(tmp_path, slack={"signing_secret": SIGNING_SECRET}), Stranger()
    chance = stranger.chance
    statuses = set()
    with caplog.at_level(logging.ERROR):
        for _ in range(REQUESTS):
            form = slash(stranger.text(), token=chance.choice([support.TOKEN, "deprecated"]))
            if chance.random() < 0.5:
                del form["command"]
            fields = [*form.items(), ("trigger_word", stranger.text()), ("bot_id", "")]
            chosen = [f"{key}={value}" for key, value in fields if chance.random() < 0.8]
            data = "&".join(chance.choices(chosen, k=chance.randrange(1, 12))).encode()
            status, answer = await service.send(data[: chance.randrange(len(data) + 1)] or b"command=")
            statuses.add((status, b"command=" in data))
            assert_clean(answer.get("text", ""))
            assert status == 200 or answer["error"].isprintable()
    await service.close()
    assert {status for status, _ in statuses} <= {200, 400, 403}
    assert {(status, slashed) for status in (200, 403) for slashed in (True, False)} <= statuses
    assert not caplog.records


foreign = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=4).map("".join)


@settings(max_examples=times(100, 5000), deadline=None, derandomize=True)
@given(foreign, foreign, foreign)
def test_no_reply_carries_markup_of_a_host_a_policy_or_a_person(host: str, policy: str, person: str) -> None:
    down = Host(
        host or "zq",
        open=(opened(host=host, policy=policy),),
        closed=ClosedIncidents.of((opened("b", ended=NOON, policy=policy),)),
    )
    mute = Mute(down.name, Person("U1", person), NOON, reason=policy)
    over = Host(
        down.name,
        closed=ClosedIncidents.of((opened(ended=NOON, policy=policy, resolved_by=Person("U1", person)),)),
    )
    for locale in LOCALES:
        context = RowContext(NOON, locale, DOUBT_AFTER)
        assert_clean(replies.host_report(down, mute, context, figures=()))
        assert_clean(mute_replies.muted([MutedHosts(mute, [down])], context))
        assert_clean(mute_replies.muted([MutedHosts(mute, [down])] * 2, context))
        assert_clean(mute_replies.muted_list([Muted(mute, Status.DOWN, host=down)], context))
        assert_clean(
            mute_replies.restored([RestoredHosts(down.name, [down]), RestoredHosts("*", [down])], context)
        )
        assert_clean(mute_replies.restored([RestoredHosts(down.name, [], {mute.host: [down]})], context))
        assert_clean(replies.host_report(over, None, context, figures=()))
        assert_clean(audit_replies.resolved([over], context))
        assert_clean(
            audit_replies.log(
                [AuditEntry(Action.REMOVE, down.name, Person("U1", person), NOON, reason=policy)], locale
            )
        )
        assert_clean(replies.usage(locale.language.unknown_host(code(host), [to_type(f"check {host}")])))
