"""Parses `remove` and `restore` against the known hosts."""

import re
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hosts.changes import unmute
from hosts.identity import key_of
from hosts.incident import Person
from hosts.model import Host, Mute, State
from hosts.outages import DOUBT_AFTER
from hosts.patterns import literal
from languages import ENGLISH, KOREAN, LANGUAGES, Language, Locale
from slack import mute_requests
from slack.command import CommandContext, Remove, Restore, UsageError
from slack.host_lists import MOST_HOSTS
from slack.host_names import Names
from slack.mute_patterns import MOST_PATTERNS
from slack.mute_replies import RestoredHosts, finding_muted, finding_restored
from slack.parsing import parse
from slack.text import plain
from tests.builders import MINUTE, NOON, STEVE, closed, happen, opened, state_after, wish
from turns import at_once

SEOUL = ZoneInfo("Asia/Seoul")
NOW = NOON + MINUTE


def context(state: State, language: Language = ENGLISH) -> CommandContext:
    """One host is watched besides those of the state, unless the state has none."""
    watched = {"watched.test": Host("watched.test")} if state.hosts else {}
    hosts = {**state.hosts, **watched}
    return CommandContext(state, hosts, Names(hosts), NOW, Locale(SEOUL, language), DOUBT_AFTER)


def known_hosts(language: Language = ENGLISH) -> CommandContext:
    down = [opened("1", "web-1.test"), opened("2", "api - noc - users"), opened("3", "a.st.test")]
    up = [closed("4", "web-2.test"), closed("5", "b.st.test"), opened("6", "latency for 5m")]
    up += [closed("7", "api"), closed("8", "api: slow")]
    return context(state_after(*down, *up), language)


def parse_mutes(wire: str, now: CommandContext) -> list[Mute]:
    """As it comes from Slack."""
    command = parse(plain(wire), now.language)
    assert isinstance(command, Remove)
    return mute_requests.parse_mutes(command, STEVE, now)


def problem(wire: str, language: Language = ENGLISH, now: CommandContext | None = None) -> str:
    with pytest.raises(UsageError) as error:
        parse_mutes(wire, now or known_hosts(language))
    return str(error.value)


EXCEPT = ["except", "Except for", "but not", "other than", "excluding"]
NO_EXCEPTIONS = "Exceptions are not supported: type only the hosts and patterns that you mean."
ONE, TWO = ["web-1.test"], ["web-1.test", "web-2.test"]
EVENING, MORNING = "2026-11-23T18:00", "2026-11-23T09:00"


