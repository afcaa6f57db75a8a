"""A certificate and its key: what is read from them, and every mistake with its fix."""

import ssl
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import Config
from config.tls import Certificate, read_certificate
from tests import config_files
from tests.builders import DAY, NOON
from tests.certificates import EC, Authority, Pair, openssl

GOOD = Certificate(b"root", b"us", NOON, NOON + 90 * DAY, alone=False)


@pytest.fixture(scope="module")
def pair(authority: Authority) -> Pair:
    return authority.issue("good")


@pytest.fixture(scope="module")
def others(authority: Authority) -> tuple[Pair, ...]:
    rsa = authority.issue("rsa", new=("-newkey", "rsa:2048", "-nodes"))
    return authority.issue("other", new=EC), rsa


def read(folder: Path, **tls: object) -> Config:
    return config_files.read(folder, text(**tls))


def mistakes(folder: Path, **tls: object) -> str:
    return "\n".join(config_files.mistakes(folder, text(**tls)))


def text(**tls: object) -> str:
    lines = "".join(f"  {key}: {value}\n" for key, value in tls.items())
    return f"{config_files.GOOD}listen: {{address: 0.0.0.0}}\ntls:\n{lines}"


def test_a_good_pair_is_used_without_a_warning_and_watched(tmp_path: Path, pair: Pair) -> None:
    config = read(tmp_path, certificate=pair.certificate, key=pair.key)
    assert config.tls
    assert config.warnings == ()
    assert config.sources == (tmp_path / "config.yaml", *pair)


def test_without_certificate_and_key_secrets_travel_unencrypted(tmp_path: Path) -> None:
    (warning,) = read(tmp_path).warnings
    assert "set tls.certificate and tls.key, or trusted_proxies" in warning


def test_a_readable_key_and_a_certificate_without_its_chain_cause_warnings(
    tmp_path: Path, pair: Pair
) -> None:
    alone, key = tmp_path / "cert.pem", tmp_path / "privkey.pem"
    openssl("x509", "-in", pair.certificate, "-out", alone)
    key.write_bytes(pair.key.read_bytes())
    key.chmod(0o644)
    chain, readable = read(tmp_path, certificate=alone, key=key).warnings
    assert "use fullchain.pem" in chain
    assert f"chmod o-r {key}" in readable


def test_a_warning_comes_before_the_certificate_in_use_expires(tmp_path: Path, pair: Pair) -> None:
    tls = read(tmp_path, certificate=pair.certificate, key=pair.key).tls
    assert tls
    now = datetime.now(UTC)
    assert tls.warning(now) is None
    assert f"the certificate in {pair.certificate} expires on" in str(tls.warning(now + timedelta(days=85)))


def encrypted(folder: Path, pair: Pair) -> Pair:
    key = folder / "encrypted"
    openssl("pkey", "-in", pair.key, "-aes256", "-passout", "pass:canary", "-out", key)
    return pair._replace(key=key)


def written(folder: Path, text: str) -> Path:
    file = folder / "written"
    file.write_text(text)
    return file


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda _, pair, other: pair._replace(key=other.key), "do not belong together"),
        (lambda _, pair, other: Pair(other.key, pair.key), "contains no PEM certificate"),
        (lambda _, pair, other: Pair(pair.certificate, other.certificate), "contains no PEM private key"),
        (lambda folder, pair, _: encrypted(folder, pair), "is encrypted; remove the password"),
        (lambda folder, pair, _: pair._replace(key=folder), "Is a directory"),
        (lambda folder, pair, _: pair._replace(key=folder / "none"), "No such file or directory; is it there"),
        (lambda _, pair, __: pair._replace(certificate=Path("/dev/zero")), "it is a device"),
        (lambda folder, pair, _: pair._replace(key=written(folder, "x" * 2_000_000)), "it is larger than 1048576 bytes"),
        (lambda folder, pair, _: pair._replace(key=written(folder, pair.key.read_text()[:120])), "cannot be used"),
        (lambda folder, pair, _: pair._replace(certificate=written(folder, pair.certificate.read_text()[:400])), "contains no PEM certificate"),
    ],
)  # fmt: skip
def test_an_unusable_pair_is_reported_with_its_fix(
    tmp_path: Path, pair: Pair, others: tuple[Pair, ...], spoil: Callable[[Path, Pair, Pair], Pair], said: str
) -> None:
    for other in others:
        bad = spoil(tmp_path, pair, other)
        reported = mistakes(tmp_path, certificate=bad.certificate, key=bad.key)
        assert said in reported
        assert "line 4" in reported or "line 5" in reported
        assert "canary" not in reported
        assert "PRIVATE" not in reported


