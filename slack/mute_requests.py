"""Parses `remove` and `restore` against the known hosts."""

from collections.abc import Iterable
from contextlib import suppress
from unicodedata import normalize

from hosts.incident import Person
from hosts.model import Host, Mute
from hosts.mutes import active, matching_hosts, mutes_lookup, open_incidents, waits_for
from hosts.names import is_host_name
from hosts.patterns import HostFilter, is_pattern
from slack import mute_ends
from slack.command import CommandContext, Remove, Removed, Restore, UsageError, offer
from slack.host_arguments import finding_concerned, host_arguments, is_every_host, is_exception, usage_error
from slack.host_lists import (
    HostsError,
    UnknownHost,
    known_hosts,
    means_nothing,
    mended,
    names_a_host,
    parse_hosts,
)
from slack.host_names import Names
from slack.mute_ends import Candidate, Expiry, ExpiryContext
from slack.mute_patterns import check_patterns, mutes_every_host
from slack.prolonging import adds_time, is_added, offer_to_prolong, without_more
from slack.reasons import (
    begins_like_a_time,
    correctly_spelt,
    explained,
    has_expiry_word,
    is_explained,
    reason_of,
    without_signs,
)
from slack.spellings import host_name
from slack.text import code, quoted, to_type
from slack.unclear_ends import suggest_hours, suggest_until
from turns import Steps


def parse_mutes(command: Remove, by: Person, context: CommandContext) -> list[Mute]:
    """Returns the mutes asked for. Raises UsageError."""
    command = _with_star(command, context)
    verb = f"{command.verbs.mute}!" if command.confirmed else command.verbs.mute
    expiry_context = ExpiryContext(context.now, context.locale.zone, context.language, verb)
    hosts, end = _parse(command, context, expiry_context)
    check_patterns(command, hosts, end, context)
    if isinstance(end, Candidate) and means_nothing(end.after):
        end = end._replace(after="")
    if isinstance(end, Candidate) and _excepts_a_host(end.after, context.names):
        raise UsageError(context.language.no_exceptions)
    if isinstance(end, Candidate) and (adds_time(end) or is_added(command.typed, end)):
        end = without_more(end)
        offer_to_prolong(hosts, end, expiry_context, context)
    expiry = mute_ends.parse_expiry(end, expiry_context) if isinstance(end, Candidate) else end
    until, until_up, reason = expiry
    mutes = [Mute(host, by, context.now, until, until_up, reason) for host in hosts]
    for mute in mutes:
        if mute.until_up and not open_incidents(mute, context.state):
            raise UsageError(_nothing_to_wait_for(mute.host, context))
    return mutes


def _with_star(command: Remove, context: CommandContext) -> Remove:
    """Reads `everything for 2h` as `* for 2h`, unless a host is called that."""
    text = normalize("NFC", command.typed).strip()
    before = next((found.before for found in mute_ends.candidates(text, context.language)), text)
    if not is_every_host(before, context.language) or context.names.find(before):
        return command
    return command._replace(typed=f"*{text[len(before) :]}")


def _excepts_a_host(after: str, names: Names) -> bool:
    """Whether hosts are excluded behind an end; "all but one node is down" is a reason."""
    after = without_signs(after)
    return is_exception(after) and not is_explained(after) and names_a_host(after, names)


def _nothing_to_wait_for(host: str, context: CommandContext) -> str:
    """Says that the host is up already, or that its status is unknown."""
    language, title = context.language, code(context.title(host))
    hosts = [context.hosts[name] for name in context.names.expand(host)]
    is_up = any(each.is_status_known and not each.is_unwatched for each in hosts)
    status = language.is_up_already(title) if is_up else language.has_no_status(title)
    return f"{status} {language.instead_of_until_up}"


def _parse(
    command: Remove, context: CommandContext, expiry_context: ExpiryContext
) -> tuple[list[str], Candidate | Expiry]:
    """Splits the text at the first expiry that has nothing but known hosts before it."""
    names = context.names
    if host := names.find(command.typed):
        return [host], Expiry()
    text, language = normalize("NFC", command.typed), context.language
    candidates = list(mute_ends.candidates(text, language))
    before, reason = explained(text, by_colon=bool(candidates)) or ("", "")
    of_reason = known_hosts(before, names)
    for candidate in candidates:
        hosts = known_hosts(candidate.before, names)
        if hosts and (not of_reason or hosts[: len(of_reason)] != of_reason):  # `api: latency for 2h`
            return hosts, candidate
    if of_reason:
        return of_reason, Expiry(reason=reason)
    end = candidates[0] if candidates else None
    if end and not end.before:
        raise _missing_host(end, names, expiry_context)
    try:
        return parse_hosts(end.before if end else text, names), Expiry()
    except HostsError as error:
        raise _explained(error, text, end, expiry_context, context) from None


def _missing_host(candidate: Candidate, names: Names, context: ExpiryContext) -> UsageError:
    """Asks for a host before the expiry; one after it only has to be moved."""
    behind, language = candidate.after.strip(), context.language
    if not known_hosts(behind, names):
        return UsageError(language.which_host(context.verb.rstrip("!")))
    return offer(language.host_first, f"{context.verb} {behind} {candidate.typed}")


