"""Reads what people type: a command, or the query that something else means, such as `is www up?`.

Only queries are answered this way, and the reply says how it was read. A change is never guessed.
"""

import re
from collections.abc import Sequence
from itertools import takewhile

from languages import ENGLISH, Language
from slack import mute_ends
from slack.command import Command, CommandContext, History, HostQuery, Log, Query, Undo, UsageError, offer
from slack.host_arguments import is_every_host, is_exception
from slack.host_lists import known_hosts
from slack.nearest import is_one_slip
from slack.not_orders import check_is_order, forbids, without_asides
from slack.parsing import (
    HELP_SIGNS,
    not_a_command_error,
    nothing_to_acknowledge,
    parse,
    without_politeness,
    word_to_type,
)
from slack.prolonging import adds_time, is_any_muted
from slack.questions import question
from slack.reasons import reason_of
from slack.spellings import host_readings
from slack.suggestions import CHANGES, VERY_SIMILAR, listed_verb, near_verbs, suggest_command
from slack.text import to_type
from slack.words import (
    PUNCTUATION,
    folded,
    joined,
    pattern,
    plain_words,
    split_verb,
    split_words,
    verbs_of,
    words_of,
)

_ANY_HOST = "any.host"  # stands for a name that does not look like one
SHORTEST_SENTENCE, LONGEST_SENTENCE = 3, 40  # words


def read(text: str, context: CommandContext) -> tuple[Command, str]:
    """Returns a command, and what to type for it, empty if it was typed. Raises UsageError."""
    whole = joined(text, context.language)
    if whole != text and (meant := question(whole, context)):
        return parse(meant, context.language), meant
    if order := _order_about_all(text, context):
        raise order
    try:
        command = parse(text, context.language)
    except UsageError as refused:
        if forbids(plain_words(text, context.language), context):
            raise UsageError(context.language.nothing_changed) from None
        if (bare := without_asides(text, context.language)) not in ("", text):
            command, meant = read(bare, context)
            if isinstance(command, Query):
                return command, meant or bare
            raise offer(context.language.did_you_mean, bare) from None
        text = context.names.apart(text)
        order = (
            _mute_or_unmute(text, context)
            or _order_about_host(text, context)
            or _acknowledgement(text, context)
        )
        if not order and not refused.instead:
            order = _order_with_end(text, context)
        if not (meant := _query_instead(text, order or refused, context)):
            raise order or refused from None
        return parse(meant, context.language), meant
    if instead := _help_instead(command, text, context):
        return instead
    check_is_order(command, text, context)
    return command, ""


def _order_about_all(text: str, context: CommandContext) -> UsageError | None:
    """Suggests `복원 *` for `모두 복원`."""
    language, verbs = context.language, verbs_of(context.language)
    first, _, rest = text.partition(" ")
    verb, after = split_verb(_plain(rest, language), verbs)
    if not is_every_host(first, language) or verbs.get(folded(verb)) not in CHANGES:
        return None
    return not_a_command_error(first, f"{listed_verb(verb, language)} * {after}".rstrip(), language)


def _mute_or_unmute(text: str, context: CommandContext) -> UsageError | None:
    """Suggests both for `www.example.com 알림 해제`: whichever of them would change something is offered."""
    language = context.language
    order = rf"(.+) (?:{language.mute_or_unmute})(?: (.*?))?[?!., ]*"
    found = re.fullmatch(order, _plain(text, language))
    if found is None:
        return None
    rest = found[2] or ""
    is_end = any(words_of(language).possible_names(rest.split()))  # in `알림 해제 됐어?` it is none

    def offering(kept: Sequence[str]) -> str:
        return language.which_of([*map(to_type, kept)])

    verbs = language.mute_verbs[0]
    both = [f"{verbs.mute} {found[1]}{f' {rest}' if is_end else ''}", f"{verbs.unmute} {found[1]}"]
    return UsageError(offering(both), both, offering=offering)


def _order_about_host(text: str, context: CommandContext) -> UsageError | None:
    """Suggests a change of the known host that comes first: `결제 서버 숨김`, `"Shop (EU)" mute for 2h`."""
    language, names, words = context.language, context.names, text.split()
    for size in range(min(names.most_words, len(words)), 0, -1):
        typed = " ".join(words[:size]).rstrip(":")
        whole = [each for each in (typed, *host_readings(typed)) if each.count(" ") == size - 1]
        if host := next(filter(names.find, whole), ""):
            rest = _plain(" ".join(words[size:]), language)
            meant = suggest_command(f"{_ANY_HOST} {rest}", language)
            verb = verbs_of(language).get(folded(split_verb(meant, verbs_of(language))[0]))
            is_order = verb in CHANGES and _ANY_HOST in meant
            return not_a_command_error(typed, meant.replace(_ANY_HOST, host), language) if is_order else None
    return None


def _plain(text: str, language: Language) -> str:
    return without_politeness(plain_words(text, language), language)


def _acknowledgement(text: str, context: CommandContext) -> UsageError | None:
    """Suggests to mute instead of `www.example.com ack`, `please ack www.example.com` and `… ack for 2h`.

    Among other words, one for acknowledging may mean something else: `www.example.com 정상 인지 확인`.
    """
    language = context.language
    words = _plain(text, language).split()
    acknowledging = words_of(language).acknowledging
    before = [*takewhile(lambda word: folded(word) not in acknowledging, words)]
    if before == words:
        return None
    after = words[len(before) + 1 :]
    for others in ([*before, *after], after):
        rest = " ".join(others).rstrip(PUNCTUATION)
        if _is_mutable(rest, context):
            return nothing_to_acknowledge(rest, language)
    return None


