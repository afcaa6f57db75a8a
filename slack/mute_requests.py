"""Parses `remove` and `restore` against the known hosts, and looks up what became of those."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from unicodedata import normalize

from hosts.incident import Person
from hosts.model import Host, Mute
from hosts.mutes import active, is_pattern, matching_hosts, mute_lookup, open_incidents
from languages import Language
from slack import durations
from slack.command import LONGEST_SUGGESTION, CommandContext, Remove, Restore, UsageError
from slack.durations import Candidate, Expiry, ExpiryContext
from slack.host_arguments import TooManyHosts, UnknownHost, host_arguments, parse_hosts, usage_error
from slack.host_names import Names, nearest_hosts
from slack.mute_replies import MutedHosts, RestoredHosts
from slack.phrases import cut
from slack.text import code, to_type

MOST_PATTERNS = 50  # muted at a time: each is compared with every host


def parse_mutes(command: Remove, by: Person, context: CommandContext) -> list[Mute]:
    """Returns the mutes asked for. Raises UsageError."""
    hosts, expiry = _parse(command, context)
    _check_patterns(command, hosts, context)
    until, until_up, reason = expiry
    mutes = [Mute(host, *by, context.now, until, until_up, reason) for host in hosts]
    for mute in mutes:
        if mute.until_up and not open_incidents(mute, context.state):
            raise UsageError(context.language.is_up_already(code(context.title(mute.host))))
    return mutes


def _parse(command: Remove, context: CommandContext) -> tuple[list[str], Expiry]:
    """Splits the text at the first expiry that has nothing but known hosts before it."""
    names = context.names
    if host := names.find(command.typed):
        return [host], Expiry()
    text, language = normalize("NFC", command.typed), context.language
    mute_verb = context.mute_verbs.mute
    verb = f"{mute_verb}!" if command.confirmed else mute_verb
    expiry_context = ExpiryContext(context.now, context.locale.zone, language, verb)
    candidates = list(durations.candidates(text, language))
    for candidate in candidates:
        if candidate.before and (hosts := _all_known(candidate.before, names)):
            return hosts, durations.parse_expiry(candidate, expiry_context)
    if candidates and not candidates[0].before:
        raise _missing_host(candidates[0], mute_verb, names, language)
    try:
        return parse_hosts(candidates[0].before if candidates else text, names), Expiry()
    except (UnknownHost, TooManyHosts) as error:
        raise _explained(error, text, names, expiry_context, has_expiry=bool(candidates)) from None


def _all_known(text: str, names: Names) -> list[str]:
    """Returns the hosts in a text; none unless it consists of known ones."""
    try:
        return parse_hosts(text, names)
    except (UnknownHost, TooManyHosts):
        return []


def _missing_host(candidate: Candidate, verb: str, names: Names, language: Language) -> UsageError:
    """No host stands before the expiry; perhaps one does behind it."""
    behind = candidate.after.strip()
    if not _all_known(behind, names):
        return UsageError(language.which_host(verb))
    return UsageError(
        language.host_first(to_type(cut(f"{verb} {behind} {candidate.typed}", LONGEST_SUGGESTION)))
    )


def _explained(
    error: UnknownHost | TooManyHosts, text: str, names: Names, context: ExpiryContext, *, has_expiry: bool
) -> UsageError:
    """Says what to type instead: words behind known hosts may be meant as an expiry or as a reason."""
    language = context.language
    if not has_expiry and durations.has_expiry_word(text, language):
        return durations.not_an_expiry(text, language)
    if isinstance(error, UnknownHost):
        typed = error.typed
        start = max(0, text.find(typed))
        if _may_be_a_time(error, names, language):
            if has_expiry:
                return durations.not_a_time(text[start:], language)
            return durations.suggest_until(typed, text[:start].strip(), context)
        if not has_expiry and _may_be_a_reason(error, text, names):
            hosts = text.removesuffix(typed).strip()
            again = to_type(cut(f"{context.verb} {hosts} for 2h {typed}", LONGEST_SUGGESTION))
            return UsageError(language.maybe_a_reason(code(cut(typed)), again))
    return usage_error(error, f"{context.verb} {text}", names, language)


def _may_be_a_time(error: UnknownHost, names: Names, language: Language) -> bool:
    """Do the words follow known hosts, begin like a time, and resemble no host that may be mistyped?"""
    if not error.known_before or nearest_hosts(error.typed, names.known):
        return False
    return durations.begins_like_a_time(error.typed, language)


def _may_be_a_reason(error: UnknownHost, text: str, names: Names) -> bool:
    """Do the words follow known hosts, end the text, and resemble no host that may be mistyped?"""
    if not error.known_before or not text.endswith(error.typed):
        return False
    return " " in error.typed or error.typed.isalpha() or not nearest_hosts(error.typed, names.titles)


def _check_patterns(command: Remove, hosts: Collection[str], context: CommandContext) -> None:
    """Raises UsageError for too many patterns, and for some that match every host unless confirmed."""
    patterns, verbs = set(filter(is_pattern, hosts)), context.mute_verbs
    if not patterns:
        return
    if len(patterns | set(filter(is_pattern, active(context.state, context.now)))) > MOST_PATTERNS:
        raise UsageError(context.language.too_many_patterns(MOST_PATTERNS, to_type(verbs.muted)))
    matched = {name for pattern in patterns for name in context.names.matching(pattern)}
    confirm_every_host = "*" in patterns or 0 < len(context.hosts) == len(matched)
    if confirm_every_host and not command.confirmed:
        again = to_type(cut(f"{verbs.mute}! {command.typed}", LONGEST_SUGGESTION))
        raise UsageError(context.language.confirm_every_host(again))


def removed(mutes: Iterable[Mute], context: CommandContext) -> list[MutedHosts]:
    """Returns the mutes as the state has them by now, which are those of whoever asked first."""
    current = [context.state.mutes.get(mute.host, mute) for mute in mutes]
    return [
        MutedHosts(
            mute._replace(host=context.title(mute.host)),
            [context.titled(host) for host in context.names.expand(mute.host)],
        )
        for mute in current
    ]


def parse_restored(command: Restore, context: CommandContext) -> list[str]:
    """Returns the hosts and patterns; a pattern also stands for each muted one that it matches.

    Raises:
        UsageError
    """
    mutes, verbs = active(context.state, context.now), context.mute_verbs
    muted, found = Names(mutes), list[str]()
    known = Names({*context.hosts, *mutes})
    for name in host_arguments(verbs.unmute, command.typed, known, context.language):
        matching = muted.expand(name)
        if not matching:
            raise UsageError(context.language.none_muted_matches(code(cut(name)), to_type(verbs.muted)))
        found += matching
    return list(dict.fromkeys(found))


def hosts_by_name(names: Iterable[str], context: CommandContext) -> dict[str, list[Host]]:
    """Returns the hosts that each name stands for now: itself, or what it mutes as a pattern."""
    mute_of, hosts = mute_lookup(context.state, context.now), context.state.hosts
    found = {name: [] if is_pattern(name) else matching_hosts(name, hosts) for name in names}
    if any(map(is_pattern, found)):
        for name in context.hosts:
            mute = mute_of(name)
            if mute and mute.host != name and mute.host in found:
                found[mute.host].append(hosts.get(name) or Host(name))
    return found


def restored(hosts_by_name: Mapping[str, Sequence[Host]], context: CommandContext) -> list[RestoredHosts]:
    """Returns what became of those hosts, by their titles: another mute may still apply to them."""
    mute_of = mute_lookup(context.state, context.now)
    return [
        RestoredHosts(
            context.title(name),
            [context.titled(host.name) for host in hosts if not mute_of(host.name)],
            None if is_pattern(name) else _by_title(mute_of(name), context),
        )
        for name, hosts in hosts_by_name.items()
    ]


def _by_title(mute: Mute | None, context: CommandContext) -> Mute | None:
    return mute and mute._replace(host=context.title(mute.host))
