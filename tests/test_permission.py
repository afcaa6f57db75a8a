"""Who may ask and who may change, and whom the others are told to ask."""

import pytest

from slack.request import MOST_NAMED, NotAllowed, Request, Rules, check_asking, check_changing
from tests.test_languages import said_in_both

HOME = Rules("T1H9ZN51Q", ("C8NLU2M42", "D024BE91L"), ("U024BE7LH", "W012A3CDE"))


def asked(**fields: str) -> Request:
    known = Request("check", "U024BE7LH", "steve", "C8NLU2M42", "T1H9ZN51Q", is_slash=True, fingerprint=None)
    return known._replace(**fields)  # type: ignore[arg-type]


def refused(check: object, request: Request, rules: Rules) -> str:
    assert callable(check)
    with pytest.raises(NotAllowed) as error:
        check(request, rules)
    return str(error.value)


def test_without_rules_everybody_may_do_everything() -> None:
    for request in (asked(), asked(user_id="", channel_id="", team_id="")):
        check_asking(request, Rules())
        check_changing(request, Rules())


def test_who_is_named_may() -> None:
    for channel_id in HOME.channels:
        check_asking(asked(channel_id=channel_id), HOME)
    for user_id in HOME.admins:
        check_changing(asked(user_id=user_id), HOME)


@pytest.mark.parametrize("team_id", ["", "T1H9ZN51", "T1H9ZN51QQ", "t1h9zn51q"])
def test_another_workspace_may_not_ask(team_id: str) -> None:
    assert "slack.team_id" in refused(check_asking, asked(team_id=team_id), HOME)


@pytest.mark.parametrize("channel_id", ["", "C8NLU2M4", "G8NLU2M42"])
def test_another_channel_is_told_where_to_ask_but_not_by_a_direct_message(channel_id: str) -> None:
    told = refused(check_asking, asked(channel_id=channel_id), HOME)
    assert told == "Commands are not taken in this channel. Ask in <#C8NLU2M42>."
    assert "whoever runs" in refused(check_asking, asked(), Rules(channels=("D024BE91L",)))


@pytest.mark.parametrize("user_id", ["", "U024BE7L", "steve"])
def test_somebody_else_is_told_whom_to_ask(user_id: str) -> None:
    """A name is no proof: anybody can take the name of an admin."""
    told = refused(check_changing, asked(user_id=user_id, user_name="U024BE7LH"), HOME)
    assert told == "You may ask, but not change anything. Ask <@U024BE7LH> or <@W012A3CDE> to do it."


def test_not_everybody_is_mentioned() -> None:
    crowd = Rules(admins=[f"U{n:08}" for n in range(50)], channels=[f"C{n:08}" for n in range(50)])
    assert refused(check_changing, asked(), crowd).count("<@") == MOST_NAMED
    assert refused(check_asking, asked(), crowd).count("<#") == MOST_NAMED


def test_it_is_said_in_both_languages() -> None:
    said_in_both(lambda locale: locale.language.not_this_team)
    for named in ([], ["<#C8NLU2M42>"], ["<#C8NLU2M42>", "<#G012A3CDE>"]):
        said_in_both(lambda locale, named=named: locale.language.not_this_channel(named))
    said_in_both(lambda locale: locale.language.not_an_admin(["<@U024BE7LH>", "<@W012A3CDE>"]))
