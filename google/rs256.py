"""Signs with RSA and SHA-256 (RS256, RFC 7518) without a cryptographic package.

PKCS #8 (RFC 5208) and PKCS #1 (RFC 8017, 8.2 and A.1.2). How long signing takes depends on the key, so never
use it where an attacker could time it; logging in once an hour is fine.
"""

import asyncio
import re
from base64 import b64decode
from hashlib import sha256
from typing import NamedTuple

PEM = re.compile(r"-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----")
INTEGER, SEQUENCE = 0x02, 0x30  # DER tags
SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")
MIN_BITS, MAX_BITS = 2048, 8192
DIGIT = 64  # bits of the exponent per turn of the loop


class BadKey(Exception):
    """Says what is wrong with a key, without quoting it."""


class PrivateKey(NamedTuple):
    """The numbers in an RSA key, named as in RFC 8017, A.1.2."""

    n: int
    e: int
    p: int
    q: int
    d_p: int
    d_q: int
    q_inv: int


def read_key(pem: str) -> PrivateKey:
    """Raises BadKey."""
    found = PEM.search(pem)
    if not found:
        raise BadKey("it is not in PEM format (-----BEGIN PRIVATE KEY-----)")
    try:
        _version, _algorithm, (_tag, octets), *_attributes = _sequence(b64decode(found[1]))
        n, e, _d, p, q, d_p, d_q, q_inv = map(_integer, _sequence(octets)[1:9])
    except (ValueError, IndexError):
        raise BadKey("it is not an RSA key, or it is damaged") from None
    if n != p * q or not MIN_BITS <= n.bit_length() <= MAX_BITS or not 2 < e < 1 << 32:
        raise BadKey("it is not an RSA key of at least 2048 bits, or it is damaged")
    return PrivateKey(n, e, p, q, d_p, d_q, q_inv)


async def sign(message: bytes, key: PrivateKey) -> bytes:
    """Sign in small turns of the event loop. Raises BadKey if the numbers do not belong together."""
    size = (key.n.bit_length() + 7) // 8
    digest = SHA256_PREFIX + sha256(message).digest()
    padded = int.from_bytes(b"\x00\x01" + b"\xff" * (size - len(digest) - 3) + b"\x00" + digest)
    by_p, by_q = await _power(padded, key.d_p, key.p), await _power(padded, key.d_q, key.q)
    signature = by_q + key.q * ((by_p - by_q) * key.q_inv % key.p)
    if pow(signature, key.e, key.n) != padded:
        raise BadKey("it is damaged: its numbers do not belong together")
    return signature.to_bytes(size)


async def _power(base: int, exponent: int, modulus: int) -> int:
    result = 1
    for shift in reversed(range(0, exponent.bit_length(), DIGIT)):
        digit = exponent >> shift & (1 << DIGIT) - 1
        result = pow(result, 1 << DIGIT, modulus) * pow(base, digit, modulus) % modulus
        await asyncio.sleep(0)
    return result


def _sequence(der: bytes) -> list[tuple[int, bytes]]:
    """The elements of a SEQUENCE, each with its tag."""
    tag, content, _ = _element(der)
    if tag != SEQUENCE:
        raise ValueError(tag)
    elements = []
    while content:
        tag, inside, content = _element(content)
        elements.append((tag, inside))
    return elements


def _element(der: bytes) -> tuple[int, bytes, bytes]:
    """The tag, the content, and what follows."""
    tag, length, start = der[0], der[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(der[2:start])
    if len(der) < start + length:
        raise ValueError(length)
    return tag, der[start : start + length], der[start + length :]


def _integer(element: tuple[int, bytes]) -> int:
    tag, content = element
    if tag != INTEGER or len(content) > MAX_BITS // 8 + 1:
        raise ValueError(tag)
    return int.from_bytes(content, signed=True)
