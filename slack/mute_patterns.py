"""Which patterns may be muted: not too many, and those that may be a mistake only once confirmed."""

import re
from collections.abc import Collection, Sequence

from config.hosts import is_expression
from hosts.mutes import active
from hosts.patterns import is_pattern
from languages import Language
from slack.command import CommandContext, Remove, UsageError, offer, suggested
from slack.mute_ends import Candidate, Expiry
from slack.spellings import unformatted, without_expressions
from slack.text import code, quoted, to_type

MOST_PATTERNS = 50  # muted at a time: each is compared with every host


def check_patterns(
    command: Remove, hosts: Collection[str], end: Candidate | Expiry, context: CommandContext
) -> None:
    """Raises UsageError for too many patterns, and for some that match every host unless confirmed."""
    patterns = set(filter(is_pattern, hosts))
    if not patterns:
        return
    if len(patterns | set(filter(is_pattern, active(context.state, context.now)))) > MOST_PATTERNS:
        raise UsageError(
            context.language.too_many_patterns(most=MOST_PATTERNS, listing=to_type(command.verbs.muted))
        )
    _check_expressions(command, patterns, context)
    _check_bold_names(command, patterns, context)
    matched = {name for pattern in patterns for name in context.names.matching(pattern)}
    confirm_every_host = "*" in patterns or 0 < len(context.hosts) == len(matched)
    if confirm_every_host and not command.confirmed:
        again = f"{command.verbs.mute}! {command.typed}"
        raise mutes_every_host(again, end, context.language)


def mutes_every_host(again: str, end: Candidate | Expiry | None, language: Language) -> UsageError:
    is_until_up = isinstance(end, Candidate) and end.groups["up"]
    problem = language.mutes_all_until_up if is_until_up else language.mutes_every_host
    return offer(language.confirm_every_host, again, problem)


def _check_expressions(command: Remove, patterns: Collection[str], context: CommandContext) -> None:
    """Raises UsageError for a regular expression, which mutes nothing, unless confirmed or a host matches."""
    for expression in sorted(patterns):
        is_refused = is_expression(expression) and not command.confirmed
        if is_refused and not context.names.matching(expression):
            raise _expression(expression, command, context.language)


def _expression(expression: str, command: Remove, language: Language) -> UsageError:
    meant, problem = without_expressions(expression), language.is_expression(quoted(expression))
    verb, typed = command.verbs.mute, command.typed
    asks = {f"{verb}! {typed}": language.confirm_characters}
    again = re.sub(re.escape(expression), lambda _: meant, typed, count=1, flags=re.IGNORECASE)
    if again != typed and is_pattern(meant) and meant != "*" and not is_expression(meant):
        asks = {f"{verb} {again}": language.did_you_mean, **asks}

    def offering(kept: Sequence[str]) -> str:
        return " ".join([problem, *(asks[each](suggested(each)) for each in kept)])

    return UsageError(offering([*asks]), [*asks], problem=problem, offering=offering)


def _check_bold_names(command: Remove, patterns: Collection[str], context: CommandContext) -> None:
    """Raises UsageError for `*nope.example.com*`, a name in bold, unless confirmed or a host matches."""
    for pattern in sorted(patterns):
        name = unformatted(pattern)
        if not (command.confirmed or is_pattern(name) or context.names.matching(pattern)):
            raise _bold_name(name, pattern, command, context)


def _bold_name(name: str, pattern: str, command: Remove, context: CommandContext) -> UsageError:
    verb, typed, language = command.verbs.mute, command.typed, context.language
    near = context.names.nearest(name)
    meant = [f"{verb} {typed.replace(pattern, host) if pattern in typed else host}" for host in near]
    confirmed = f"{verb}! {typed}"

    def offering(kept: Sequence[str]) -> str:
        hosts = [suggested(each) for each in kept if each != confirmed]
        said = language.unknown_host(quoted(name), hosts)
        if confirmed not in kept:
            return said
        return f"{said} {language.mute_pattern(pattern=code(pattern), command=suggested(confirmed))}"

    offers, problem = [*meant, confirmed], language.not_known(quoted(name))
    return UsageError(offering(offers), offers, problem=problem, offering=offering)
