"""HTTP Basic authentication (RFC 7617)."""

import base64
from collections.abc import Sequence

from config import Gcp
from config.secrets import is_one_of

CHALLENGE = 'Basic realm="uptime-check-manager", charset="UTF-8"'
MAX_TOKEN_LENGTH = 1024  # characters; more is no credential of ours


def is_authorized(headers: Sequence[str], gcp: Gcp) -> bool:
    """Whether exactly one Authorization header carries the user and one of the passwords."""
    given = _decoded(headers[0]) if len(headers) == 1 else b""
    return is_one_of(given, [f"{gcp.username}:{password}".encode() for password in gcp.passwords])


def _decoded(header: str) -> bytes:
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "basic" or len(token) > MAX_TOKEN_LENGTH:
        return b""
    try:
        return base64.b64decode(token.strip(), validate=True)
    except ValueError:
        return b""
