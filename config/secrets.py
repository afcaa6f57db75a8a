"""Constant-time comparison of secrets, here because `handlers` and `slack` both may import `config`."""

import hmac
from collections.abc import Iterable
from hashlib import sha256


def is_one_of(given: bytes, secrets: Iterable[bytes]) -> bool:
    """Compares digests, which all have one length, with every secret, so that timing reveals nothing."""
    digest = sha256(given).digest()
    matches = [hmac.compare_digest(digest, sha256(secret).digest()) for secret in secrets]
    return any(matches)
