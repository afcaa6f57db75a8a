"""What is down, and nothing else: one mrkdwn text, in the words of a digest."""

from datetime import tzinfo

from digest.model import Digest
from languages import ENGLISH, Language
from slack.message import TEXT, footer, groups, how_many_down, muted_part, titled
from slack.packing import pack


def down_list(digest: Digest, zone: tzinfo, language: Language = ENGLISH, *, with_muted: bool = False) -> str:
    """At most 4,000 characters. Muted hosts are left out and counted, unless they were asked for."""
    muted = digest.muted if with_muted else ()
    down = digest._replace(recovered=(), returned=(), warnings=(), weekly=None, up=(), muted=muted)
    opening = titled(digest, _first_line(digest, language))
    (sections,) = pack(opening, groups(down, zone, language), TEXT)
    return "\n".join([*sections, footer(digest, zone, language)])


def _first_line(digest: Digest, language: Language) -> str:
    return " · ".join([how_many_down(digest, language), *muted_part(digest, language)])
