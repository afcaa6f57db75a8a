"""HTTP Basic credentials, compared without telling by the time it takes how much was right (RFC 7617)."""

import base64
import hmac
from collections.abc import Sequence
from hashlib import sha256

from config import Gcp

CHALLENGE = 'Basic realm="uptime-check-manager", charset="UTF-8"'
LONGEST = 1024  # bytes of header: more is no credential of ours


def is_authorized(headers: Sequence[str], gcp: Gcp) -> bool:
    """Whether exactly one Authorization header carries the user and one of the passwords."""
    given = sha256(_credentials(headers[0]) if len(headers) == 1 else b"").digest()
    wanted = [sha256(f"{gcp.username}:{password}".encode()).digest() for password in gcp.passwords]
    fits = [hmac.compare_digest(given, each) for each in wanted]  # all of them, whichever is right
    return any(fits)


def _credentials(header: str) -> bytes:
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "basic" or len(token) > LONGEST:
        return b""
    try:
        return base64.b64decode(token.strip(), validate=True)
    except ValueError:
        return b""
