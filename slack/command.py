"""Parses plain text into a command, or says in one line what to type instead."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from hosts.model import Host, State, Status
from languages import ENGLISH, Language, Locale
from languages.typed import MuteVerbs
from slack.host_names import Names, host_name
from slack.suggestions import (
    LONGEST_SUGGESTION,
    LONGEST_VERB,
    STAND_ALONE,
    listed_verb,
    mute_verbs,
    nearest_verb,
    suggest_command,
)
from slack.text import code, cut, to_type
from slack.words import PUNCTUATION, folded, plain_words, split_verb, verbs_of, words_of

MUTE, REMOVE = ENGLISH.mute_verbs
LONGEST_OFFER = 1500  # characters: enough for as many hosts as one command may name, and a reason
MOST_POLITE_WORDS = 3  # that mean something polite only together
HELP_SIGNS = {"?", "-h", "--help", "-?", "/?"}


class Help(NamedTuple):
    """Explains one command, or all of them.

    Attributes:
        ignored: words that were typed after the command and have no meaning here.
        verbs: the words to use for muting; None for those of the language's manual.
    """

    command: str | None = None
    ignored: str = ""
    verbs: MuteVerbs | None = None


class Check(NamedTuple):
    """Reports the hosts `typed`, or how everything stands; with a `status`, only the hosts that have it."""

    typed: str | None = None
    status: Status | None = None


class Down(NamedTuple):
    """Lists what is down, of the hosts `typed` or of all."""

    typed: str | None = None


class Removed(NamedTuple):
    """Lists mutes, those about the hosts `typed` or all."""

    typed: str | None = None
    verbs: MuteVerbs = REMOVE


class Log(NamedTuple):
    """Lists what people changed, on the hosts `typed` or on all."""

    typed: str | None = None


class History(NamedTuple):
    """Lists the last outages, of the hosts `typed` or of all."""

    typed: str | None = None


class Doctor(NamedTuple):
    """Says what keeps Google's notifications from arriving."""


class Undo(NamedTuple):
    """Says what to type to undo one's own last change, of the hosts `typed` or of any."""

    typed: str | None = None


class Version(NamedTuple):
    """Shows the version."""


class Remove(NamedTuple):
    """Mutes hosts. `typed` also says until when and why; only the known host names show where those begin.

    `confirmed`: typed with a `!`.
    """

    typed: str
    confirmed: bool = False
    verbs: MuteVerbs = REMOVE


class Restore(NamedTuple):
    """Ends the mutes of the hosts and patterns `typed`.

    `literal`: typed with a `!`. A pattern then stands for itself alone, and not for what it matches.
    """

    typed: str
    literal: bool = False
    verbs: MuteVerbs = REMOVE


class Resolve(NamedTuple):
    """Closes what is open on the hosts `typed`. `verb`: what to type for the command."""

    typed: str
    verb: str = "resolve"


class Forget(NamedTuple):
    """Deletes the hosts `typed` with their history. `confirmed`: typed with a `!`."""

    typed: str
    confirmed: bool = False
    verb: str = "forget"


HostQuery = Check | Down | Removed | History | Log | Undo
Query = HostQuery | Help | Doctor | Version
ChangeCommand = Remove | Restore | Resolve | Forget  # only `slack.admins` may, and the channel sees it
Command = Query | ChangeCommand


def suggested(command: str) -> str:
    """Returns a command to type that is mostly as it was typed, cut if it is too long."""
    return to_type(cut(command, LONGEST_OFFER))


class UsageError(Exception):
    """One line of mrkdwn that says what to type instead.

    Attributes:
        instead: the complete commands in it.
        problem: the part of the line that says what is wrong, without them; may be empty.
        offering: says the same with only some of them; None if it takes all.
    """

    def __init__(
        self,
        text: str,
        instead: Sequence[str] = (),
        *,
        problem: str = "",
        offering: Callable[[Sequence[str]], str] | None = None,
    ) -> None:
        super().__init__(text)
        self.instead = instead
        self.problem = problem
        self.offering = offering


def offer(ask: Callable[[str], str], command: str, problem: str = "") -> UsageError:
    """Asks whether a complete command is meant, after a sentence that says what is wrong."""
    whole = [command] if len(command) <= LONGEST_OFFER else []
    return UsageError(f"{problem} {ask(suggested(command))}".lstrip(), whole, problem=problem)


class CommandContext(NamedTuple):
    """What a command finds when it is carried out. `hosts` are those reported or listed in config.yaml."""

    state: State
    hosts: Mapping[str, Host]
    names: Names
    now: datetime
    locale: Locale
    doubt_after: timedelta

    @property
    def language(self) -> Language:
        return self.locale.language

    def title(self, key: str) -> str:
        return self.names.title(key)

    def titled(self, key: str) -> Host:
        """Returns a host under its title, as replies show it."""
        host = self.state.hosts.get(key) or Host(key)
        return host._replace(name=self.title(key))


