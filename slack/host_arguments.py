"""The hosts that a command is about, or in one line what to type instead."""

import re
from collections.abc import Collection, Iterable, Sequence

from hosts.model import Host
from hosts.patterns import HostFilter, is_pattern
from languages import ENGLISH, LANGUAGES, Language, word_for
from slack.command import (
    LONGEST_OFFER,
    REMOVE,
    Check,
    CommandContext,
    Down,
    Forget,
    History,
    Log,
    Resolve,
    Undo,
    UsageError,
)
from slack.host_lists import (
    MOST_HOSTS,
    HostsError,
    UnknownHost,
    known_hosts,
    mended,
    names_a_host,
    parse_hosts,
    typed_commands,
)
from slack.host_names import Names
from slack.nearest import MOST_SUGGESTED
from slack.suggestions import CHANGES, LONGEST_SUGGESTION, mute_verbs
from slack.text import quoted, to_type
from slack.words import folded, is_talk, pattern, split_verb, verbs_of, words_of
from turns import Steps

LONGEST_CORRECTED = LONGEST_OFFER // MOST_SUGGESTED  # characters of a command with another name


def host_arguments(verb: str, typed: str, names: Names, language: Language) -> list[str]:
    """Returns the names and patterns typed after a verb. Raises UsageError."""
    try:
        return parse_hosts(typed, names)
    except HostsError as error:
        raise usage_error(error, f"{verb} {typed}", names, language) from None


def finding_named(
    query: Check | Down | History, context: CommandContext
) -> Steps[tuple[list[str], list[Host]]]:
    """Returns the names and patterns typed, and the hosts that they stand for. Raises UsageError."""
    names = host_arguments(query.verb, query.typed or "", context.names, context.language)
    hosts = list[Host]()
    for key in dict.fromkeys(key for name in names for key in context.names.expand(name)):
        yield
        hosts += [host] if (host := context.hosts.get(key)) else []
    if not hosts:
        raise UsageError(context.language.none_match(", ".join(map(quoted, names))))
    return names, hosts


def parsing_logged(query: Log | Undo, context: CommandContext) -> Steps[list[str]]:
    """Returns the names and patterns typed, which may be of hosts that are gone; none for `undo that`.

    Raises UsageError.
    """
    names = yield from context.names.including(entry.target for entry in context.state.log)
    typed, language = query.typed or "", context.language
    if isinstance(query, Undo) and _refers_back(typed, language) and not known_hosts(typed, names):
        return []
    return host_arguments(query.verb, typed, names, language)


def _refers_back(typed: str, language: Language) -> bool:
    """Whether words such as `that`, `my last change` or `2` name no host."""
    words = words_of(language)

    def names_none(word: str) -> bool:
        key = folded(word)
        is_change = key in words.last_change or words.verbs.get(key) in CHANGES
        return is_change or key.isdecimal() or is_talk(word, language)

    return all(map(names_none, typed.split()))


def parsing_exact(command: Resolve | Forget, context: CommandContext) -> Steps[list[str]]:
    """Returns the hosts of a command that takes no patterns. Raises UsageError."""
    known, names, verb, typed = context.hosts, context.names, command.verb, command.typed
    is_every = is_every_host(typed, context.language) and not names.find(typed)
    found = host_arguments(verb, "*" if is_every else typed, names, context.language)
    if all(name in known for name in found):
        return found
    hosts = dict.fromkeys(h for name in found for h in ([name] if name in known else names.matching(name)))
    meant = list[str]()
    for name in hosts:
        yield
        host = known.get(name)  # None if it has been forgotten meanwhile
        meant += [name] if host and _is_meant(host, command) else []
    if not meant and isinstance(command, Resolve):
        meant = [*hosts]
    raise UsageError(_without_pattern(verb, meant, context))


def _is_meant(host: Host, command: Resolve | Forget) -> bool:
    """Only what was reported, and is over, can be forgotten."""
    return host.has_history and not host.open if isinstance(command, Forget) else bool(host.open)


def _without_pattern(verb: str, hosts: Sequence[str], context: CommandContext) -> str:
    """Suggests the verb with as many of the hosts as can be typed at once, and counts the rest."""
    command, count = next(typed_commands(verb, [*map(context.title, hosts[:MOST_HOSTS])]), ("", 0))
    if not count or len(command) > LONGEST_SUGGESTION:
        command, count = f"{verb} HOST", 0
    return context.language.pattern_not_allowed(to_type(command), len(hosts) - count)


def usage_error(error: HostsError, command: str, names: Names, language: Language) -> UsageError:
    """Suggests the typed command with each of the names that may have been meant."""
    if not isinstance(error, UnknownHost):
        return UsageError(_too_many_hosts(command, language))
    typed, words = error.typed, command.lower().replace(",", " ").split()
    if is_exception(typed):
        return UsageError(language.no_exceptions)
    if is_every_host(typed, language):
        every = _corrected(command, typed, "*")
        return UsageError(language.for_every_host(to_type(every)), [every])
    remark = _nothing_changed(command, typed, names, language)
    if torn := mended(command, typed, names):
        return _unknown(quoted(typed), [torn[0]], [torn[1]], remark, language)
    is_beside_hosts = is_talk(typed, language) and _names_host(command, names)  # the "the" before a host
    near = [name for name in names.nearest(typed) if name.lower() not in words and not is_beside_hosts]
    if sharing := names.sharing(typed):
        return _shared_name(command, typed, [*dict.fromkeys((*sharing, *near))], language)
    instead = [_corrected(command, typed, name) for name in near] or _each_corrected(
        command, typed, names, language
    )
    return _unknown(quoted(typed), near or instead, instead, remark, language)


