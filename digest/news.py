"""Has anything changed that a reader would notice?"""

from datetime import datetime, timedelta
from hashlib import sha256

from digest.model import Digest
from hosts.model import ChannelRecord
from hosts.problems import Problem


def standing(digest: Digest) -> str:
    """How things stand, in short: the same as long as nothing changes but the time."""
    facts = (
        [(down.host.name, sorted(i.id for i in down.host.open), down.doubtful) for down in digest.down],
        [(warned.host.name, sorted(i.id for i in warned.host.open)) for warned in digest.warnings],
        digest.up,
        [(muted.mute.host, muted.status, muted.hosts, muted.down) for muted in digest.muted],
        digest.received,
        [problem.kind if isinstance(problem, Problem) else problem for problem in digest.problems],
    )
    return sha256(repr(facts).encode()).hexdigest()[:16]


def is_old(digest: Digest, record: ChannelRecord, slot: datetime, at_least: timedelta) -> bool:
    """Whether the digest of `slot` would tell nothing new, and the last one is not `at_least` so old.

    How old one is that a clock ahead of its time dated, nobody knows.
    """
    if record.posted is None or not timedelta() <= slot - record.posted < at_least:
        return False
    news = digest.recovered or digest.returned or digest.weekly
    return not news and standing(digest) == record.told
