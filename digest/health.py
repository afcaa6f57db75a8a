"""Has Google been silent for so long that the webhook may have come off?"""

from datetime import UTC, datetime, timedelta

from config import Config
from hosts.model import State
from hosts.problems import Problem, ProblemKind


def last_news(state: State) -> datetime | None:
    """When the latest incident of all began or ended, as far as is known."""
    latest = 0.0
    for host in state.hosts.values():
        latest = max(latest, host.closed.last)
        for incident in host.open:
            latest = max(latest, incident.started.timestamp())
    return datetime.fromtimestamp(latest, UTC) if latest else None


def silence(lasted: timedelta, after: timedelta) -> Problem | None:
    """A question, if nothing was heard for longer than `after`."""
    if lasted <= after:
        return None
    told = f"{lasted.days} d" if lasted.days else f"{lasted.seconds // 3600} h"
    question = f"nothing from Google for {told}: is the webhook still connected?"
    return Problem(question, ProblemKind.SILENT, detail=str(int(lasted.total_seconds())))


def expiry(config: Config, now: datetime) -> Problem | None:
    """A question, when that should have happened."""
    tls = config.tls
    if tls is None or not tls.certificate.is_overdue(now):
        return None
    end = f"{tls.certificate.not_after:%Y-%m-%d}"
    question = f"the certificate in {tls.file} ends on {end}: is it still renewed?"
    return Problem(question, ProblemKind.EXPIRING, str(tls.file), end)