@pytest.mark.parametrize(
    ("wire", "language", "hosts", "end"),
    [
        ("remove web-1.test", ENGLISH, ONE, ("", "")),
        ("snooze web-1.test 2h", ENGLISH, ONE, ("2026-11-22T23:01", "")),
        ("remove web-1.test for 2h web-2. test", ENGLISH, ONE, ("2026-11-22T23:01", "web-2. test")),
        ("remove! *.", ENGLISH, ["*"], ("", "")),
        ("remove web-1.test for 2h deploy", ENGLISH, ONE, ("2026-11-22T23:01", "deploy")),
        ("remove <http://web-1.test|web-1.test>, web-2.test until 18:00", ENGLISH, TWO, (EVENING, "")),
        ("remove web-1.test until restored moved", ENGLISH, ONE, ("", "moved")),
        ("remove api - noc - users for 2h why", ENGLISH, ["api - noc - users"], ("2026-11-22T23:01", "why")),
        ("remove latency for 5m", ENGLISH, ["latency for 5m"], ("", "")),
        ("remove latency for 5m for 2h why", ENGLISH, ["latency for 5m"], ("2026-11-22T23:01", "why")),
        ("remove “latency for 5m” until up", ENGLISH, ["latency for 5m"], ("up", "")),
        ("remove *.st.test for 2h why", ENGLISH, ["*.st.test"], ("2026-11-22T23:01", "why")),
        ("remove *.later.test", ENGLISH, ["*.later.test"], ("", "")),
        ("remove <!channel>*", ENGLISH, ["@channel*"], ("", "")),
        ('remove "*web-1.test*" for 2h', ENGLISH, ONE, ("2026-11-22T23:01", "")),
        ("remove! *nope.example* until 18:00", ENGLISH, ["*nope.example*"], (EVENING, "")),
        ("remove! *CPU[max]* until 18:00", ENGLISH, ["*cpu[max]*"], (EVENING, "")),
        ("remove [prod]* svc(eu)*", ENGLISH, ["[prod]*", "svc(eu)*"], ("", "")),
        ("remove * for 2h !", ENGLISH, ["*"], ("2026-11-22T23:01", "")),
        *(
            (f"mute web-1.test {word}", ENGLISH, ONE, ("", ""))
            for word in ("now", "right now", "🙏", ":pray:")
        ),
        ("mute web-1.test now for 2h", ENGLISH, ONE, ("2026-11-22T23:01", "")),
        *(
            (f"mute web-1.test for 2h {word}", ENGLISH, ONE, ("2026-11-22T23:01", ""))
            for word in ("now", "👍", ":pray::skin-tone-2:")
        ),
        *(
            (f"mute web-1.test for 2h {why}", ENGLISH, ONE, ("2026-11-22T23:01", why))
            for why in ("now deploying", "deploy 🚀", "broken now, really")
        ),
        ("mute web-1.test for 2h: :fire:", ENGLISH, ONE, ("2026-11-22T23:01", ":fire:")),
        ("숨김 web-1.test 지금 2시간", KOREAN, ONE, ("2026-11-22T23:01", "")),
        ("숨김 web-1.test 2시간 복구 됐나", KOREAN, ONE, ("2026-11-22T23:01", "복구 됐나")),
        ("숨김 web-1.test 2시간 지금 배포", KOREAN, ONE, ("2026-11-22T23:01", "지금 배포")),
        ("mute web-1.test forever", ENGLISH, ONE, ("", "")),
        ("mute web-1.test, web-2.test till further notice", ENGLISH, TWO, ("", "")),
        ("숨기기 web-1.test 2시간 동안 배포", KOREAN, ONE, ("2026-11-22T23:01", "배포")),
        ("mute web-1.test for ever: moved", ENGLISH, ONE, ("", "moved")),
        ("mute web-1.test until further notice moved", ENGLISH, ONE, ("", "moved")),
        ("mute web-1.test indefinitely", KOREAN, ONE, ("", "")),
        ("mute web-1.test until unmuted", ENGLISH, ONE, ("", "")),
        ("mute web-1.test for now", ENGLISH, ONE, ("", "")),
        ("mute web-1.test for the time being: moving", ENGLISH, ONE, ("", "moving")),
        ("mute web-1.test until I say so", ENGLISH, ONE, ("", "")),
        ("숨김 web-1.test 당분간 이전", KOREAN, ONE, ("", "이전")),
        ("숨김 web-1.test 무기한 이전", KOREAN, ONE, ("", "이전")),
        ("mute web-1.test until up deploy plz", ENGLISH, ONE, ("up", "deploy")),
        ("숨김 web-1.test 2시간 동안 좀 해주세요", KOREAN, ONE, ("2026-11-22T23:01", "")),
        ("mute web-1.test,for 2h", ENGLISH, ONE, ("2026-11-22T23:01", "")),
        ("mute web-1.test,2h deploy", ENGLISH, ONE, ("2026-11-22T23:01", "deploy")),
        ("숨김 web-1.test,18:00까지", KOREAN, ONE, (EVENING, "")),
        ("mute web-1.test because it moves", ENGLISH, ONE, ("", "it moves")),
        ("mute web-1.test for 2h: except web-2", ENGLISH, ONE, ("2026-11-22T23:01", "except web-2")),
        ("mute web-1.test for 2h all but one is up", ENGLISH, ONE, ("2026-11-22T23:01", "all but one is up")),
        *(
            (f"숨김 web-1.test 2시간 {why}", KOREAN, ONE, ("2026-11-22T23:01", why))
            for why in ("모니터링 제외", "제외 처리 중", "장애 말고 점검")
        ),
        ("숨김 web-1.test 2시간 :web-2.test 제외", KOREAN, ONE, ("2026-11-22T23:01", "web-2.test 제외")),
        ("mute web-1.test: moved", ENGLISH, ONE, ("", "moved")),
        *(
            (f"mute {host}: {reason}", KOREAN, [host], ("", reason))
            for host in ("web-1.test", "*web-1*")
            for reason in (
                *("two", "monday", "18:00 deploy", "2h deploy", "for 2h", "web-2.test for 2h"),
                *("월요일", "내일까지", "2시간 동안 배포"),
            )
        ),
        ("mute web-1.test : until up", ENGLISH, ONE, ("", "until up")),
        ("숨김 web-1.test 이유: 월요일까지 배포", KOREAN, ONE, ("", "월요일까지 배포")),
        ("mute api: slow for 2h", ENGLISH, ["api: slow"], ("2026-11-22T23:01", "")),
        ("mute api: for 2h", ENGLISH, ["api"], ("", "for 2h")),
        ("mute web-1.test for 2h, thanks", ENGLISH, ONE, ("2026-11-22T23:01", "")),
        ("mute web-1.test for 2h, because of the move", ENGLISH, ONE, ("2026-11-22T23:01", "the move")),
        ("숨김 web-1.test 2시간 동안 이유: 배포", KOREAN, ONE, ("2026-11-22T23:01", "배포")),
        ("mute! everything", ENGLISH, ["*"], ("", "")),
        ("mute! all hosts for 2h deploy", ENGLISH, ["*"], ("2026-11-22T23:01", "deploy")),
        ("숨김! 모든 호스트 2시간 동안 배포", KOREAN, ["*"], ("2026-11-22T23:01", "배포")),
        ("숨김 web-1.test web-2.test 18:00까지", KOREAN, TWO, (EVENING, "")),
        ("제외 *.st.test 복구될 때까지 장애", KOREAN, ["*.st.test"], ("up", "장애")),
    ],
)
def test_hosts_expiry_and_reason_are_parsed(
    wire: str, language: Language, hosts: list[str], end: tuple[str, str]
) -> None:
    found = parse_mutes(wire, known_hosts(language))
    assert [made.host for made in found] == hosts
    for made in found:
        assert (until(made), made.reason) == end
        assert (made.by, made.at) == (STEVE, NOW)


