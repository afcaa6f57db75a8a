"""What a certificate says of itself: PEM text -> who issued it, for whom, from when and until when; pure.

Only what stands before the validity is walked over: https://www.rfc-editor.org/rfc/rfc5280#section-4.1
"""

import re
import ssl
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

PEM = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
LONG, VERSION, UTC_TIME = 0x80, 0xA0, 0x17  # of the tags and lengths of DER
SOON, PART = timedelta(days=14), 6  # whichever is shorter: two weeks, or a sixth of the whole life


class Certificate(NamedTuple):
    """The first of a file; `alone` when no other follows, of those who vouch for it."""

    issuer: bytes
    subject: bytes
    begins: datetime
    ends: datetime
    alone: bool

    def is_overdue(self, now: datetime) -> bool:
        """Has it a sixth of its life left, or two weeks, and should have been renewed before?"""
        return self.ends - now < min(SOON, (self.ends - self.begins) / PART)

    def doubt(self, now: datetime) -> str | None:
        """A sentence, when clients will not accept it, or soon will not any more."""
        if self.ends <= now:
            return f"expired on {self.ends:%Y-%m-%d}: Google and Slack do not accept it; renew it"
        if self.begins > now:
            return f"is not valid before {self.begins:%Y-%m-%d %H:%M} UTC; is the clock here right?"
        if self.is_overdue(now):
            return f"expires on {self.ends:%Y-%m-%d}, and nobody has renewed it; try: certbot renew"
        if self.issuer == self.subject:
            return "is signed by itself: Google and Slack accept it only from a public authority"
        if self.alone:
            return "is without the chain that vouches for it; with certbot take fullchain.pem, not cert.pem"
        return None


def read_certificate(text: str) -> Certificate:
    """Raises ValueError when there is none."""
    found = PEM.findall(text)
    if not found:
        raise ValueError("holds no certificate in PEM")
    try:
        fields = _fields(_fields(_fields(ssl.PEM_cert_to_DER_cert(found[0]))[0][1])[0][1])
        first = 1 if fields[0][0] == VERSION else 0  # the oldest certificates have none
        _, _, (_, issuer), (_, validity), (_, subject) = fields[first : first + 5]
        begins, ends = (_moment(tag, value) for tag, value in _fields(validity))
    except (IndexError, ValueError):
        raise ValueError("holds a damaged certificate") from None
    return Certificate(issuer, subject, begins, ends, alone=len(found) == 1)


def _fields(data: bytes) -> list[tuple[int, bytes]]:
    """Tags and values that follow each other in DER."""
    fields = []
    while data:
        tag, size, start = data[0], data[1], 2
        if size & LONG:
            start += size & ~LONG
            size = int.from_bytes(data[2:start])
        if len(data) < start + size:
            raise ValueError("cut off")
        fields.append((tag, data[start : start + size]))
        data = data[start + size :]
    return fields


def _moment(tag: int, value: bytes) -> datetime:
    text = value.decode("ascii")
    if tag == UTC_TIME:  # two digits of the year, which mean 1950 to 2049
        text = ("19" if text >= "5" else "20") + text
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
