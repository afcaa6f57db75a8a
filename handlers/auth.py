"""HTTP Basic credentials (RFC 7617), and a comparison that does not tell by its time how much was right."""

import base64
import hmac
from collections.abc import Iterable, Sequence
from hashlib import sha256

from config import Gcp, Page

CHALLENGE = 'Basic realm="uptime-check-manager", charset="UTF-8"'
LONGEST = 1024  # bytes of header: more is no credential of ours


def is_authorized(headers: Sequence[str], user: Gcp | Page) -> bool:
    """Whether exactly one Authorization header carries the user and one of the passwords."""
    given = _credentials(headers[0]) if len(headers) == 1 else b""
    return is_one_of(given, [f"{user.username}:{password}".encode() for password in user.passwords])


def is_one_of(given: bytes, secrets: Iterable[bytes]) -> bool:
    """Takes as long whichever it is, and however much of it is right: digests have one length."""
    digest = sha256(given).digest()
    fits = [hmac.compare_digest(digest, sha256(secret).digest()) for secret in secrets]
    return any(fits)


def _credentials(header: str) -> bytes:
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "basic" or len(token) > LONGEST:
        return b""
    try:
        return base64.b64decode(token.strip(), validate=True)
    except ValueError:
        return b""