def until(made: Mute) -> str:
    if made.until:
        return f"{made.until.astimezone(SEOUL):%Y-%m-%dT%H:%M}"
    return "up" if made.until_up else ""


@pytest.mark.parametrize(
    ("wire", "reply"),
    [
        ("remove for 2h", "Which host? Type `uptime remove HOST`."),
        ("mute everything", "If you mean it, type `uptime mute! *`"),
        ("mute all, for 1h deploy", "If you mean it, type `uptime mute! * for 1h deploy`"),
        ("mute web-1.test, all for 1h deploy", "type `uptime mute! web-1.test, * for 1h deploy`"),
        ("remove for 2h web-1.test, *.x", "The host comes first: `uptime remove web-1.test, *.x for 2h`"),
        (
            "remove web for 2h",
            "is known. Did you mean `uptime remove web-1.test for 2h` or `uptime remove web-2",
        ),
        ("remove the watched for 2h", "Did you mean `uptime remove watched.test for 2h`"),
        ("remove web-1.test, wbe-2.test", "Did you mean `uptime remove web-1.test, web-2.test`?"),
        ("remove! wbe-1.test * until up", "Did you mean `uptime remove! web-1.test * until up`"),
        ("remove 'wbe-2.test' for 2h x", "Did you mean `uptime remove web-2.test for 2h x`"),
        (f"remove wtched.test for 2h {'x' * 600}", "Did you mean `watched.test`?"),
        ("remove web-1.test deploy", "`uptime remove web-1.test for 2h: deploy`"),
        ("remove web-1.test deploy for 2h", "`uptime remove web-1.test for 2h: deploy`"),
        *(
            (f"remove web-1.test {length}", "mute end then? Type `uptime remove web-1.test for 2h`")
            for length in ("for2h", "+2h", "in 2h", "in2h")
        ),
        ("remove web-1.test in 3 regions", "`uptime remove web-1.test for 2h: in 3 regions`"),
        ("remove web-1.test now deploying", "`uptime remove web-1.test for 2h: now deploying`"),
        ("remove web-1.test deploy 🚀", "`uptime remove web-1.test for 2h: deploy 🚀`"),
        ("remove web-1.test node.js 1h", "`uptime remove web-1.test 1h: node.js`"),
        ("remove web-1.test v1.2.3 1h", "`uptime remove web-1.test 1h: v1.2.3`"),
        ("remove web-1.test see https://web-5.test/x 1h", "1h: see https://web-5.test/x`"),
        ("remove web-1.test because of a deploy for 2h", "`uptime remove web-1.test for 2h: a deploy`"),
        ("remove web-1.test watched for 2h", "Did you mean `uptime remove web-1.test watched.test for 2h`"),
        ("remove web-1.test for deploy", "`for deploy` is not a time. Type `for 2h`, `until 18:00`"),
        ("remove web-1.test 12", "`12` is not a time. Type `for 2h`, `until 18:00`"),
        ("remove web-1.test 'til tomorow", "`uptime remove web-1.test 'til tomorrow`"),
        ("remove web-1.test for 1,5h", "is not a time. Type `for 2h`"),
        ("remove web-1.test 18:00", "Should the mute end then? Type `uptime remove web-1.test until 18:00`"),
        ("remove web-1.test tomorrow", "Type `uptime remove web-1.test until tomorrow`"),
        ("remove web-1.test by 6 p.m. deploy", "Type `uptime remove web-1.test until 6 p.m. deploy`"),
        ("remove web-1.test web-2.test monday 9:00", "remove web-1.test web-2.test until monday 9:00`"),
        ("remove web-1.test untill 18:00", "Type `uptime remove web-1.test until 18:00`"),
        ("remove web-1.test unti tomorow x", "Type `uptime remove web-1.test until tomorrow x`"),
        ("remove web-1.test until wensday", "Type `uptime remove web-1.test until wednesday`"),
        ("remove web-1.test over the next weekend", "`over the next weekend` is not a time."),
        ("remove web-1.test for 2 houres", "Type `uptime remove web-1.test for 2 hours`"),
        ("remove! * until 18:00 tomorow", "`uptime remove! * until 18:00: tomorow`"),
        ("remove web-1.test sun.test for 2h", "No host called `sun.test` is known."),
        ("remove web-2.test until up", "`web-2.test` is up already. Type `for 2h` or `until 18:00`"),
        ("remove watched.test until up", "There is no data about `watched.test` yet"),
        ("remove *.later.test until up", "its status is unknown. Type `for 2h`"),
        ("remove *web-9.test*", "whatever will match `*web-9.test*`, type `uptime remove! *web-9.test*`"),
        (
            "remove ^web.*$ for 2h",
            "only `*` for any part of a name. Did you mean `uptime remove web* for 2h`?",
        ),
        ("remove web-[0-9]+*$", "`web-[0-9]+*$` is not a pattern"),
        (
            "remove ^Web.*$ for 2h: ^Web.*$ fails",
            "Did you mean `uptime remove web* for 2h: ^Web.*$ fails`? If these characters are part of a name, type",
        ),
        (
            "remove *$",
            "for any part of a name. If these characters are part of a name, type `uptime remove! *$`",
        ),
        ("remove /x.*/i watched.test", "Did you mean `uptime remove x* watched.test`?"),
        (r"remove \w+\.new\.* until up", "Did you mean `uptime remove *.new.* until up`?"),
        ("remove (a|b)*", "`(a|b)*` is not a pattern: regular expressions are not supported"),
        *((f"remove *.test {word} web-1.test", NO_EXCEPTIONS) for word in EXCEPT),
        *((f"remove *.test {word} nosuch.test until up", NO_EXCEPTIONS) for word in EXCEPT),
        *((f"remove *.test for 2h {word} web-1.test", NO_EXCEPTIONS) for word in EXCEPT),
        ('remove *.test for 2h, all but "latency for 5m", please', NO_EXCEPTIONS),
        ("remove *.test for 2h except *.st.test", NO_EXCEPTIONS),
        ("remove everything but web-1.test", NO_EXCEPTIONS),
        ("remove! all hosts except web-1.test for 2h", NO_EXCEPTIONS),
        *((f"remove except{name}", f"No host called `except{name}` is known.") for name in ("-1", ".test")),
        ("remove * except.", NO_EXCEPTIONS),
        ("remove web-1.test exceptional for 2h", "`uptime remove web-1.test for 2h: exceptional`"),
        *(
            (
                f"{typed} {' '.join(f'*{n}' for n in range(99))}",
                f"Type fewer; `uptime {verbs}` and `history` take",
            )
            for typed, verbs in (("remove", "remove`, `restore"), ("mute!", "mute`, `unmute"))
        ),
        (
            "remove web-1.test until 9",
            "Did you mean `uptime remove web-1.test until 09:00` or `uptime remove web-1.test until 21:00`?",
        ),
        (
            "remove web-1.test till 9 tomorrow: moved",
            "`uptime remove web-1.test till 09:00 tomorrow: moved` or `uptime remove web-1.test till 21:00",
        ),
        *(
            (f"remove web-1.test until {typed}", f"Did you mean `uptime remove web-1.test until {end}`?")
            for typed, end in (
                ("11 tonight", "23:00 today"),
                ("11 Tonight, moved", "23:00 today, moved"),
                ("12 tonight", "24:00 today"),
                ("11 this evening", "23:00 today"),
                ("9 in the evening", "21:00"),
                ("9 at night", "21:00"),
                ("9 in the morning", "09:00"),
                ("9 o'clock in the morning: moved", "09:00: moved"),
                ("3 in the afternoon", "15:00"),
                ("11 today", "23:00 today"),  # in the morning is past
            )
        ),
        ("remove web-1.test until 9 o'clock", "until 09:00` or `uptime remove web-1.test until 21:00`?"),
        ("remove web-1.test until 9 nodes are up", "until 09:00 nodes are up` or `uptime remove web-1.test"),
        ("remove web-1.test until 5 more minutes", "`until 5 more minutes` is not a time."),
        ("remove web-1.test until 2 tonight", "`until 2 tonight` is not a time."),
        ("remove web-1.test from 9 until 10", "`until 10` is not a time."),
        ("remove web-1.test until 18", "Did you mean `uptime remove web-1.test until 18:00`?"),
        (
            "remove web-1.test until 9.12: moved",
            "12: moved` or `uptime remove web-1.test until 2026-12-09: moved` or `uptime remove web-1.test until 2027",
        ),
        ("remove web-1.test until 28.11", "Did you mean `uptime remove web-1.test until 2026-11-28`?"),
        ("remove web-1.test until 99.99", "`until 99.99` is not a time."),
        ("remove web-1.test until 2.12 ships", "`until 2.12 ships` is not a time."),
        ("remove web-1.test until 99", "`until 99` is not a time."),
        ("remove *", "That would mute every host. If you mean it, type `uptime remove! *`"),
        *(
            (f"remove {every} until up", "That would mute every host that is down or has a warning. If you")
            for every in ("*", "everything", "web-1.test and everything")
        ),
        ("remove *. st.test 1h", "is known. Did you mean `uptime remove *.st.test 1h`?"),
        ("remove * .st.test: moved", "is known. Did you mean `uptime remove *.st.test: moved`?"),
        ("remove! *. web-1.test 1h", "is known. Did you mean `uptime remove! *.web-1.test 1h`?"),
        ("remove *.st. test until up", "is known. Did you mean `uptime remove *.st.test until up`?"),
        ("remove web-2.test web-1. test for 1h", "uptime remove web-2.test web-1.test for 1h`?"),
        ("remove web-1.test deploy. tested", "`uptime remove web-1.test for 2h: deploy. tested`"),
        ("remove *.st.test. deploy 1h", "`uptime remove *.st.test. 1h: deploy`"),
        ("remove *.", "That would mute every host. If you mean it, type `uptime remove! *.`"),
        (f"remove {' '.join(f'*{n}' for n in range(99))}", f"More than {MOST_HOSTS} hosts at once."),
    ],
)
def test_a_mistake_is_answered_with_what_to_type(wire: str, reply: str) -> None:
    assert reply in problem(wire)


