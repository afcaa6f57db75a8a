"""What people type is understood as they mean it, or they are told what to type instead."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slack import command
from slack.command import (
    Check,
    Command,
    Help,
    Remove,
    Removed,
    Restore,
    UsageError,
    parse,
)
from slack.languages import ENGLISH


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", Check()),
        ("  ", Check()),
        ("check", Check()),
        ("Check.", Check()),
        ('check ""', Check()),
        ("check web-1", Check("web-1")),
        ("CHECK   Web-1", Check("Web-1")),
        ("help", Help()),
        ("help!", Help()),
        ("help remove", Help()),
        ("remove web-1", Remove("web-1")),
        ("remove api - noc - users", Remove("api - noc - users")),
        ("remove my-project default", Remove("my-project default")),
        ("removed", Removed()),
        ("removed please", Removed()),
        ("restore “web one”", Restore('"web one"')),
    ],
)
def test_commands(text: str, meant: Command) -> None:
    assert parse(text) == meant


def usage(text: str) -> str:
    with pytest.raises(UsageError) as error:
        parse(text)
    return str(error.value)


@pytest.mark.parametrize("text", ["remove", "remove  ", "REMOVE .", 'remove ""'])
def test_a_missing_host_is_asked_for(text: str) -> None:
    assert usage(text) == "Which host? Type `uptime remove HOST`."
    assert usage(text.lower().replace("remove", "restore")) == "Which host? Type `uptime restore HOST`."


@pytest.mark.parametrize(
    ("typed", "meant"), [("chekc", "check"), ("hlep", "help"), ("RESTOR", "restore"), ("remve", "remove")]
)
def test_a_misspelt_command_is_recognised(typed: str, meant: str) -> None:
    assert f"`{typed}` is not a command. Did you mean `uptime {meant}`? Type `uptime help`" in usage(typed)
    assert usage(typed) == usage(f"{typed} web-1")


def test_an_unknown_command_leads_to_help() -> None:
    assert usage("frobnicate") == "`frobnicate` is not a command. Type `uptime help` to see what you can ask."
    assert usage("<!channel>").startswith("`&lt;!channel&gt;` is not")
    assert len(usage("x" * 9000)) < 200


@given(st.text() | st.from_regex(r"(check|help|removed?|restore|chek) .*", fullmatch=True))
def test_anything_else_is_one_line_that_does_not_call_us_again(text: str) -> None:
    told = ""
    try:
        parse(text)
    except UsageError as error:
        told = str(error)
    assert told.isprintable()
    assert not told.lower().startswith("uptime")
    assert not re.search("[<>]", told)


def test_help_tells_of_every_command_and_of_no_other() -> None:
    told = [parse(usage.removeprefix("uptime").strip()) for usage, _ in ENGLISH.help]
    assert {type(each) for each in told} == {Check, Help, Remove, Removed, Restore}
    assert {usage.split()[1] for usage, _ in ENGLISH.help} == set(command._COMMANDS)
    assert [each for each in told if isinstance(each, Check)] == [Check(), Check("HOST")]
