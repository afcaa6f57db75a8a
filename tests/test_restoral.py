"""What people type to bring hosts back: what it means, and what became of it."""

from datetime import UTC

import pytest

from hosts.changes import mute, unmute
from hosts.model import Mute
from hosts.patch import apply
from languages import ENGLISH
from slack import mute_requests
from slack.command import Restore, UsageError
from slack.mute_replies import RestoredHosts
from slack.mute_requests import CommandContext
from tests.builders import MINUTE, NOON, closed, opened, state_after

LATER = NOON + MINUTE


def wish(host: str, **fields: object) -> Mute:
    return Mute(host, "U1", "steve", NOON)._replace(**fields)  # type: ignore[arg-type]


def asking(*mutes: str) -> CommandContext:
    hosts = [opened("1", "a.test"), closed("2", "b.test"), opened("3", "c.st.test"), opened("4", "d.st.test")]
    state = state_after(*hosts, mute(*map(wish, mutes)))
    return CommandContext(state, [*state.hosts, "watched.test"], UTC, ENGLISH)


def restore(typed: str, now: CommandContext) -> list[RestoredHosts]:
    names = mute_requests.names(Restore(typed), LATER, now)
    behind = mute_requests.behind(names, LATER, now)
    apply(now.state, unmute(*names)(now.state))
    return mute_requests.restored(behind, LATER, now)


def told(found: list[RestoredHosts]) -> list[tuple[str, list[str], str | None]]:
    return [
        (one.name, [host.name for host in one.hosts], one.still.host if one.still else None) for one in found
    ]


@pytest.mark.parametrize(
    ("mutes", "typed", "became", "left"),
    [
        (["a.test"], "a.test", [("a.test", ["a.test"], None)], []),
        (["a.test"], "HTTP://A.test/", [("a.test", ["a.test"], None)], []),
        ([], "a.test", [("a.test", ["a.test"], None)], []),
        (["a.test", "b.test"], "a.test, b.test", [("a.test", ["a.test"], None), ("b.test", ["b.test"], None)], []),
        (["*.st.test"], "c.st.test", [("c.st.test", [], "*.st.test")], ["*.st.test"]),
        (["*.st.test", "c.st.test"], "c.st.test", [("c.st.test", [], "*.st.test")], ["*.st.test"]),
        (["*.st.test"], "*.st.test", [("*.st.test", ["c.st.test", "d.st.test"], None)], []),
        (
            ["*.st.test", "c.st.test", "a.test"],
            "*.st.test",
            [("*.st.test", ["d.st.test"], None), ("c.st.test", ["c.st.test"], None)],
            ["a.test"],
        ),
        (["*.st.test", "d*"], "*.st.test", [("*.st.test", ["c.st.test"], None)], ["d*"]),
        (["a.test", "b.test"], "?.test a*", [], ["a.test", "b.test"]),
        (["a.test", "w*"], "*", [("a.test", ["a.test"], None), ("w*", ["watched.test"], None)], []),
        (["gone.test"], "gone.test", [("gone.test", ["gone.test"], None)], []),
    ],
)  # fmt: skip
def test_what_is_brought_back(
    mutes: list[str], typed: str, became: list[tuple[str, list[str], str | None]], left: list[str]
) -> None:
    now = asking("gone.test") if mutes == ["gone.test"] else asking(*mutes)
    if became:
        assert told(restore(typed, now)) == became
    else:
        with pytest.raises(UsageError):
            restore(typed, now)
    assert sorted(now.state.mutes) == left


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("zz*", "Nothing that is removed matches `zz*`. Type `uptime removed` to see what is."),
        ("nowhere.test", "No host called `nowhere.test` is known."),
        ("a", "Did you mean `uptime restore a.test` or"),
    ],
)
def test_a_mistake_gets_one_line(typed: str, problem: str) -> None:
    with pytest.raises(UsageError) as error:
        restore(typed, asking("b.test"))
    assert problem in str(error.value)


def test_a_mute_that_is_over_hides_nothing_that_could_be_brought_back() -> None:
    now = asking()
    apply(now.state, mute(wish("*.st.test", until=LATER))(now.state))
    assert told(restore("c.st.test", now)) == [("c.st.test", ["c.st.test"], None)]
