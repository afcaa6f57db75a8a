"""Which entries of a list are about the hosts that were typed behind the command."""

from collections.abc import Collection, Iterable

from hosts.mutes import is_pattern
from hosts.patterns import any_means, matcher
from languages import Language
from slack.hosts import Names
from slack.naming import meant


def hosts_in(typed: str, verb: str, known: Iterable[str], language: Language) -> list[str]:
    """The names and patterns that are meant. Raises UsageError for what nobody knows."""
    return meant(typed, f"{verb} {typed}", Names(set(known)), language)


def concerning(asked: Collection[str], names: Iterable[str]) -> set[str]:
    """Of `names`, hosts and patterns, those that are about a host or a pattern that was asked for.

    A pattern asked for stands for whatever it matches; a host also for the patterns that mean it.
    """
    hosts = [name for name in asked if not is_pattern(name)]
    patterns = tuple(name for name in asked if is_pattern(name))
    about = set[str]()
    for name in set(names):
        means = matcher((name,)) if is_pattern(name) else None
        if name in asked or any_means(patterns, name) or (means and any(map(means, hosts))):
            about.add(name)
    return about