def parse(text: str, language: Language) -> Command:
    """Parses the text of a request. Raises UsageError and nothing else."""
    text = without_politeness(plain_words(text, language), language)
    if not text:
        return Check()
    if text in HELP_SIGNS:
        return Help()
    verb, typed, rest = _split(text, language)
    if verb == "help":
        return _help(rest, language)
    if verb in _ALONE:
        return _ALONE[verb]()
    if verb in _QUERIES:
        is_alone = not host_name(rest) or (verb in STAND_ALONE and _is_courtesy(rest, language))
        query = _QUERIES[verb](None if is_alone else rest)
        if isinstance(query, Removed):
            query = query._replace(verbs=mute_verbs(typed, verb, language))
        return query
    insists = text.removesuffix(rest).rstrip().endswith("!") or rest.endswith(" !")
    return _change(verb, typed, rest, language, insists=insists)


def without_politeness(text: str, language: Language) -> str:
    """Drops the "please" after a command. After a colon everything is the reason."""
    polite = words_of(language).polite
    kept = text
    while size := next((n for n in range(1, MOST_POLITE_WORDS + 1) if folded(_last(n, kept)) in polite), 0):
        kept = " ".join(kept.split(" ")[:-size])
    return text if not kept or ": " in text else kept


def _last(count: int, text: str) -> str:
    return " ".join(text.split(" ")[-count:])


def _change(verb: str, typed: str, rest: str, language: Language, *, insists: bool) -> ChangeCommand:
    """`insists`: typed with a `!`."""
    if not host_name(rest):
        raise UsageError(language.which_host(typed.lower().rstrip("!")))
    bare = rest.removesuffix(" !")  # `remove! *` or `remove * !`
    if verb == "remove":
        return Remove(bare, insists, mute_verbs(typed, verb, language))
    if verb == "restore":
        return Restore(bare, insists, mute_verbs(typed, verb, language))
    again = listed_verb(typed.lower().rstrip(PUNCTUATION), language)
    return Forget(bare, insists, again) if verb == "forget" else Resolve(rest, again)


def _split(text: str, language: Language) -> tuple[str, str, str]:
    """Returns the command's English verb, the one typed, and the rest."""
    verbs = verbs_of(language)
    typed, rest = split_verb(text, verbs)
    if folded(typed) in words_of(language).acknowledging:
        raise _nothing_to_acknowledge(rest, language)
    verb = verbs.get(folded(typed))
    if verb is None:
        raise not_a_command_error(typed, suggest_command(text, language), language)
    return verb, typed, rest


def _nothing_to_acknowledge(host: str, language: Language) -> UsageError:
    problem, end = language.nothing_to_acknowledge, language.typed_until_up
    verb = language.mute_verbs[0].mute
    if 0 < len(host) < LONGEST_SUGGESTION / 2:
        return offer(language.rather_mute, f"{verb} {host} {end}", problem)
    return UsageError(f"{problem} {language.rather_mute(to_type(f'{verb} HOST {end}'))}")


def _help(text: str, language: Language) -> Help:
    if not text:
        return Help()
    verbs = verbs_of(language)
    typed, rest = split_verb(text, verbs)
    verb = verbs.get(folded(typed))
    if verb is None:
        near = nearest_verb(typed, verbs)
        raise not_a_command_error(typed, f"help {near}" if near else "", language)
    is_courtesy = verb not in STAND_ALONE and _is_courtesy(rest, language)  # `uptime down now` is a command
    ignored = "" if is_courtesy else rest
    if verb in _MUTING:
        return Help(verb, ignored, mute_verbs(typed, verb, language))
    return Help("check" if verb in ("up", "warnings") else verb, ignored)


def not_a_command_error(typed: str, suggestion: str, language: Language) -> UsageError:
    """Leaves out a suggestion that would have to be cut: nobody could type it."""
    shown = to_type(suggestion) if suggestion and len(suggestion) <= LONGEST_SUGGESTION else ""
    return UsageError(
        language.not_a_command(code(typed[:LONGEST_VERB]), shown), [suggestion] if shown else ()
    )


def _is_courtesy(text: str, language: Language) -> bool:
    """Only words such as "please" may be dropped in silence; everything else that was typed counts."""
    return words_of(language).courtesies.issuperset(map(folded, text.split()))


_QUERIES: Mapping[str, Callable[[str | None], HostQuery]] = {
    "check": Check,
    "up": partial(Check, status=Status.UP),
    "warnings": partial(Check, status=Status.WARNING),
    "down": Down,
    "removed": Removed,
    "history": History,
    "log": Log,
    "undo": Undo,
}
_ALONE: Mapping[str, Callable[[], Query]] = {"doctor": Doctor, "version": Version}
_MUTING = ("remove", "removed", "restore")
