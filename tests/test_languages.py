"""Both languages give the same facts in the same lines, and Korean reads as Korean."""

import inspect
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest import notifications
from digest.model import Digest
from digest.weekly import visible_hosts
from hosts import changes
from hosts.changes import resolve
from hosts.incident import CANCELLED, Incident, Kind, NamedBy, Person
from hosts.model import DEFAULT, Action, AuditEntry, Host, Mute, State
from hosts.outages import DOUBT_AFTER, newest_outages
from hosts.patterns import EVERY_HOST
from hosts.problems import ProblemKind
from hosts.uptime import uptimes
from languages import ENGLISH, KOREAN, LANGUAGES, Language, Locale
from languages.language import Headings
from languages.page import PageWords
from slack import audit_replies, mute_replies, replies
from slack.command import Help, UsageError
from slack.digest_message import render, text_only
from slack.help_replies import help_text
from slack.mute_replies import MutedHosts, RestoredHosts
from slack.parsing import parse
from slack.rows import RowContext
from slack.text import bare, code, cut
from tests.builders import (
    MINUTE,
    NOON,
    blips,
    in_own_words,
    opened,
    problem_of,
    state_after,
    summarize,
    summarize_week,
)
from tests.slack_rules import check

NOW = NOON + 60 * MINUTE
SEOUL = ZoneInfo("Asia/Seoul")
IN_ENGLISH, IN_KOREAN = Locale(SEOUL, ENGLISH), Locale(SEOUL, KOREAN)
PRODUCT = {"Google", "Cloud", "Monitoring", "Slack"}
SPAN, TOKEN, BOLD = r"`[^`]*`", r"<([^<>|]*)[^<>]*>", r"(?<!\u034f)\*"

hosts = st.sampled_from(["a.test", "web-1", "웹서버", "서버", "<!channel>", "*b* `c`", "x" * 253, "a|b & c"])
foreign = st.sampled_from(["", "정책 이름", "*굵게* _밑줄_", "<!>|&`", "🎉", "정" * 300])


@st.composite
def incidents(draw: st.DrawFn) -> Incident:
    return Incident(
        id=draw(st.text("abcdef", min_size=1, max_size=2)),
        host=draw(hosts),
        named_by=draw(st.sampled_from(NamedBy)),
        kind=draw(st.sampled_from(Kind)),
        started=NOW - draw(st.integers(0, 20_000)) * MINUTE,
        ended=draw(st.none() | st.just(NOW)),
        policy=draw(foreign),
        url=draw(st.sampled_from(["", "https://x.test/a?b=1&c=2"])),
        observed=draw(st.sampled_from(["", "", CANCELLED])),
    )


@st.composite
def states(draw: st.DrawFn) -> State:
    telling = (notifications.begin_edition, notifications.record_digest(DEFAULT, NOON, 1))
    posted = telling if draw(st.booleans()) else ()
    wishes = draw(st.lists(st.tuples(hosts, foreign), max_size=2))
    patterns = st.sampled_from([None, "*", "*.test", "nowhere*"])
    ends = st.sampled_from([(None, False), (NOW + MINUTE, False), (None, True), (NOW, False)])
    mutes = [
        changes.mute(Mute(draw(patterns) or host, Person("", name), NOON, *draw(ends), reason=name))
        for host, name in wishes
    ]
    flaps = blips(draw(st.integers(0, 4)), NOW, draw(hosts))
    resolved = draw(st.lists(st.tuples(hosts, foreign), max_size=2))
    over = [resolve(host, Person("1", who), NOW) for host, who in resolved]
    return state_after(*draw(st.lists(incidents(), max_size=12)), *posted, *flaps, *mutes, *over)


def digest(state: State) -> Digest:
    problems = [problem_of(kind, "/var/*a*/`state`.json", "60") for kind in ProblemKind]
    week = summarize_week(visible_hosts(state, (), EVERY_HOST, NOW), NOW)
    return summarize(state, NOW, next_at=NOW + 30 * MINUTE, problems=problems)._replace(weekly=week)


def lines_of(message: dict[str, Any], names: Iterable[str] = ()) -> list[str]:
    """`names` are those of hosts, which are bare in a notification and code spans here."""
    *sections, context = message["blocks"]
    texts = [section["text"]["text"] for section in sections]
    spoken = message["text"]
    for name in sorted(names, key=len, reverse=True):
        spoken = spoken.replace(bare(cut(name)), "`name`")
    return "\n".join([*texts, context["elements"][0]["text"], spoken]).splitlines()


def facts(line: str) -> tuple[object, ...]:
    """What must not depend on the language: names, addresses, moments, numbers, emphasis."""
    said = words(line.replace("Both hosts", "2"))
    targets = re.findall(TOKEN, re.sub(SPAN, "", line))
    return (
        Counter(re.findall(SPAN, in_own_words(line, KOREAN))),
        Counter(re.sub(r"(!date\^\d+)\^.*", r"\1", target) for target in targets),
        Counter(map(int, re.findall(r"\d+", said))),
        Counter(re.findall(rf"[•↳⚠🔴🟢⚪🟡✅🔕🔔📅🤔☑👌]|{BOLD}", said)),
    )


def words(text: str) -> str:
    return re.sub(TOKEN, "§", re.sub(SPAN, "§", text))


def in_korean(text: str) -> None:
    """No English is left, no letter touches what Slack formats, no particle follows a name."""
    said = re.sub("&(amp|lt|gt);", "", words(text))
    assert set(re.findall("[A-Za-z]+", said)) <= PRODUCT | {"KST"}
    assert not re.search(r"§ ?(은|는|이|가|을|를|와|과|로|으로)\b", said)
    spans = re.sub(SPAN, "`name`", text)
    for found in re.finditer(rf"`name`|{BOLD}[^*\n]+{BOLD}", spans):
        around = spans[: found.start()][-1:], spans[found.end() :][:1]
        assert not any(char.isalnum() for char in around)