def test_a_weak_key_is_a_mistake(tmp_path: Path, authority: Authority) -> None:
    weak = authority.issue("weak", new=("-newkey", "rsa:1024", "-nodes"))
    assert "are too weak" in mistakes(tmp_path, certificate=weak.certificate, key=weak.key)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"certificate": "pem"}, "tls.key: is missing"),
        ({"key": "pem"}, "tls.certificate: is missing"),
        ({"certificate": "pem", "key": '""'}, "line 5: tls.key: is missing"),
        ({"certificate": "~/fullchain.pem", "key": "pem"}, "line 4: tls.certificate: found "),
        ({"certificate": "pem", "key": '"-----BEGIN canary\\n/"'}, "line 5: tls.key: "),
    ],
)  # fmt: skip
def test_an_invalid_path_is_a_mistake_that_quotes_nothing(
    tmp_path: Path, given: dict[str, str], said: str
) -> None:
    reported = mistakes(tmp_path, **given)
    assert said in reported
    assert ("is missing" in reported) == ("is missing" in said)
    assert "canary" not in reported


def test_the_first_of_a_chain_is_read(pair: Pair) -> None:
    text = pair.certificate.read_text()
    found = read_certificate(f"by hand\n{text}")
    assert (b"root" in found.issuer, b"good" in found.subject, found.alone) == (True, True, False)
    assert found.not_after - found.not_before == 90 * DAY
    assert read_certificate(text[: text.index("-----END") + 30]).alone


def test_years_of_four_digits_are_read(tmp_path: Path) -> None:
    file = tmp_path / "x"
    files = ("-out", file, "-keyout", tmp_path / "key")
    openssl("req", "-x509", *EC, "-subj", "/CN=x", "-days", "36500", *files)
    found = read_certificate(file.read_text())
    assert found.not_after - found.not_before == 36500 * DAY
    assert found.issuer == found.subject


@pytest.mark.parametrize(
    ("certificate", "days", "said"),
    [
        (GOOD, 75, None),
        (GOOD, 77, "expires on 2027-02-20"),
        (GOOD, 90, "expired on 2027-02-20"),
        (GOOD, -1, "not valid before 2026-11-22 12:00"),
        (GOOD._replace(not_after=NOON + 6 * DAY), 4, None),
        (GOOD._replace(not_after=NOON + 6 * DAY), 5.5, "expires on 2026-11-28"),
        (GOOD._replace(subject=b"root"), 1, "self-signed"),
        (GOOD._replace(alone=True), 1, "use fullchain.pem"),
    ],
)
def test_what_clients_do_not_accept_causes_a_warning(
    certificate: Certificate, days: float, said: str | None
) -> None:
    doubt = certificate.warning(NOON + days * DAY)
    assert doubt is None if said is None else said in str(doubt)


def framed(data: bytes) -> str:
    return f"-----BEGIN CERTIFICATE-----\n{b64encode(data).decode()}\n-----END CERTIFICATE-----\n"


@given(st.text() | st.binary(min_size=1).map(framed))
def test_anything_else_is_a_clear_mistake(text: str) -> None:
    with pytest.raises(ValueError, match=r"^contains (no PEM certificate|a damaged certificate)$"):
        read_certificate(text)


def test_a_truncated_certificate_is_a_clear_mistake(pair: Pair) -> None:
    der = ssl.PEM_cert_to_DER_cert(
        pair.certificate.read_text().partition("-----END")[0] + "-----END CERTIFICATE-----"
    )
    for end in range(1, 150):
        with pytest.raises(ValueError, match="damaged"):
            read_certificate(framed(der[:end]))