@pytest.mark.parametrize("rest", ["db-9.st.test 1h", "db-9.st.test", "db-9.st.test db-8.st.test"])
def test_an_unknown_host_is_no_reason(rest: str) -> None:
    assert "`uptime remove web-1.test " not in problem(f"remove web-1.test {rest}")


@pytest.mark.parametrize("reason", ["status.test", "github.test outage", "db-9.st.test migration"])
def test_a_reason_may_begin_with_the_name_of_a_host(reason: str) -> None:
    assert f"`uptime remove web-1.test for 2h: {reason}`" in problem(f"remove web-1.test {reason}")


@pytest.mark.parametrize(
    ("wire", "reply"),
    [
        ("숨김 2시간 동안", "어느 호스트인가요?"),
        ("숨김 web-1.test 계속 실패", "`계속 실패` 부분에서 시간을 알 수 없어요."),
        ("숨김 web-1.test 나중까지", "`나중까지` 부분에서 시간을 알 수 없어요."),
        ("숨김 web-1.test 퇴근 전까지", "`퇴근 전까지` 부분에서 시간을 알 수 없어요."),
        ("숨김 web-1.test 연휴 끝날 때까지만", "`연휴 끝날 때까지만` 부분에서 시간을 알 수 없어요."),
        ("숨김 web-1.test 다다음주 월요일까지", "시간을 알 수 없어요."),
        ("숨김 web-1.test 이따 6시까지", "`이따 6시까지` 부분에서 시간을 알 수 없어요."),
        ("숨김 web-1.test 점심시간 동안", "`점심시간 동안` 부분에서 시간을 알 수 없어요."),
        ("숨김 web-1.test 한국시간 18:00까지", "`한국시간 18:00까지` 부분에서 시간을"),
        ("숨김 web-1.test 배포 때문에 30분", "`uptime 숨김 web-1.test 30분: 배포 때문에`"),
        ("숨김 web-1.test 22:00~23:00", "`22:00~23:00` 부분에서 시간을"),
        ("숨김 web-1.test 2~3시간", "`2~3시간` 부분에서 시간을"),
        ("숨김 web-1.test 18:00", "`uptime 숨김 web-1.test 18:00까지`"),
        *(
            (f"숨김 *.test web-1.test {word}", "예외는 지원하지 않아요")
            for word in ("빼고", "제외하고", "제외", "말고")
        ),
        ("숨김 *.test nosuch.test 빼고 2시간", "예외는 지원하지 않아요"),
        ("숨김 *.test 2시간 동안 web-1.test 빼고", "예외는 지원하지 않아요"),
        ("숨김 *.test except web-1.test", "예외는 지원하지 않아요"),
        ("숨김 제외.test", "`제외.test` 호스트에 대한"),
        ("숨김 ^x.*$ 18:00까지", "정규식은 쓸 수 없고"),
        ("숨김 ^x.*$ 18:00까지", "혹시 `uptime 숨김 x* 18:00까지` 명령인가요?"),
        ("숨김 * 18:00까지", "`uptime 숨김! * 18:00까지`"),
        ("숨김 *. st.test 1시간", "`uptime 숨김 *.st.test 1시간`"),
    ],
)
def test_a_mistake_in_korean_is_answered_in_korean(wire: str, reply: str) -> None:
    assert reply in problem(wire, KOREAN)