def said_in_both(say: Any, *args: object) -> None:
    english, korean = (say(*args, locale).splitlines() for locale in (IN_ENGLISH, IN_KOREAN))
    assert [*map(facts, english)] == [*map(facts, korean)]
    in_korean("\n".join(korean))


def replied_in_both(say: Any, *args: object) -> None:
    said_in_both(lambda locale: say(*args, RowContext(NOW, locale, DOUBT_AFTER)))


@given(states())
def test_a_digest_says_the_same_in_both(state: State) -> None:
    (english,), (korean,) = (render(digest(state), each) for each in (IN_ENGLISH, IN_KOREAN))
    check(korean)
    check(text_only(digest(state), IN_KOREAN))
    assert [*map(facts, lines_of(english, state.hosts))] == [*map(facts, lines_of(korean, state.hosts))]
    for line in lines_of(korean, state.hosts):
        in_korean(line)


@given(states(), hosts, foreign)
def test_a_reply_says_the_same_in_both(state: State, name: str, by: str) -> None:
    host = state.hosts.get(name, Host(name))
    mute = Mute(name, Person("", by), NOON)
    replied_in_both(partial(replies.host_report, figures=uptimes(host, NOW)), host, mute)
    replied_in_both(replies.history, newest_outages(state.hosts.values(), 9), {name: mute}.get)
    replied_in_both(audit_replies.resolved, [host, Host("b.test")])
    said_in_both(audit_replies.log, [AuditEntry(did, name, Person("", by), NOON) for did in Action])
    pattern = mute._replace(host="*.test", until=NOW, reason=by)
    replied_in_both(partial(replies.host_report, figures=()), host, pattern)
    replied_in_both(mute_replies.restored, [RestoredHosts(name, [host])])
    replied_in_both(
        mute_replies.restored,
        [RestoredHosts(name, [], {name: [host]}), RestoredHosts("*", [host], {"*.test": [host]})],
    )
    muted = mute_replies.muted
    replied_in_both(muted, [MutedHosts(mute, [host])])
    earlier = MutedHosts(mute._replace(at=NOON - MINUTE), [host], is_new=False)
    replied_in_both(muted, [MutedHosts(mute, [host]), MutedHosts(pattern, [host]), earlier])
    replied_in_both(muted, [MutedHosts(pattern._replace(until=None, until_up=True), [])])
    replied_in_both(mute_replies.muted_list, digest(state).muted)
    said_in_both(unknown, name, [])
    said_in_both(unknown, name, ["`uptime check a.test`", "`uptime check 웹서버`"])


def test_all_other_sentences_exist_in_both() -> None:
    said_in_both(replies.not_saved)
    said_in_both(replies.sent_again)
    said_in_both(audit_replies.log, [])
    for about in (None, *Action, "help"):
        in_korean(help_text(Help(about), IN_KOREAN))
    said_in_both(replies.fit, ["줄"] * 3000)
    for typed in ("remove", "restore", "??x", "chekc", "x" * 100):
        said_in_both(usage_error, typed)


def test_the_result_of_a_press_is_the_same_in_both() -> None:
    name = code("a.test")
    for say in ("host_is_gone", "is_up_again", "is_not_muted", "buttons_are_off"):
        said_in_both(lambda locale, say=say: getattr(locale.language, say)(name))
    for say in ("nothing_chosen", "button_is_old"):
        said_in_both(lambda locale, say=say: getattr(locale.language, say))
    said_in_both(lambda locale: locale.language.who_muted(who="`민수`", host=name, until="§"))
    for action in Action:
        said_in_both(lambda locale, action=action: locale.language.did(action, "`민수`", name))


def unknown(name: str, instead: Sequence[str], locale: Locale) -> str:
    return locale.language.unknown_host(code(name), instead)


def usage_error(typed: str, locale: Locale) -> str:
    with pytest.raises(UsageError) as error:
        parse(typed, locale.language)
    return str(error.value)


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("protocol", [Language, PageWords])
def test_a_format_inserts_its_arguments(protocol: type, language: Language) -> None:
    words = language if protocol is Language else language.page
    for name, declared in inspect.getmembers(protocol, inspect.isfunction):
        said = getattr(words, name)
        if inspect.isbuiltin(said):
            _, *arguments = inspect.signature(declared).parameters.values()
            named = {each.name if each.kind is each.KEYWORD_ONLY else "" for each in arguments}
            fields = {field for _, field, _, _ in Formatter().parse(str(said.__self__)) if field is not None}
            assert fields == named or fields == named - {"count"}, name  # Korean verbs do not count


@pytest.mark.parametrize("count", [7, 8, 30])
def test_the_notification_names_the_same_hosts_and_counts_the_rest(count: int) -> None:
    found = digest(state_after(*(opened(f"{n}", f"{n}.test") for n in range(count))))
    english, korean = (render(found, each)[0]["text"] for each in (IN_ENGLISH, IN_KOREAN))
    assert [*map(facts, str(english).splitlines())] == [*map(facts, str(korean).splitlines())]


@pytest.mark.parametrize("group", Headings._fields)
@pytest.mark.parametrize("count", [1, 2, 500])
def test_what_does_not_fit_is_counted_in_both(group: str, count: int) -> None:
    english, korean = (getattr(each.headings, group).more(count) for each in (ENGLISH, KOREAN))
    assert facts(english) == facts(korean)
    in_korean(korean)