def _is_mutable(text: str, context: CommandContext) -> bool:
    """Whether a text consists of known hosts, perhaps with an end behind them."""
    ends = mute_ends.candidates(text, context.language)
    return any(known_hosts(hosts, context.names) for hosts in (text, *(end.before for end in ends)))


def _order_with_end(text: str, context: CommandContext) -> UsageError | None:
    """Suggests to mute instead of what there is no command for: `extend www.example.com by 2h`."""
    language, names, mute = context.language, context.names, context.language.mute_verbs[0].mute
    if folded(text.partition(" ")[0]) in words_of(language).extending:
        typed, colon, why = text.partition(":")
        for each in (ENGLISH, language):
            typed = pattern(each.extend_by).sub("for ", typed, count=1)
        text = without_politeness(typed + colon + why, language)
    for end in mute_ends.candidates(text, language):
        if adds_time(end) and known_hosts(end.before, names):  # `www.example.com 2시간 연장`
            return not_a_command_error(end.before, f"{mute} {text}", language)
        verb, _, typed = end.before.partition(" ")
        hosts = known_hosts(typed, names)
        if not hosts or names.find_reading(verb):
            continue
        is_longer = folded(verb) in words_of(language).extending and is_any_muted(hosts, context)
        more = f" {language.typed_more}" if is_longer and end.groups["span"] else ""
        reason = f": {reason}" if (reason := reason_of(end.after)) and more else end.after
        return not_a_command_error(verb, f"{mute} {typed} {end.typed}{more}{reason}", language)
    return None


def _help_instead(command: Command, text: str, context: CommandContext) -> tuple[Command, str] | None:
    """Reads `mute help`, `mute ?` and `mute how?` as `help mute`, unless a host has that name."""
    if isinstance(command, Query) or context.names.find(command.typed):
        return None
    text = plain_words(text, context.language)
    words, typed = words_of(context.language), command.typed
    verb = split_verb(text, words.verbs)[0]
    meant = f"{word_to_type('help', split_words(text, words.verbs), context.language)} {verb}"
    is_help = typed in HELP_SIGNS or words.verbs.get(folded(typed)) == "help"
    names_more = not all(folded(word) in words.how for word in words.possible_names(typed.split()))
    if not is_help and (question(text, context) != meant or names_more):
        return None
    return parse(meant, context.language), meant


def read_again(text: str, query: Query, error: UsageError, context: CommandContext) -> tuple[Query, str]:
    """Returns the query that was meant by one with an unknown host, and what to type for it.

    Raises:
        UsageError: `error`, if there is none, or several.
    """
    asked = about = ""
    if isinstance(query, HostQuery) and query.typed and not known_hosts(query.typed, context.names):
        text = context.names.apart(text)
        asked = question(text, context)
        if isinstance(query, History | Log | Undo):  # a host's status is no answer to it
            about = _with_hosts(query.verb, query.typed.split(), context)
        else:
            about = _about(text, context)
    corrected = error.instead if len(error.instead) == 1 else ()
    for meant in (asked, *corrected, about):
        again = _as_query(meant, context.language) if meant else None
        if again is not None and again != query:
            return again, meant
    raise error


def _query_instead(text: str, error: UsageError, context: CommandContext) -> str:
    """Returns the one query that a text can mean, as it would be typed; empty if there is not just one."""
    if asked := question(text, context):
        return asked
    if not all(_as_query(guess, context.language) for guess in error.instead):
        return ""
    if len(error.instead) != 1 or len(text.split()) > len(error.instead[0].split()):
        return _about(text, context)  # a correction keeps all words except the mistyped one
    return "" if _may_be_another(text, context.language) else error.instead[0]


def _about(text: str, context: CommandContext) -> str:
    """Returns `check` with the hosts that a sentence names in full; not for an order like `restart web-1`."""
    verbs, words = verbs_of(context.language), plain_words(text, context.language).split()
    is_order = len(words) < SHORTEST_SENTENCE and not any(map(context.names.find_reading, words[:1]))
    if is_order or any(verbs.get(folded(word)) in CHANGES for word in words):
        return ""
    return _with_hosts(word_to_type("check", words, context.language), words, context)


def _with_hosts(verb: str, words: Sequence[str], context: CommandContext) -> str:
    """Returns a verb with the hosts that words name in full; empty if there are none, or exceptions."""
    if any(is_exception(" ".join(words[start : start + 2])) for start in range(len(words))):
        return ""  # a host that is excluded is not what it is about
    hosts = [*filter(None, map(context.names.find_reading, words[:LONGEST_SENTENCE]))]
    return " ".join([verb, *dict.fromkeys(hosts)]) if hosts else ""


def _as_query(text: str, language: Language) -> Query | None:
    try:
        command = parse(text, language)
    except UsageError:
        return None
    return command if isinstance(command, Query) else None


def _may_be_another(text: str, language: Language) -> bool:
    """Whether the first word is as close to another command, or close to one that changes something."""
    verbs, first = verbs_of(language), text.partition(" ")[0]
    near = near_verbs(first, verbs, VERY_SIMILAR)
    one_slip = {verbs[folded(verb)] for verb in near if is_one_slip(folded(first), folded(verb))}
    return len(one_slip) > 1 or any(verbs[folded(verb)] in CHANGES for verb in near[1:])
