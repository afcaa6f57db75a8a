"""What people type -> a command, or one line that says what to type instead."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from slack.hosts import host_name
from slack.text import code, tidy

HELP = (
    ("uptime check", "how all hosts stand now"),
    ("uptime check HOST", "all that is known about one host"),
    ("uptime remove HOST", "take a host off the list; it stays tracked"),
    ("uptime removed", "which hosts are removed, by whom and since when"),
    ("uptime restore HOST", "put a removed host back, as it stands by then"),
    ("uptime help", "this list"),
)


@dataclass(frozen=True, slots=True)
class Help:
    pass


@dataclass(frozen=True, slots=True)
class Check:
    """Without a host: how everything stands."""

    host: str | None = None


@dataclass(frozen=True, slots=True)
class Remove:
    """`host` is as typed, as everywhere here: it may be a policy's name, with spaces and colons."""

    host: str


@dataclass(frozen=True, slots=True)
class Removed:
    pass


@dataclass(frozen=True, slots=True)
class Restore:
    host: str


Command = Help | Check | Remove | Removed | Restore


class UsageError(Exception):
    """One line of mrkdwn that says what to type instead."""


def parse(text: str) -> Command:
    """Reads plain text without the trigger word. Raises UsageError and nothing else."""
    verb, _, rest = tidy(text).partition(" ")
    if not verb:
        return Check()
    command = _COMMANDS.get(verb.lower().rstrip(".,:;!?"))
    if command is None:
        raise UsageError(_not_understood(verb))
    return command(rest)


def _not_understood(verb: str) -> str:
    near = get_close_matches(verb.lower()[:40], _COMMANDS, n=1)
    guess = f"Did you mean `uptime {near[0]}`? " if near else ""
    return f"{code(verb[:40])} is not a command. {guess}Type `uptime help` to see what you can ask."


def _host_for(verb: str, typed: str) -> str:
    if not host_name(typed):
        raise UsageError(f"Which host? Type `uptime {verb} HOST`.")
    return typed


# Words after `help` and `removed` are let pass: neither changes anything, and the answer helps.
_COMMANDS: Mapping[str, Callable[[str], Command]] = {
    "help": lambda _: Help(),
    "check": lambda rest: Check(rest if host_name(rest) else None),
    "remove": lambda rest: Remove(_host_for("remove", rest)),
    "removed": lambda _: Removed(),
    "restore": lambda rest: Restore(_host_for("restore", rest)),
}