def _explained(
    error: HostsError,
    text: str,
    end: Candidate | None,
    expiry_context: ExpiryContext,
    context: CommandContext,
) -> UsageError:
    """Says what to type instead: words after known hosts may be meant as an expiry or as a reason."""
    language, names = context.language, context.names
    typed = error.typed if isinstance(error, UnknownHost) else ""
    if is_exception(typed):
        return UsageError(language.no_exceptions)
    if typed and is_every_host(typed, language):
        again = f"{expiry_context.verb.rstrip('!')}! {text.replace(typed, '*', 1)}"
        return mutes_every_host(again, end, language)
    if typed and mended(text, typed, names):
        return usage_error(error, f"{expiry_context.verb} {text}", names, language)
    meant = _correctly_spelt(text, expiry_context, context) if typed else None
    if not meant and not end and has_expiry_word(text):
        return suggest_hours(text, expiry_context) or mute_ends.not_an_expiry(text, typed, expiry_context)
    if not meant and isinstance(error, UnknownHost):
        meant = _words_behind(error, text, end, names, expiry_context)
    return meant or usage_error(error, f"{expiry_context.verb} {text}", names, language)


def _words_behind(
    error: UnknownHost, text: str, end: Candidate | None, names: Names, context: ExpiryContext
) -> UsageError | None:
    """Asks whether unknown words after hosts are an end or a reason; None for a mistyped or shared name."""
    typed, language = error.typed, context.language
    if not error.known_before or names.is_shared(typed) or _is_like_known(typed, names):
        return None
    if (begins_like_a_time(typed) or typed.isdecimal()) and not names.nearest(typed):
        start = max(0, text.find(typed))
        if end:
            return mute_ends.not_a_time(text[start:], context)
        return suggest_until(typed, text[:start].strip(), context)
    before = end.before if end else text
    is_sentence = not end and (" " in typed or typed.isalpha())
    if not before.endswith(typed) or (not is_sentence and names.nearest(typed)):
        return None
    length, why = (end.typed, f"{typed} {end.after}") if end else (language.typed_while, typed)
    if not reason_of(why):
        return None
    again = f"{context.verb} {before.removesuffix(typed)}{length}: {reason_of(why)}"
    return offer(language.if_a_reason, again, language.not_known(quoted(typed)))


def _is_like_known(typed: str, names: Names) -> bool:
    """Whether words are unknown hosts: `nosuch.example.com`, if there is a `www.example.com`.

    `node.js` is not like `x.js`, and who types `google.com is broken` says why.
    """
    for word in typed.split():
        domain = word.partition(".")[2]
        is_name = is_host_name(host_name(word)) and "/" not in word
        if not (is_name and "." in domain and names.is_part(f".{domain}")):
            return False
    return True


def _correctly_spelt(text: str, expiry_context: ExpiryContext, context: CommandContext) -> UsageError | None:
    """Asks whether a misspelt end is meant: `untill tomorow`. A muted host's `+2h` adds to its end."""
    spelt = correctly_spelt(text)
    for candidate in mute_ends.candidates(spelt, context.language) if spelt != text else ():
        hosts = known_hosts(candidate.before, context.names) if candidate.before else []
        if hosts:
            if is_added(text, candidate):
                offer_to_prolong(hosts, candidate, expiry_context, context)
            with suppress(UsageError):
                mute_ends.parse_expiry(candidate, expiry_context)
                return offer(context.language.confirm_until, f"{expiry_context.verb} {spelt}")
    return None


def parsing_restored(command: Restore, context: CommandContext) -> Steps[list[str]]:
    """Returns the mutes to end: for a pattern, all that match, unless it is literal. Raises UsageError."""
    mutes = active(context.state, context.now)
    muted, found = Names(mutes), list[str]()
    known = yield from context.names.including(mutes)
    verb = f"{command.verbs.unmute}!" if command.literal else command.verbs.unmute
    names = host_arguments(verb, command.typed, known, context.language)
    if command.literal:
        return names
    for name in names:
        matching = muted.expand(name)
        if not matching:
            raise _none_muted([name], command, context)
        found += matching
    return list(dict.fromkeys(found))


def _none_muted(names: Iterable[str], command: Restore | Removed, context: CommandContext) -> UsageError:
    shown = ", ".join(quoted(context.title(name)) for name in names)
    listing = to_type(command.verbs.muted)
    return UsageError(context.language.none_muted_matches(pattern=shown, command=listing))


def parsing_removed(query: Removed, context: CommandContext) -> Steps[set[str]]:
    """Returns the names of the mutes that are about the hosts and patterns typed. Raises UsageError."""
    mutes = active(context.state, context.now)
    known = yield from context.names.including(mutes)
    names = host_arguments(query.verbs.muted, query.typed or "", known, context.language)
    asked = HostFilter(tuple(names))
    concerned = yield from finding_concerned(names, mutes, context.hosts)
    found = {name for name in concerned if name in names or _hides_any(asked, mutes[name], context)}
    if not found:
        raise _none_muted(names, query, context)
    return found


def _hides_any(hosts: HostFilter, mute: Mute, context: CommandContext) -> bool:
    """Whether a mute that is about some hosts hides any of them. One "until up" hides only those not up."""
    return not mute.waits or any(map(hosts.matches, waits_for(mute, context.state)))


def finding_hosts(names: Iterable[str], context: CommandContext) -> Steps[dict[str, list[Host]]]:
    """Returns the hosts that each name stands for now: itself, or what it mutes as a pattern."""
    mutes_of, hosts = mutes_lookup(context.state, context.now), context.state.hosts
    found = {name: [] if is_pattern(name) else matching_hosts(name, hosts) for name in names}
    if any(map(is_pattern, found)):
        for name in [*context.hosts]:
            yield
            for pattern in (mute.host for mute in mutes_of(name) if is_pattern(mute.host)):
                if pattern in found:
                    found[pattern].append(hosts.get(name) or Host(name))
    return found
