"""What a language must provide for the menus and buttons beside hosts."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple, Protocol


class Choice(StrEnum):
    """What a menu or a button offers for a host, in the order of the menu."""

    HOUR = "1h"
    FOUR_HOURS = "4h"
    TOMORROW = "tomorrow"
    UNTIL_UP = "up"
    FOR_GOOD = "good"
    RESOLVE = "resolve"
    UNMUTE = "unmute"


class Dialog(NamedTuple):
    """What Slack asks before it reports a choice, in plain text."""

    text: str
    confirm: str
    deny: str


class ButtonWords(Protocol):
    """Labels and dialogs are plain text, the sentences mrkdwn as in replies."""

    menu: str
    menu_with_resolve: str
    choices: Mapping[Choice, str]
    dialog: Dialog  # of a menu with `Choice.RESOLVE`

    def dialog_title(self, host: str) -> str: ...
    def unmute_label(self, host: str) -> str: ...  # for screen readers

    # At the end of a message that was redrawn.
    def who_muted(self, who: str, host: str, until: str) -> str: ...
    def who_unmuted(self, who: str, host: str) -> str: ...
    def who_resolved(self, who: str, host: str) -> str: ...

    # Why nothing has changed.
    nothing_chosen: str
    button_is_old: str

    def buttons_are_off(self, command: str) -> str: ...
    def host_is_gone(self, host: str) -> str: ...  # may be empty
    def is_up_again(self, host: str) -> str: ...
    def is_not_muted(self, host: str) -> str: ...
