"""The known hosts that are meant by what was typed."""

from collections.abc import Collection

from slack import replies
from slack.command import UsageError
from slack.hosts import match_each, nearest
from slack.languages import Language
from slack.text import code
from slack.wording import cut
from state.mutes import is_pattern


def each_known(typed: str, known: Collection[str], language: Language) -> list[str]:
    """Raises UsageError, which suggests what is like the first that is not known."""
    names, unknown = match_each(typed, known)
    if unknown and is_pattern(unknown[0]):
        raise UsageError(language.only_hosts(code(cut(unknown[0]))))
    if unknown:
        raise UsageError(replies.unknown(unknown[0], nearest(unknown[0], known), language))
    return names
