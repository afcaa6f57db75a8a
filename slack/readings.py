"""Understands questions that are no command as typed: `is www up?`, `www.example.com`, `chekc web-1`.

Only what changes nothing is answered so, and the reply says how it was read. A change is always asked back.
"""

from languages import Language
from slack.command import (
    HELP_SIGNS,
    Command,
    CommandContext,
    HostQuery,
    Query,
    UsageError,
    not_a_command_error,
    parse,
    without_politeness,
)
from slack.host_arguments import is_every_host, known_hosts
from slack.host_names import host_readings, is_one_slip
from slack.questions import question
from slack.suggestions import CHANGES, VERY_SIMILAR, listed_verb, near_verbs, suggest_command
from slack.text import tidy
from slack.words import folded, is_talk, plain_words, split_verb, verbs_of, words_of

_ANY_HOST = "any.host"  # stands for a name that does not look like one
SHORTEST_SENTENCE, LONGEST_SENTENCE = 3, 40  # words


def read(text: str, context: CommandContext) -> tuple[Command, str]:
    """Returns a command, and what to type for it, empty if it was typed. Raises UsageError."""
    if order := _order_about_all(text, context):
        raise order
    try:
        command = parse(text, context.language)
        return _help_instead(command, text, context) or (command, "")
    except UsageError as refused:
        order = _order_about_host(text, context)
        if not (meant := _query_instead(text, order or refused, context)):
            raise order or _with_whole_names(text, refused, context) from None
        return parse(meant, context.language), meant


def _order_about_all(text: str, context: CommandContext) -> UsageError | None:
    """Suggests `복원 *` for `모두 복원`."""
    language, verbs = context.language, verbs_of(context.language)
    first, _, rest = tidy(text).partition(" ")
    verb, after = split_verb(without_politeness(plain_words(rest, language), language), verbs)
    if not is_every_host(first, language) or verbs.get(folded(verb)) not in CHANGES:
        return None
    return not_a_command_error(first, f"{listed_verb(verb, language)} * {after}".rstrip(), language)


def _order_about_host(text: str, context: CommandContext) -> UsageError | None:
    """Suggests a change of the known host that comes first: `결제 서버 숨김`, `"Shop (EU)" mute for 2h`."""
    language, names, words = context.language, context.names, tidy(text).split()
    for size in range(min(names.most_words, len(words)), 0, -1):
        typed = " ".join(words[:size])
        whole = [each for each in (typed, *host_readings(typed)) if each.count(" ") == size - 1]
        if host := next(filter(names.find, whole), ""):
            rest = without_politeness(plain_words(" ".join(words[size:]), language), language)
            meant = suggest_command(f"{_ANY_HOST} {rest}", language)
            verb = verbs_of(language).get(folded(split_verb(meant, verbs_of(language))[0]))
            is_order = verb in CHANGES and _ANY_HOST in meant
            return not_a_command_error(typed, meant.replace(_ANY_HOST, host), language) if is_order else None
    return None


def _with_whole_names(text: str, error: UsageError, context: CommandContext) -> UsageError:
    """Suggests `mute www.example.com` instead of `mute www`, which would only lead to another question."""
    if len(error.instead) != 1 or not context.hosts:
        return error
    language, names = context.language, context.names
    verb, rest = split_verb(error.instead[0], verbs_of(language))
    words = [
        word
        if names.find(word) or is_talk(word, language)
        else names.find_reading(word) or names.only_with(word, as_label=True) or word
        for word in rest.split()
    ]
    if words == rest.split():
        return error
    typed = split_verb(tidy(text), verbs_of(language))[0]
    return not_a_command_error(typed, " ".join([verb, *words]), language)


def _help_instead(command: Command, text: str, context: CommandContext) -> tuple[Command, str] | None:
    """Reads `mute help`, `mute ?` and `mute how?` as `help mute`, unless a host has that name."""
    if isinstance(command, Query) or context.names.find(command.typed):
        return None
    text = plain_words(tidy(text), context.language)
    meant = f"help {split_verb(text, verbs_of(context.language))[0]}"
    words, typed = words_of(context.language), command.typed
    is_help = typed in HELP_SIGNS or words.verbs.get(folded(typed)) == "help"
    names_more = not all(folded(word) in words.how for word in words.possible_names(typed.split()))
    if not is_help and (question(text, context) != meant or names_more):
        return None
    return parse(meant, context.language), meant


def read_again(text: str, query: Query, error: UsageError, context: CommandContext) -> tuple[Query, str]:
    """Returns the query that was meant by one with an unknown host, and what would have to be typed for it.

    Raises:
        UsageError: `error`, if there is none, or several.
    """
    asked = question(text, context) if isinstance(query, HostQuery) else ""
    corrected = error.instead if len(error.instead) == 1 else ()
    about = "" if _is_known(query, context) else _about(text, context)
    for meant in (asked, *corrected, about):
        again = _as_query(meant, context.language) if meant else None
        if again is not None and again != query:
            return again, meant
    raise error


def _is_known(query: Query, context: CommandContext) -> bool:
    """Whether a command is right as far as its hosts go, so that something else is wrong."""
    typed = query.typed if isinstance(query, HostQuery) else None
    return typed is None or bool(known_hosts(typed, context.names))


def _query_instead(text: str, error: UsageError, context: CommandContext) -> str:
    """Returns the one query that a text can mean, as it would be typed; empty if there is not just one."""
    if asked := question(text, context):
        return asked
    if not all(_as_query(guess, context.language) for guess in error.instead):
        return ""
    if len(error.instead) != 1 or len(tidy(text).split()) > len(error.instead[0].split()):
        return _about(text, context)  # a correction keeps all words except the mistyped one
    return "" if _may_be_another(text, context.language) else error.instead[0]


def _about(text: str, context: CommandContext) -> str:
    """Returns `check` with the hosts that a sentence names in full; not for an order like `restart web-1`."""
    verbs, words = verbs_of(context.language), plain_words(tidy(text), context.language).split()
    hosts = [*map(context.names.find_reading, words[:LONGEST_SENTENCE])]
    is_order = len(words) < SHORTEST_SENTENCE and not (hosts and hosts[0])
    if is_order or not any(hosts) or any(verbs.get(folded(word)) in CHANGES for word in words):
        return ""
    return " ".join(["check", *dict.fromkeys(filter(None, hosts))])


def _as_query(text: str, language: Language) -> Query | None:
    try:
        command = parse(text, language)
    except UsageError:
        return None
    return command if isinstance(command, Query) else None


def _may_be_another(text: str, language: Language) -> bool:
    """Whether the first word is as close to another command, or close to one that changes something."""
    verbs, first = verbs_of(language), tidy(text).partition(" ")[0]
    near = near_verbs(first, verbs, VERY_SIMILAR)
    one_slip = {verbs[folded(verb)] for verb in near if is_one_slip(folded(first), folded(verb))}
    return len(one_slip) > 1 or any(verbs[folded(verb)] in CHANGES for verb in near[1:])
