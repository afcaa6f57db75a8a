"""Checks what a reply offers to type: typed exactly so, it is carried out and not asked about again."""

from collections.abc import Callable, Iterable

from hosts.incident import Person
from hosts.mutes import active, mute_lookup
from slack.audit_replies import check_forgettable
from slack.command import (
    Check,
    Command,
    CommandContext,
    Down,
    Forget,
    History,
    HostQuery,
    Log,
    Remove,
    Removed,
    Resolve,
    Restore,
    Undo,
    UsageError,
)
from slack.host_arguments import finding_named, parsing_exact, parsing_logged
from slack.mute_requests import parse_mutes, parsing_removed, parsing_restored
from slack.readings import read, read_again
from slack.text import quoted
from turns import Steps

MOST_QUESTIONS = 3  # in one reply
_NOBODY = Person("", "")


class ChangesNothing(UsageError):
    """A command that would change nothing, so it cannot be what was meant.

    `say` says so of one of the `hosts`.
    """

    def __init__(self, say: Callable[[str], str], hosts: Iterable[str]) -> None:
        super().__init__(" ".join(map(say, hosts)))
        self.say = say


def checking(error: UsageError, context: CommandContext, most: int = MOST_QUESTIONS) -> Steps[UsageError]:
    """Returns an error that offers only what is carried out, or the question that would have followed.

    It offers nothing if as many as `most` questions would follow one another.
    """
    questions = dict[str, UsageError]()
    for command in error.instead:
        yield
        if question := (yield from _questioning(command, context)):
            questions[command] = question
    if not questions:
        return error
    meant = [each for each in error.instead if not isinstance(questions.get(each), ChangesNothing)]
    kept = [command for command in meant if command not in questions]
    if error.offering and kept and (error.shared or kept[0] == meant[0]):
        return UsageError(error.offering(kept), kept)
    if not most:
        return UsageError(error.problem or str(error))
    asked = next(questions[command] for command in (*meant, *error.instead) if command in questions)
    if error.shared and not meant and isinstance(asked, ChangesNothing):
        return UsageError(asked.say(error.shared))
    question = yield from checking(asked, context, most - 1)
    return UsageError(f"{error.problem} {question}".lstrip(), question.instead)


def _questioning(text: str, context: CommandContext) -> Steps[UsageError | None]:
    """Returns what would be asked if somebody typed this now; None if it would be carried out."""
    try:
        command, _ = read(text, context)
        yield from _trying(command, text, context)
    except UsageError as question:
        return question
    return None


def _trying(command: Command, text: str, context: CommandContext) -> Steps[None]:
    """Raises UsageError if a command cannot be carried out, or changes nothing."""
    language = context.language
    match command:
        case Remove():
            parse_mutes(command, _NOBODY, context)
        case Restore():
            names = yield from parsing_restored(command, context)
            mutes, hides = active(context.state, context.now), mute_lookup(context.state, context.now)
            if not any(name in mutes or hides(name) for name in names):
                raise ChangesNothing(language.is_not_muted, _shown(names, context))
        case Resolve():
            names = yield from parsing_exact(command, context)
            if not any(context.hosts[name].open for name in names):
                raise ChangesNothing(language.nothing_to_resolve, _shown(names, context))
        case Forget():
            names = yield from parsing_exact(command, context)
            check_forgettable(map(context.titled, names), context.locale)
        case _ if isinstance(command, HostQuery) and command.typed:
            yield from _looking_up(command, text, context)


def _shown(names: Iterable[str], context: CommandContext) -> list[str]:
    return [quoted(context.title(name)) for name in names]


def _looking_up(query: HostQuery, text: str, context: CommandContext) -> Steps[None]:
    """Raises UsageError for hosts that are unknown, unless it is clear which are meant."""
    try:
        yield from _finding(query, context)
    except UsageError as error:
        again, _ = read_again(text, query, error, context)
        if isinstance(again, HostQuery) and again.typed:
            yield from _finding(again, context)


def _finding(query: HostQuery, context: CommandContext) -> Steps[None]:
    """Raises UsageError where no hosts or mutes would be found."""
    match query:
        case Removed():
            yield from parsing_removed(query, context)
        case Log() | Undo():
            yield from parsing_logged(query, context)
        case Check() | Down() | History():
            yield from finding_named(query, context)
