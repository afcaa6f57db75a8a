"""A certificate and its key in files -> how HTTPS is served with them."""

import ssl
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple, NoReturn

from config.certificate import Certificate, read_certificate
from config.files import ANSWER_WITHIN, read_file, within
from config.problem import Problem, Report
from config.reading import Reading

CERTIFICATE, KEY = "tls.certificate", "tls.key"
STRANGERS = "do not belong together: take both from the same folder, such as one of certbot"
LARGEST = 1024 * 1024  # bytes
# https://docs.openssl.org/3.0/man3/ERR_get_error/ by their names, as Python has them
CURES = {
    "KEY_VALUES_MISMATCH": STRANGERS,
    "NO_CERTIFICATE_ASSIGNED": STRANGERS,
    "EE_KEY_TOO_SMALL": "are too weak; make new ones: an EC key, or RSA of 2048 bits or more",
    "CA_MD_TOO_WEAK": "are too weak; make new ones, signed with SHA-256",
}
CURES_OF_READING: dict[type[OSError], str] = {
    FileNotFoundError: "; is it there?",
    PermissionError: "; let the user of the service read it",
}


class Tls(NamedTuple):
    """`context` is for all connections from now on."""

    context: ssl.SSLContext
    certificate: Certificate
    file: Path

    def doubt(self, now: datetime) -> str | None:
        """A sentence about the certificate."""
        said = self.certificate.doubt(now)
        return said and f"the certificate in {self.file} {said}"


def tls_files(top: Reading, folder: Path) -> tuple[Path, ...]:
    """The certificate and the key, of those that are configured."""
    return tuple(folder / name for name in map(top.values.get, (CERTIFICATE, KEY)) if isinstance(name, Path))


def read_tls(top: Reading, files: tuple[Path, ...], report: Report) -> Tls | None:
    """None: HTTP is served, or something is wrong and reported."""
    if not files:
        return None
    if len(files) == 1:
        for name in (CERTIFICATE, KEY):
            if top.values.get(name, "") is None:  # one that has a mistake has no value
                text = "is missing; the certificate and its key are needed, each in its file"
                report(Problem(top.lines.get(name), name, text))
        return None
    try:
        return _read(*files)
    except _Bad as bad:
        report(Problem(top.lines.get(bad.key), bad.key, str(bad)))
        return None


class _Bad(Exception):
    def __init__(self, key: str, text: str) -> None:
        self.key = key
        super().__init__(text)


def _read(certificate: Path, key: Path) -> Tls:
    try:
        found = read_certificate(_text(CERTIFICATE, certificate))
    except ValueError as error:
        raise _Bad(CERTIFICATE, f"{certificate} {error}; with certbot take fullchain.pem") from None
    if "PRIVATE KEY-----" not in _text(KEY, key):
        raise _Bad(KEY, f"{key} holds no private key in PEM; with certbot take privkey.pem")
    return Tls(_context(certificate, key), found, certificate)


def _text(key: str, path: Path) -> str:
    try:
        data, _ = read_file(path, LARGEST)
        if len(data) > LARGEST:
            raise _Bad(key, f"{path} is too large for such a file")
        return data.decode("ascii", "replace")
    except OSError as error:
        cure = CURES_OF_READING.get(type(error), "")
        raise _Bad(key, f"{path} cannot be read: {error.strerror}{cure}") from None


def _context(certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION  # it costs us more than those who ask for it
    context.set_alpn_protocols(["http/1.1"])

    def no_password() -> NoReturn:  # instead of asking at the terminal
        raise _Bad(KEY, f"{key} is encrypted; take the password away: openssl pkey -in {key} -out NEW")

    try:
        within(ANSWER_WITHIN, key, partial(context.load_cert_chain, certificate, key, no_password))
    except OSError as error:
        reason = str(getattr(error, "reason", None) or error.strerror)
        raise _Bad(KEY, f"{certificate} and {key} {CURES.get(reason, f'cannot be used: {reason}')}") from None
    return context