@pytest.mark.parametrize(
    ("projects", "reply"),
    [
        (["monitoring"], "Should the mute end then? Type `uptime remove web-1.test until mon`"),
        (["monitoring", "shop"], "No host called `mon` is known."),
    ],
)
def test_a_time_may_be_a_mistyped_host_only_if_people_see_that_label(projects: list[str], reply: str) -> None:
    namesakes = [opened(project, key_of("api", {"project": project})) for project in projects]
    now = context(state_after(opened("1", "web-1.test"), *namesakes))
    assert reply in problem("remove web-1.test mon", now=now)


@pytest.mark.parametrize("typed", ["api", "disk *full*"])
def test_a_shared_name_behind_another_host_is_no_reason(typed: str) -> None:
    keys = [key_of(literal(typed), {"project": project}) for project in ("dev", "prod")]
    now = context(state_after(opened("1", "web-1.test"), *(opened(key, key) for key in keys)))
    assert f"Several hosts are called `{typed}`." in problem(f"remove web-1.test {typed}", now=now)


def test_the_number_of_patterns_is_limited() -> None:
    now = known_hosts()
    happen(now.state, *(wish(f"*{n}", at=NOW) for n in range(MOST_PATTERNS)))
    assert f"{MOST_PATTERNS} patterns are muted already." in problem("remove *.later.test", now=now)
    assert parse_mutes("remove *7 for 2h", now)
    assert parse_mutes("remove web-1.test", now)


