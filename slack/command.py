"""Parses plain text into a command, or says in one line what to type instead."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple
from unicodedata import normalize

from hosts.model import Host, State
from languages import ENGLISH, Language, Locale
from languages.language import MuteVerbs
from slack.host_names import Names, host_name
from slack.suggestions import (
    LONGEST_VERB,
    STAND_ALONE,
    folded,
    nearest_verb,
    split_verb,
    suggest_command,
    verbs_of,
)
from slack.text import code, tidy, to_type


class Help(NamedTuple):
    """Explains one command, or all of them."""

    command: str | None = None


class Check(NamedTuple):
    """Reports one host or several, or how everything stands."""

    host: str | None = None


class Down(NamedTuple):
    """Lists what is down, of the hosts `typed` or of all."""

    typed: str | None = None


class Removed(NamedTuple):
    """Lists mutes, those about the hosts `typed` or all."""

    typed: str | None = None


class Log(NamedTuple):
    """Lists what people changed, on the hosts `typed` or on all."""

    typed: str | None = None


class History(NamedTuple):
    """Lists the last outages, of the hosts `typed` or of all."""

    typed: str | None = None


class Remove(NamedTuple):
    """Mutes hosts. `typed` also says until when and why; only the known host names tell where those begin.

    `confirmed`: typed with a `!`.
    """

    typed: str
    confirmed: bool = False


class Restore(NamedTuple):
    """Ends the mutes of the hosts and patterns `typed`."""

    typed: str


class Resolve(NamedTuple):
    """Closes what is open on the hosts `typed`."""

    typed: str


class Forget(NamedTuple):
    """Deletes the hosts `typed` with their history. `confirmed`: typed with a `!`."""

    typed: str
    confirmed: bool = False


Query = Help | Check | Down | Removed | History | Log
ChangeCommand = Remove | Restore | Resolve | Forget  # only `slack.admins` may, and the channel sees it
Command = Query | ChangeCommand

LONGEST_SUGGESTION = 300  # characters of a command that a reply says to type


class UsageError(Exception):
    """One line of mrkdwn that says what to type instead."""


@dataclass(frozen=True)
class CommandContext:
    """What a command finds when it is carried out.

    Attributes:
        hosts: those reported or listed in config.yaml.
        typed: the whole command, because an answer uses the word that was typed: remove or mute.
    """

    state: State
    hosts: Mapping[str, Host]
    now: datetime
    locale: Locale
    doubt_after: timedelta
    typed: str = ""

    @property
    def mute_verbs(self) -> MuteVerbs:
        return mute_verbs(self.typed, self.language)

    @property
    def language(self) -> Language:
        return self.locale.language

    @cached_property
    def names(self) -> Names:
        return Names(self.hosts)

    def title(self, key: str) -> str:
        return self.names.title(key)

    def titled(self, key: str) -> Host:
        """Returns a host under its title, as replies show it."""
        host = self.state.hosts.get(key) or Host(key)
        return host._replace(name=self.title(key))


def parse(text: str, language: Language) -> Command:
    """Parses plain text without the trigger word. Raises UsageError and nothing else."""
    text = tidy(text)
    if not text:
        return Check()
    verb, rest = _split(text, language)
    if verb == "help":
        return Help(_topic(rest, language) if rest else None)
    if verb in _QUERIES:
        is_alone = not host_name(rest) or (verb in STAND_ALONE and _is_courtesy(rest, language))
        return _QUERIES[verb](None if is_alone else rest)
    if not host_name(rest):
        verbs = mute_verbs(text, language)
        raise UsageError(language.which_host({"remove": verbs.mute, "restore": verbs.unmute}.get(verb, verb)))
    if verb in _CONFIRMABLE:
        confirmed = text.removesuffix(rest).rstrip().endswith("!") or rest.endswith(" !")
        return _CONFIRMABLE[verb](rest.removesuffix(" !"), confirmed)  # `remove! *` or `remove * !`
    return _CHANGES[verb](rest)


def mute_verbs(text: str, language: Language) -> MuteVerbs:
    """Returns the words for muting of whoever typed a command."""
    typed, _ = split_verb(tidy(text), verbs_of(language))
    return language.mute_verbs(normalize("NFC", folded(typed)))


def _split(text: str, language: Language) -> tuple[str, str]:
    """Returns the command's English verb and the rest."""
    verbs = verbs_of(language)
    typed, rest = split_verb(text, verbs)
    verb = verbs.get(folded(typed))
    if verb is None:
        raise _not_a_command(typed, suggest_command(text, verbs), language)
    return verb, rest


def _topic(text: str, language: Language) -> str:
    verbs = verbs_of(language)
    typed, _ = split_verb(text, verbs)
    verb = verbs.get(folded(typed))
    if verb is None:
        near = nearest_verb(typed, verbs)
        raise _not_a_command(typed, f"help {near}" if near else "", language)
    return verb


def _not_a_command(typed: str, suggestion: str, language: Language) -> UsageError:
    """Leaves out a suggestion that would have to be cut: nobody could type it."""
    shown = to_type(suggestion) if suggestion and len(suggestion) <= LONGEST_SUGGESTION else ""
    return UsageError(language.not_a_command(code(typed[:LONGEST_VERB]), shown))


def _is_courtesy(text: str, language: Language) -> bool:
    """Only words such as "please" may be dropped in silence; everything else that was typed counts."""
    courtesies = set(map(folded, (*ENGLISH.courtesies, *language.courtesies)))
    return courtesies.issuperset(map(folded, text.split()))


_QUERIES: Mapping[str, Callable[[str | None], Query]] = {
    "check": Check,
    "down": Down,
    "removed": Removed,
    "history": History,
    "log": Log,
}
_CONFIRMABLE: Mapping[str, Callable[[str, bool], ChangeCommand]] = {"remove": Remove, "forget": Forget}
_CHANGES: Mapping[str, Callable[[str], ChangeCommand]] = {"restore": Restore, "resolve": Resolve}
