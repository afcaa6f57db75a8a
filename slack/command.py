"""What people type -> a command, or one line that says what to type instead."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from languages import ENGLISH, Language
from slack import suggestions
from slack.host_names import Names, host_name
from slack.suggestions import LONGEST_WORD, folded, nearest
from slack.text import code, tidy, to_type


class Help(NamedTuple):
    """Without a command: about all of them."""

    command: str | None = None


class Check(NamedTuple):
    """Without a host: how everything stands."""

    host: str | None = None


class Down(NamedTuple):
    """`typed` are hosts; without: all of them."""

    typed: str | None = None


class Removed(NamedTuple):
    """`typed` are hosts; without: all of them."""

    typed: str | None = None


class Log(NamedTuple):
    """`typed` are hosts; without: all of them."""

    typed: str | None = None


class History(NamedTuple):
    """`typed` are hosts; without: all of them."""

    typed: str | None = None


class Remove(NamedTuple):
    """`typed` are hosts, for how long and why: which word is what only those who know the hosts can say.

    `confirmed`: said with a `!`.
    """

    typed: str
    confirmed: bool = False


class Restore(NamedTuple):
    """`typed` are hosts."""

    typed: str


class Resolve(NamedTuple):
    """`typed` are hosts."""

    typed: str


class Forget(NamedTuple):
    """`typed` are hosts. `confirmed`: said with a `!`."""

    typed: str
    confirmed: bool = False


Question = Help | Check | Down | Removed | History | Log
Change = Remove | Restore | Resolve | Forget  # what others need to know of, and only `slack.admins` may
Command = Question | Change


LONGEST_SUGGESTION = 300  # characters of a command that an answer repeats


class UsageError(Exception):
    """One line of mrkdwn that says what to type instead."""


def is_conversation(text: str, known: Names, language: Language = ENGLISH) -> bool:
    """Is it a sentence that asks nothing of us, though it begins with our name?"""
    return suggestions.is_conversation(tidy(text), _verbs(language), known)


def parse(text: str, language: Language = ENGLISH) -> Command:
    """Reads plain text without the trigger word. Raises UsageError and nothing else."""
    verbs = _verbs(language)
    asked = tidy(text)
    if not asked:
        return Check()
    verb, rest = _understood(asked, verbs, language)
    if verb in _NEED_A_HOST and not host_name(rest):
        raise UsageError(language.which_host(verb))
    if verb == "help" and rest:
        return Help(_topic(rest, verbs, language))
    if verb == "remove":
        return Remove(rest.removesuffix(" !"), confirmed=_is_confirmed(asked, rest))
    if verb == "forget":
        return Forget(rest.removesuffix(" !"), confirmed=_is_confirmed(asked, rest))
    asks_nothing = not host_name(rest) or (verb in _IGNORE_COURTESY and _is_courtesy(rest, language))
    return _COMMANDS[verb]("" if asks_nothing else rest)


def _is_courtesy(text: str, language: Language) -> bool:
    """ "Please" asks for nothing; whatever else is typed must not be dropped in silence."""
    polite = set(map(folded, (*ENGLISH.courtesies, *language.courtesies)))
    return polite.issuperset(map(folded, text.split()))


def _is_confirmed(asked: str, rest: str) -> bool:
    """`remove! *` or `remove * !`."""
    return asked.removesuffix(rest).rstrip().endswith("!") or rest.endswith(" !")


def _verbs(language: Language) -> dict[str, str]:
    """What may be typed -> the command's own word."""
    guides = (*ENGLISH.commands, *language.commands)
    return {folded(word): guide.command for guide in guides for word in (guide.command, *guide.words)}


def _understood(text: str, verbs: Mapping[str, str], language: Language) -> tuple[str, str]:
    """The command's own word, and the rest."""
    typed, rest = _split(text, verbs)
    verb = verbs.get(folded(typed))
    if verb is None:
        raise _not_understood(typed, suggestions.guess(text, verbs), language)
    return verb, rest


def _topic(text: str, verbs: Mapping[str, str], language: Language) -> str:
    typed, _ = _split(text, verbs)
    verb = verbs.get(folded(typed))
    if verb is None:
        near = nearest(typed, verbs)
        raise _not_understood(typed, f"help {near}" if near else "", language)
    return verb


def _split(text: str, verbs: Mapping[str, str]) -> tuple[str, str]:
    """The verb, which may be two words, and the rest."""
    first, _, rest = text.partition(" ")
    second, _, after = rest.partition(" ")
    both = f"{first} {second}"
    return (both, after) if folded(both) in verbs else (first, rest)


def _not_understood(typed: str, command: str, language: Language) -> UsageError:
    """`command` is what may have been meant; a cut one could not be typed."""
    instead = command if len(command) <= LONGEST_SUGGESTION else ""
    return UsageError(language.not_a_command(code(typed[:LONGEST_WORD]), to_type(instead) if instead else ""))


_NEED_A_HOST = {"remove", "restore", "resolve", "forget"}
_IGNORE_COURTESY = {"down", "removed", "log"}
_COMMANDS: Mapping[str, Callable[[str], Command]] = {
    "help": lambda _: Help(),
    "check": lambda rest: Check(rest or None),
    "down": lambda rest: Down(rest or None),
    "remove": Remove,
    "removed": lambda rest: Removed(rest or None),
    "restore": Restore,
    "resolve": Resolve,
    "forget": Forget,
    "history": lambda rest: History(rest or None),
    "log": lambda rest: Log(rest or None),
}
