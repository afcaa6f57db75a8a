"""What is read from a certificate, and when people must hear of it."""

from base64 import b64encode
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.tls import Certificate, read_certificate
from tests.builders import NOON
from tests.certificates import EC, Authority, openssl

DAY = timedelta(days=1)
GOOD = Certificate(b"root", b"us", NOON, NOON + 90 * DAY, alone=False)


def test_the_first_of_a_chain_is_read(tmp_path: Path) -> None:
    text = Authority(tmp_path).issue("first").certificate.read_text()
    found = read_certificate(f"by hand\n{text}")
    assert (b"root" in found.issuer, b"first" in found.subject, found.alone) == (True, True, False)
    assert found.not_after - found.not_before == 90 * DAY
    assert read_certificate(text[: text.index("-----END") + 30]).alone


def test_years_of_four_digits_are_read(tmp_path: Path) -> None:
    file = tmp_path / "x"
    openssl(
        "req",
        "-x509",
        *EC,
        "-subj",
        "/CN=x",
        "-days",
        "36500",
        "-out",
        file,
        "-keyout",
        file.with_suffix(".k"),
    )
    found = read_certificate(file.read_text())
    assert found.not_after - found.not_before == 36500 * DAY
    assert found.issuer == found.subject


@pytest.mark.parametrize(
    ("certificate", "days", "said"),
    [
        (GOOD, 1, None),
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
def test_what_clients_will_not_accept_is_told_before(
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


def test_one_cut_off_anywhere_is_a_clear_mistake(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    openssl("x509", "-in", authority.issue("x").certificate, "-outform", "DER", "-out", tmp_path / "der")
    der = (tmp_path / "der").read_bytes()
    for end in range(1, 150):
        with pytest.raises(ValueError, match="damaged"):
            read_certificate(framed(der[:end]))
