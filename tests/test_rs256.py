"""RS256, checked against the package `cryptography`: the same bytes, and no key that it would not make."""

import base64

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from google.rs256 import BadKey, read_key, sign
from tests.support import turns_during
from tests.test_google_credentials import KEY, PEM


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, *, pkcs8: bool = True) -> str:
    kind = serialization.PrivateFormat.PKCS8 if pkcs8 else serialization.PrivateFormat.TraditionalOpenSSL
    return key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption()).decode()


@pytest.mark.parametrize("bits", [2048, 3072])
async def test_it_signs_the_same_bytes_as_cryptography(bits: int) -> None:
    key = rsa.generate_private_key(65537, bits)
    for message in (b"", b"header.claims", b"\xff" * 5000):
        expected = key.sign(message, padding.PKCS1v15(), hashes.SHA256())
        assert await sign(message, read_key(pem(key))) == expected


async def test_it_leaves_the_loop_free() -> None:
    _, turns = await turns_during(sign(b"message", read_key(PEM)))
    assert turns >= 32  # so many pieces of a signature


def damaged(text: str) -> list[str]:
    """The key with one byte of its DER changed, in various places."""
    lines = text.strip().splitlines()
    der = base64.b64decode("".join(lines[1:-1]))
    ways = [der[:at] + bytes([der[at] ^ 0xFF]) + der[at + 1 :] for at in range(0, len(der), 13)]
    ways += [der[:at] for at in range(0, len(der), 61)]
    return [f"{lines[0]}\n{base64.b64encode(way).decode()}\n{lines[-1]}" for way in ways]


async def test_a_damaged_key_is_a_bad_key_and_signs_nothing_wrong() -> None:
    expected = KEY.sign(b"x", padding.PKCS1v15(), hashes.SHA256())
    for text in damaged(PEM):
        try:
            assert await sign(b"x", read_key(text)) == expected  # the change was where it does not matter
        except BadKey:
            continue


@pytest.mark.parametrize(
    "text",
    [
        "",
        "canary",
        "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\ncanary=\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nMIT/////\n-----END PRIVATE KEY-----",
        pem(ec.generate_private_key(ec.SECP256R1())),
        pem(rsa.generate_private_key(65537, 1024)),
        pem(rsa.generate_private_key(65537, 2048), pkcs8=False),
    ],
    ids=range(9),
)
def test_anything_else_is_a_bad_key(text: str) -> None:
    with pytest.raises(BadKey) as caught:
        read_key(text)
    assert "canary" not in str(caught.value)