def _too_many_hosts(command: str, language: Language) -> str:
    """Says so in the words of the command that was typed."""
    typed = split_verb(command, verbs_of(language))[0].rstrip("!")
    verb = verbs_of(language).get(folded(typed), "")
    words = REMOVE if typed.isascii() else language.mute_verbs[0]
    if verb in ("remove", "removed", "restore"):
        words = mute_verbs(typed, verb, language)
    history = "history" if typed.isascii() else word_for("history", language)
    return language.too_many_hosts(MOST_HOSTS, words.mute, words.unmute, history)


def _nothing_changed(command: str, typed: str, names: Names, language: Language) -> str:
    """Says so if a change also names hosts that are known; empty if that is clear."""
    verbs = verbs_of(language)
    is_change = verbs.get(folded(split_verb(command, verbs)[0])) in CHANGES
    _, _, others = _corrected(command, typed, "").partition(" ")
    return f" {language.nothing_changed}" if is_change and names_a_host(others, names) else ""


def _unknown(
    name: str, near: Sequence[str], instead: Sequence[str], remark: str, language: Language
) -> UsageError:
    """Says that `name`, a code span, is unknown. `instead`: a command for each of `near`, or nothing."""
    shown = [to_type(text) if text else quoted(name) for name, text in zip(near, instead, strict=True)]
    return UsageError(
        f"{language.unknown_host(name, shown)}{remark}",
        [*filter(None, instead)],
        problem=f"{language.not_known(name)}{remark}",
        offering=lambda kept: f"{language.unknown_host(name, [*map(to_type, kept)])}{remark}",
    )


def _shared_name(command: str, typed: str, hosts: Sequence[str], language: Language) -> UsageError:
    """Suggests the typed command with some of the hosts that may be meant, and counts the others."""
    name = quoted(typed)
    instead = [*filter(None, (_corrected(command, typed, host) for host in hosts[:MOST_HOSTS]))]

    def offering(kept: Sequence[str]) -> str:
        shown = [*map(to_type, kept[:MOST_SUGGESTED])] or [quoted(host) for host in hosts[:MOST_SUGGESTED]]
        more = len(hosts) - len(instead) + len(kept) - len(shown)
        return language.several_hosts(name, shown, more)

    problem = language.is_shared(name)
    return UsageError(offering(instead), instead, problem=problem, shared=name, offering=offering)


def is_exception(text: str) -> bool:
    """Whether a text begins with an "except", or in Korean ends its first words with one."""
    return any(pattern(words.exception).match(text) for words in LANGUAGES.values())


def is_every_host(typed: str, language: Language) -> bool:
    words = {*ENGLISH.every_host_words, *language.every_host_words}
    return typed.lower().rstrip(" .,!") in words


def _corrected(command: str, typed: str, name: str) -> str:
    """Returns a command with another name; empty if it would have to be cut, as nobody could type it."""
    verb, _, rest = command.partition(" ")
    words = r"[\s,;]+".join(map(re.escape, typed.split()))
    corrected = re.sub(rf"(?<![^\s,;]){words}(?![^\s,;])", lambda _: name, rest, count=1)
    return f"{verb} {corrected}" if len(corrected) <= LONGEST_CORRECTED else ""


def _each_corrected(command: str, typed: str, names: Names, language: Language) -> list[str]:
    """Returns the command, each unknown word replaced by the only host that contains it; empty otherwise.

    Words such as "the" are dropped.
    """
    for word in typed.split():
        is_dropped = is_talk(word, language)
        host = "" if is_dropped else names.only_with(word)
        command = " ".join(_corrected(command, word, host).split()) if host or is_dropped else ""
        if not command:
            return []
    return [command] if _names_host(command, names) else []


def _names_host(command: str, names: Names) -> bool:
    return any(names.find_reading(word) or is_pattern(word) for word in re.split(r"[\s,;]+", command)[1:])


def finding_concerned(
    wanted: Collection[str], names: Collection[str], known: Iterable[str]
) -> Steps[set[str]]:
    """Returns those of `names`, hosts and patterns, that are about a wanted host or pattern.

    A wanted pattern stands for whatever it matches, the known hosts among it; a wanted host also for the
    patterns that match it.
    """
    patterns = HostFilter(tuple(name for name in wanted if is_pattern(name)))
    hosts = [name for name in wanted if not is_pattern(name)]
    for name in [*known] if patterns.patterns else ():
        yield
        hosts += [name] if patterns.matches(name) else []
    about = {name for name in names if name in wanted or patterns.matches(name)}
    for name in filter(is_pattern, {*names} - about):
        matches = HostFilter((name,)).matches
        for host in hosts:
            yield
            if matches(host):
                about.add(name)
                break
    return about
