"""Who may ask, and who may change something. By ids: a name can be chosen by anybody."""

from collections.abc import Sequence
from typing import NamedTuple

from languages import ENGLISH, Language
from slack.request import Request

MOST_NAMED = 5  # of those whom to ask, or of where to


class NotAllowed(Exception):
    """One line of mrkdwn that says whom to ask, or where."""


class Rules(NamedTuple):
    """An empty one keeps nobody out. The ids are the operator's, and checked: they may mention."""

    team_id: str = ""
    channels: Sequence[str] = ()
    admins: Sequence[str] = ()


def check_asking(request: Request, rules: Rules, language: Language = ENGLISH) -> None:
    """Raises NotAllowed."""
    if rules.team_id and request.team_id != rules.team_id:
        raise NotAllowed(language.not_this_team)
    if rules.channels and request.channel_id not in rules.channels:
        open_to_many = [f"<#{channel}>" for channel in rules.channels if not channel.startswith("D")]
        raise NotAllowed(language.not_this_channel(open_to_many[:MOST_NAMED]))


def check_changing(request: Request, rules: Rules, language: Language = ENGLISH) -> None:
    """Raises NotAllowed."""
    if rules.admins and request.user_id not in rules.admins:
        raise NotAllowed(language.not_an_admin([f"<@{admin}>" for admin in rules.admins[:MOST_NAMED]]))