def test_without_known_hosts_only_a_star_means_every_host() -> None:
    nothing = context(state_after())
    assert parse_mutes("remove *.test", nothing)
    assert "every host" in problem("remove *", now=nothing)


def test_a_repeated_remove_shows_the_first_mute() -> None:
    now = known_hosts()
    first = wish("web-1.test", at=NOW, by=Person("U1", "ann"))
    happen(now.state, first)
    (found,) = at_once(finding_muted)([first._replace(by=STEVE)], now, now.state.mutes)
    assert found.mute.by.name == "ann"
    assert [host.name for host in found.hosts] == ["web-1.test"]


@given(
    st.lists(
        st.sampled_from(["web-1.test", "web-2.test", "*.st.test", "*", "and", "!", "<!channel>", "`x`", '"'])
        | st.sampled_from(["for", "2h", "until", "18:00", "up", "까지", "동안", "2시간", "9999-12-31"])
        | st.text(max_size=4)
    ).map(" ".join),
    st.sampled_from([*LANGUAGES.values()]),
)
def test_any_text_gives_mutes_or_one_line(text: str, language: Language) -> None:
    try:
        found = parse_mutes(f"remove {text}", known_hosts(language))
    except UsageError as error:
        reply = str(error)
        assert reply.isprintable()
        assert not re.search("[<>]", reply)
    else:
        assert found
        assert all(not made.until or made.until > made.at for made in found)


