"""What is to be shown again: what people typed, held against what is hidden."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from hosts.identity import Titles
from hosts.model import Host, Mute
from hosts.mutes import active, hiding, hosts_of, is_pattern
from slack.command import Restore, UsageError
from slack.hidden import Restored
from slack.hosts import Names
from slack.naming import meant
from slack.removal import Asking, meant_now
from slack.text import code
from slack.wording import cut


def names(command: Restore, now: datetime, asking: Asking) -> list[str]:
    """The hosts and patterns; a pattern stands for every removed one that it matches, too.

    Raises UsageError.
    """
    mutes = active(asking.state, now)
    removed, found = Names(mutes), list[str]()
    named = Names({*asking.known, *mutes})
    for name in meant(command.typed, f"restore {command.typed}", named, asking.language):
        matching = meant_now(name, removed)
        if not matching:
            raise UsageError(asking.language.none_removed_matches(code(cut(name))))
        found += matching
    return list(dict.fromkeys(found))


def behind(names: Iterable[str], now: datetime, asking: Asking) -> dict[str, list[Host]]:
    """The hosts that each name stands for now: itself, or what it hides as a pattern."""
    hides, hosts = hiding(asking.state, now), asking.state.hosts
    found = {name: [] if is_pattern(name) else hosts_of(name, asking.state.hosts) for name in names}
    if any(map(is_pattern, found)):
        for name in asking.known:
            mute = hides(name)
            if mute and mute.host != name and mute.host in found:
                found[mute.host].append(hosts.get(name) or Host(name))
    return found


def restored(behind: Mapping[str, Sequence[Host]], now: datetime, asking: Asking) -> list[Restored]:
    """What became of those hosts, by their titles: something else may hide them still."""
    hides, titles = hiding(asking.state, now), Titles(asking.known)
    return [
        Restored(
            titles(name),
            [asking.entitled(host.name, titles) for host in hosts if not hides(host.name)],
            None if is_pattern(name) else _by_title(hides(name), titles),
        )
        for name, hosts in behind.items()
    ]


def _by_title(mute: Mute | None, titles: Titles) -> Mute | None:
    return mute and mute._replace(host=titles(mute.host))
