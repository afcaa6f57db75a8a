"""The ids that Slack gives to workspaces, channels and people; names change, and anybody can choose one."""

import re
from functools import partial

ID = re.compile(r"[A-Z][A-Z0-9]{2,20}")
OWNERS = {  # by the first letter
    "A": "an app",
    "B": "a bot",
    "C": "a channel",
    "D": "a direct message",
    "E": "an organization",
    "G": "a private channel",
    "T": "a workspace",
    "U": "a person",
    "W": "a person",
}


def _id(letters: str, wanted: str, text: str) -> str:
    if ID.fullmatch(text) and text[0] in letters:
        return text
    raise ValueError(f"{_found(text)}write the id of {wanted}")


def _found(text: str) -> str:
    """Only what looks like an id is quoted: the sections around it hold secrets."""
    if ID.fullmatch(text) and text[0] in OWNERS:
        return f'found "{text}", which is the id of {OWNERS[text[0]]}; '
    return "a name is not enough, for it can change; " if text.startswith(("@", "#")) else ""


def team(text: str) -> str:
    return _id("T", "a workspace, such as T1H9ZN51Q", text) if text else ""


channel = partial(_id, "CGD", "a channel, such as C8NLU2M42")
person = partial(_id, "UW", "a person, such as U024BE7LH")