def with_mutes(*mutes: str) -> CommandContext:
    hosts = [opened("1", "a.test"), closed("2", "b.test"), opened("3", "c.st.test"), opened("4", "d.st.test")]
    return context(state_after(*hosts, *map(wish, mutes)))


def restore(typed: str, now: CommandContext, verb: str = "restore") -> list[RestoredHosts]:
    command = parse(f"{verb} {typed}", now.language)
    assert isinstance(command, Restore)
    names = at_once(mute_requests.parsing_restored)(command, now)
    hosts = at_once(mute_requests.finding_hosts)(names, now)
    happen(now.state, unmute(*names))
    return at_once(finding_restored)(hosts, now, [*hosts])


def outcome(found: list[RestoredHosts]) -> list[tuple[str, list[str], str | None]]:
    return [(one.name, [host.name for host in one.hosts], next(iter(one.still), None)) for one in found]


@pytest.mark.parametrize(
    ("mutes", "typed", "became", "left"),
    [
        (["a.test"], "HTTP://A.test/", [("a.test", ["a.test"], None)], []),
        ([], "a.test", [("a.test", ["a.test"], None)], []),
        (["a.test", "b.test"], "a.test, b.test", [("a.test", ["a.test"], None), ("b.test", ["b.test"], None)], []),
        (["*.st.test", "c.st.test"], "c.st.test", [("c.st.test", [], "*.st.test")], ["*.st.test"]),
        (["*.st.test"], "*.st.test", [("*.st.test", ["c.st.test", "d.st.test"], None)], []),
        (["*.st.test", "c.st.test", "a.test"], "*.st.test", [("*.st.test", ["c.st.test", "d.st.test"], None), ("c.st.test", ["c.st.test"], None)], ["a.test"]),
        (["*.st.test", "d*"], "*", [("*.st.test", ["c.st.test", "d.st.test"], None), ("d*", ["d.st.test"], None)], []),
        (["*.st.test", "d*"], "*.st.test", [("*.st.test", ["c.st.test"], "d*")], ["d*"]),
        (["a.test", "b.test"], "?.test a*", [], ["a.test", "b.test"]),
        (["a.test", "w*"], "*", [("a.test", ["a.test"], None), ("w*", ["watched.test"], None)], []),
        (["gone.test"], "gone.test", [("gone.test", ["gone.test"], None)], []),
    ],
)  # fmt: skip
def test_restored_hosts_are_reported(
    mutes: list[str], typed: str, became: list[tuple[str, list[str], str | None]], left: list[str]
) -> None:
    now = with_mutes(*mutes)
    if became:
        assert outcome(restore(typed, now)) == became
    else:
        with pytest.raises(UsageError):
            restore(typed, now)
    assert sorted(now.state.mutes) == left


