"""Says what became of hosts that were muted or restored, and which are muted."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from digest.model import Muted
from hosts.model import Host, Mute, Status
from hosts.mutes import mutes_lookup, outlasting, waits_for
from hosts.patterns import is_pattern
from languages import Language, Locale, word_for
from languages.typed import MuteVerbs
from slack.command import REMOVE, CommandContext
from slack.host_lists import typed_commands
from slack.phrases import Context, count_down, display_name, mute_end, reason, row, status_now, when
from slack.replies import fit, status_line
from slack.rows import also_muted, muted_by
from slack.text import code, quoted, to_type
from turns import Steps

NAMES_SHOWN = 10  # of the hosts that a pattern stands for
_WORST_FIRST = tuple(Status)


class MutedHosts(NamedTuple):
    """A mute that was asked for, the hosts that it hides now, and the mute of the same name that it replaces.

    `is_new`: it was not there before. `also`: the other mutes that may hide all its hosts after it.
    """

    mute: Mute
    hosts: Sequence[Host]
    replaced: Mute | None = None
    is_new: bool = True
    also: Sequence[Mute] = ()


class RestoredHosts(NamedTuple):
    """A restored host or pattern, and the hosts that it stands for.

    Attributes:
        hosts: those that nothing mutes any more.
        still: those that are muted anyway, by the names of their mutes: patterns, or the hosts themselves.
        was_muted: whether it was muted before.
    """

    name: str
    hosts: Sequence[Host]
    still: Mapping[str, Sequence[Host]] = MappingProxyType({})
    was_muted: bool = True


def finding_muted(
    mutes: Iterable[Mute], context: CommandContext, before: Mapping[str, Mute]
) -> Steps[list[MutedHosts]]:
    """Returns the mutes as they are in the state now: if two people asked, the first one's.

    `before` are the mutes that were active before, by name.
    """
    found, mutes_of = list[MutedHosts](), mutes_lookup(context.state, context.now)
    for asked in mutes:
        mute, hosts = context.state.mutes.get(asked.host, asked), list[Host]()
        of_all: Sequence[Mute] | None = None
        for host in sorted(waits_for(mute, context.state)) or context.names.expand(mute.host):
            yield
            hosts.append(context.titled(host))
            of_host = mutes_of(host)
            of_all = of_host if of_all is None else [other for other in of_all if other in of_host]
        also = [*map(context.titled_mute, outlasting(mute, of_all or ()))]
        replaced = old if (old := before.get(mute.host)) != mute else None
        is_new = old != mute and (mute.by.id, mute.at) == (asked.by.id, asked.at)
        found.append(MutedHosts(context.titled_mute(mute), hosts, replaced, is_new, also))
    return found


def finding_restored(
    hosts_by_name: Mapping[str, Sequence[Host]], context: CommandContext, before: Collection[str]
) -> Steps[list[RestoredHosts]]:
    """Returns what became of those hosts, by their titles: other mutes may still apply to them.

    Of a single host, only the first of them is told. `before` are the names that were muted before.
    """
    mutes_of, found = mutes_lookup(context.state, context.now), list[RestoredHosts]()
    for name, hosts in hosts_by_name.items():
        shown, still = list[Host](), dict[str, list[Host]]()
        for host in hosts:
            yield
            mutes, titled = mutes_of(host.name), context.titled(host.name)
            for mute in mutes if is_pattern(name) else mutes[:1]:
                still.setdefault(context.title(mute.host), []).append(titled)
            if not mutes:
                shown.append(titled)
        found.append(RestoredHosts(context.title(name), shown, still, name in before))
    return found


def muted(found: Sequence[MutedHosts], context: Context, verbs: MuteVerbs = REMOVE) -> str:
    """Says how to undo it only if anything has changed."""
    new = [each for each in found if each.is_new]
    first = (new or found)[0]
    mute = first.mute
    locale, language = context.locale, context.locale.language
    is_single = len(found) == 1 and not is_pattern(mute.host)
    until = language.until_each_up if mute.waits and not is_single else mute_end(mute, locale)
    by = language.by(who=display_name(mute.by, locale), at=when(mute.at, locale))
    if not is_single:
        title = language.hosts_muted(until=until, by=by)
        rows = [_muted_row(each, mute, context) for each in found]
    else:
        status = ", ".join(status_now(first.hosts[0], context))
        title = language.host_muted(host=code(mute.host), until=until, by=by, status=status)
        said = [*replaces(first.replaced, locale), *also_muted(first.also, context)]
        rows = [f"↳ {each}" for each in said]
    hints = [language.undo_hint(_undo_mutes(found, verbs, language))] if new else []
    return fit([" ".join([f"🔕 {title}", *hints]), *reason(mute, locale), *rows], locale)


def _muted_row(found: MutedHosts, in_title: Mute, context: Context) -> str:
    """Says by whom the host was muted before, unless the title does."""
    mute, hosts, locale = found.mute, found.hosts, context.locale
    language = locale.language
    if not is_pattern(mute.host):
        said = ", ".join(status_now(hosts[0], context))
    elif hosts:
        now = language.status_now(count_down(hosts, locale))
        said = f"{now if mute.waits else language.matches(len(hosts))}: {_first_names(hosts, locale)}"
    else:
        said = language.matches_none
    is_other = (mute.by, mute.at) != (in_title.by, in_title.at)
    already = [language.already(muted_by(mute, context, starts=True))] if is_other else []
    other = [*replaces(found.replaced, locale), *also_muted(found.also, context)]
    return row("•", mute.host, said, *already, *other)


def replaces(mute: Mute | None, locale: Locale) -> list[str]:
    """Says which mute is replaced; empty if none is."""
    if mute is None:
        return []
    who = display_name(mute.by, locale)
    return [locale.language.replaces_mute(who=who, until=mute_end(mute, locale))]


def _first_names(hosts: Sequence[Host], locale: Locale) -> str:
    """The worst come first."""
    names = [quoted(host.name) for host in sorted(hosts, key=_rank)[:NAMES_SHOWN]]
    more = len(hosts) - len(names)
    return " ".join([*names, *([locale.language.and_more_hosts(more)] if more else [])])


def _undo_mutes(found: Sequence[MutedHosts], verbs: MuteVerbs, language: Language) -> str:
    """Ends these mutes and no others, or refers to `undo` where that would not bring back what was before."""
    hosts = [each.mute.host for each in found]
    mark = "!" if any(map(is_pattern, hosts)) else ""  # unmutes nothing else that a pattern matches
    (command, _), *others = typed_commands(f"{verbs.unmute}{mark}", hosts)
    replaces_any = any(each.replaced or not each.is_new for each in found)
    return to_type(word_for("undo", language) if others or replaces_any else command)


def muted_list(entries: Sequence[Muted], context: Context) -> str:
    locale = context.locale
    if not entries:
        return locale.language.no_mutes
    rows = [_list_row(entry, context) for entry in entries]
    return fit([locale.language.mute_count(len(entries)), *rows], locale)


def _list_row(entry: Muted, context: Context) -> str:
    mute, language = entry.mute, context.locale.language
    if entry.host:
        status = ", ".join(status_now(entry.host, context))
    elif entry.names_no_host:
        status = language.no_such_host
    else:
        counts = entry.host_count, entry.down_count, entry.warning_count
        status = language.status_now(language.hosts_and_down(*counts))
    said = f"{muted_by(mute, context, starts=True)} ({status})"
    return row("•", mute.host, said, *reason(mute, context.locale), *also_muted(entry.also, context))


def restored(found: Sequence[RestoredHosts], context: Context, verbs: MuteVerbs = REMOVE) -> str:
    """Hosts that are down come first. Many single hosts are counted, and the first ones named."""
    locale = context.locale
    entries = sorted(found, key=lambda entry: min(map(_rank, entry.hosts), default=len(_WORST_FIRST) - 1))
    single = [entry for entry in entries if entry.was_muted and not (entry.still or is_pattern(entry.name))]
    lines, own = list[str](), {e.name for e in entries if e.was_muted and not is_pattern(e.name)}
    if len(single) > NAMES_SHOWN:
        entries = [entry for entry in entries if entry not in single]
        hosts = [host for entry in single for host in entry.hosts]
        lines += _counted(locale.language.hosts_unmuted(count_down(hosts, locale)), hosts, context)
    told = set(own)
    for entry in entries:
        lines += _restored(entry, context, verbs, told)
        told.update(host.name for host in entry.hosts)
    patterns = [entry for entry in entries if entry.was_muted and is_pattern(entry.name)]
    return fit([*lines, *left_muted(patterns, locale, verbs, own)], locale)


def _restored(
    entry: RestoredHosts, context: Context, verbs: MuteVerbs, told: Collection[str]
) -> Iterator[str]:
    locale, language, name = context.locale, context.locale.language, code(entry.name)
    if entry.was_muted and is_pattern(entry.name):
        said = language.pattern_unmuted(pattern=name, hosts=count_down(entry.hosts, locale))
        yield from _counted(said, entry.hosts, context, told)
        return
    if entry.was_muted:
        for host in entry.hosts:
            yield f"🔔 {language.host_unmuted(name)} {status_line(host, context)}"
    elif not entry.still:
        yield f"👌 {language.is_not_muted(quoted(entry.name))}"
    yield from left_muted([entry], locale, verbs)
    if entry.still and entry.was_muted:
        yield f"↳ {language.own_mute_ended}"


def _counted(said: str, hosts: Sequence[Host], context: Context, told: Collection[str] = ()) -> Iterator[str]:
    """What is said about many hosts, the names of some, and the status of those that are not up.

    That of the hosts in `told` is said elsewhere.
    """
    yield f"🔔 {said}" + (f": {_first_names(hosts, context.locale)}" if hosts else "")
    yield from (status_line(host, context) for host in hosts if host.open and host.name not in told)


def left_muted(
    found: Sequence[RestoredHosts], locale: Locale, verbs: MuteVerbs, told: Collection[str] = ()
) -> Iterator[str]:
    """Says what else mutes the hosts that were to be restored, except those in `told`."""
    still: dict[str, dict[str, Host]] = {}
    own: dict[str, Host] = {}
    for entry in found:
        for name, hosts in entry.still.items():
            for host in (host for host in hosts if host.name not in told):
                (own if name == host.name else still.setdefault(name, {}))[host.name] = host
    for name, by_name in still.items():
        yield still_muted([*by_name.values()], name, locale, verbs)
    if own:
        yield _with_own_mutes([*own.values()], [entry.name for entry in found], locale, verbs)


def _with_own_mutes(hosts: Sequence[Host], patterns: Sequence[str], locale: Locale, verbs: MuteVerbs) -> str:
    """If they are too many to type, what ends their mutes are the patterns, which then end others, too."""
    (command, _), *others = typed_commands(verbs.unmute, [host.name for host in hosts])
    if others:
        command, _ = next(typed_commands(verbs.unmute, patterns))
    names = _first_names(hosts, locale)
    return f"🔕 {locale.language.have_own_mutes(len(hosts), names, unmute=to_type(command))}"


def still_muted(hosts: Sequence[Host], pattern: str, locale: Locale, verbs: MuteVerbs) -> str:
    """Says which hosts a pattern mutes anyway, and what to type to end that."""
    names, unmute = _first_names(hosts, locale), to_type(f"{verbs.unmute}! {pattern}")
    return f"🔕 {locale.language.still_muted(len(hosts), names, pattern=code(pattern), unmute=unmute)}"


def _rank(host: Host) -> int:
    return _WORST_FIRST.index(host.status)
