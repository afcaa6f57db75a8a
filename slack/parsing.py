"""Parses plain text into a command, or says in one line what to type instead."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from unicodedata import normalize

from hosts.model import Status
from languages import Language, word_for
from slack import mute_ends
from slack.command import (
    ChangeCommand,
    Check,
    Command,
    Doctor,
    Down,
    Forget,
    Help,
    History,
    HostQuery,
    Log,
    Query,
    Remove,
    Removed,
    Resolve,
    Restore,
    Undo,
    UsageError,
    Version,
    offer,
)
from slack.spellings import host_name
from slack.suggestions import (
    LONGEST_SUGGESTION,
    LONGEST_VERB,
    STAND_ALONE,
    listed_verb,
    mute_verbs,
    nearest_verb,
    suggest_command,
)
from slack.text import code, to_type
from slack.words import PUNCTUATION, folded, plain_words, split_verb, verbs_of, words_of

MOST_POLITE_WORDS = 3  # that mean something polite only together
HELP_SIGNS = {"?", "-h", "--help", "-?", "/?"}


def parse(text: str, language: Language) -> Command:
    """Parses the text of a request. Raises UsageError and nothing else."""
    text = without_politeness(plain_words(text, language), language)
    if not text:
        return Check()
    if text in HELP_SIGNS:
        return Help()
    verb, typed, rest = _split(text, language)
    if verb == "help":
        return _help(verb_to_type(verb, typed, language), rest, language)
    if verb in _ALONE:
        return _ALONE[verb]()
    if verb in _QUERIES:
        return _query(verb, typed, rest, language)
    insists = text.removesuffix(rest).rstrip().endswith("!") or rest.endswith(" !")
    return _change(verb, typed, rest, language, insists=insists)


def _query(verb: str, typed: str, rest: str, language: Language) -> HostQuery:
    is_alone = not host_name(rest) or (verb in STAND_ALONE and _is_courtesy(rest, language))
    query = _QUERIES[verb](None if is_alone else rest)
    if isinstance(query, Removed):
        return query._replace(verbs=mute_verbs(typed, verb, language))
    return query._replace(verb=verb_to_type(query.verb, typed, language))


def verb_to_type(verb: str, typed: str, language: Language) -> str:
    """Returns what replies say to type for a verb: in the letters in which it was typed."""
    return verb if typed.isascii() else listed_verb(normalize("NFC", typed).rstrip(PUNCTUATION), language)


def word_to_type(command: str, typed: Iterable[str], language: Language) -> str:
    """Returns what to type for a command: in the letters in which it was typed, or else in the language's."""
    found = next((word for word in typed if verbs_of(language).get(folded(word)) == command), "")
    if not found:
        return word_for(command, language)
    return verb_to_type(command, found, language)


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
    if verb in _MUTING:
        return (Remove if verb == "remove" else Restore)(bare, insists, mute_verbs(typed, verb, language))
    again = listed_verb(typed.lower().rstrip(PUNCTUATION), language)
    return Forget(bare, insists, again) if verb == "forget" else Resolve(rest, again)


def _split(text: str, language: Language) -> tuple[str, str, str]:
    """Returns the command's English verb, the one typed, and the rest."""
    verbs = verbs_of(language)
    typed, rest = split_verb(text, verbs)
    if folded(typed) in words_of(language).acknowledging:
        raise nothing_to_acknowledge(rest, language)
    if folded(typed) in words_of(language).undoing and not host_name(rest):
        return "undo", word_for("undo", language), rest
    verb = verbs.get(folded(typed))
    if verb is None:
        raise not_a_command_error(typed, suggest_command(text, language), language)
    return verb, typed, rest


def nothing_to_acknowledge(typed: str, language: Language) -> UsageError:
    """Suggests to mute the hosts `typed`: until the end that follows them, or else until they are up."""
    problem, end = language.nothing_to_acknowledge, language.typed_until_up
    verb = language.mute_verbs[0].mute
    if 0 < len(typed) < LONGEST_SUGGESTION / 2:
        has_end = any(each.before for each in mute_ends.candidates(typed, language))
        again = f"{verb} {typed}" if has_end else f"{verb} {typed} {end}"
        return offer(language.rather_mute, again, problem)
    return UsageError(f"{problem} {language.rather_mute(to_type(f'{verb} HOST {end}'))}")


def _help(help_verb: str, text: str, language: Language) -> Help:
    if not text:
        return Help()
    verbs = verbs_of(language)
    typed, rest = split_verb(text, verbs)
    verb = verbs.get(folded(typed))
    if verb is None:
        near = nearest_verb(typed, verbs)
        raise not_a_command_error(typed, f"{help_verb} {near}" if near else "", language)
    is_courtesy = verb not in STAND_ALONE and _is_courtesy(rest, language)  # `uptime down now` is a command
    ignored = "" if is_courtesy else rest
    if verb in _MUTING:
        return Help(verb, ignored, mute_verbs(typed, verb, language))
    command = "check" if verb in ("up", "warnings") else verb
    return Help(command, ignored, verb=verb_to_type(command, typed, language))


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