@pytest.mark.parametrize(
    ("typed", "became", "left"),
    [
        ("*.st.test", [("*.st.test", ["d.st.test"], "c.st.test")], ["a.test", "c.st.test", "w*"]),
        (
            "a.test W*",
            [("a.test", ["a.test"], None), ("w*", ["watched.test"], None)],
            ["*.st.test", "c.st.test"],
        ),
        ("*", [("*", [], None)], ["*.st.test", "a.test", "c.st.test", "w*"]),
    ],
)
@pytest.mark.parametrize(("verb", "language"), [("unmute!", ENGLISH), ("숨김 해제!", KOREAN)])
def test_after_an_exclamation_mark_a_pattern_stands_for_itself_alone(
    verb: str,
    language: Language,
    typed: str,
    became: list[tuple[str, list[str], str | None]],
    left: list[str],
) -> None:
    now = with_mutes("a.test", "c.st.test", "*.st.test", "w*")._replace(locale=Locale(SEOUL, language))
    assert outcome(restore(typed, now, verb)) == became
    assert sorted(now.state.mutes) == left


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("b.test nosuch", "`nosuch` is known. `uptime check` lists all that are known. Nothing was changed."),
        ("b.test a.tes", "Did you mean `uptime restore b.test a.test`? Nothing was changed."),
        ("zz*", "Nothing that is muted matches `zz*`. Type `uptime removed` to see what is."),
        ("nowhere.test", "No host called `nowhere.test` is known. `uptime check` lists all that are known."),
        ("a.tes", "Did you mean `uptime restore a.test` or"),
    ],
)
def test_a_mistake_in_a_restore_is_answered_with_what_to_type(typed: str, problem: str) -> None:
    with pytest.raises(UsageError) as error:
        restore(typed, with_mutes("b.test"))
    assert problem in str(error.value)
    assert ("Nothing was changed." in str(error.value)) == (" " in typed)


def test_an_ended_mute_is_not_restored() -> None:
    now = with_mutes()
    happen(now.state, wish("*.st.test", until=NOW))
    assert outcome(restore("c.st.test", now)) == [("c.st.test", ["c.st.test"], None)]
