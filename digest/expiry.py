"""Does somebody still renew the certificate that HTTPS is served with?"""

from datetime import datetime

from config import Config
from hosts.problems import Problem, Trouble


def expiry(config: Config, now: datetime) -> Problem | None:
    """A question, when that should have happened."""
    tls = config.tls
    if tls is None or not tls.certificate.is_overdue(now):
        return None
    end = f"{tls.certificate.ends:%Y-%m-%d}"
    question = f"the certificate in {tls.file} ends on {end}: is it still renewed?"
    return Problem(question, Trouble.EXPIRING, tls.file, end)
