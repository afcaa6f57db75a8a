"""The certificate for HTTPS and its key: read and checked, with a warning before it expires.

Reads only the first fields of the DER: https://www.rfc-editor.org/rfc/rfc5280#section-4.1
Python's ssl gives the dates of a certificate only after a handshake that verified it.
"""

import re
import ssl
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple, NoReturn

from config.errors import ConfigIssue, IssueError
from config.files import call_with_timeout, read_file
from config.reading import Reading

CERTIFICATE, KEY = "tls.certificate", "tls.key"
MAX_PEM_SIZE = 1024 * 1024  # bytes
PEM = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
LONG_LENGTH, VERSION, UTC_TIME = 0x80, 0xA0, 0x17  # tags and lengths of DER
OVERDUE, OVERDUE_PART = timedelta(days=14), 6  # two weeks or a sixth of its life, whichever is shorter
MISMATCH = "do not belong together: use both from the same folder, such as certbot's"
HINTS = {  # https://docs.openssl.org/3.0/man3/ERR_get_error/, by the names that Python has for them
    "KEY_VALUES_MISMATCH": MISMATCH,
    "NO_CERTIFICATE_ASSIGNED": MISMATCH,
    "EE_KEY_TOO_SMALL": "are too weak; make new ones: an EC key, or RSA of 2048 bits or more",
    "CA_MD_TOO_WEAK": "are too weak; make new ones, signed with SHA-256",
}
READ_HINTS: dict[type[OSError], str] = {
    FileNotFoundError: "; is it there?",
    PermissionError: "; give the service's user read access",
}


class Certificate(NamedTuple):
    """The first certificate in a file; `alone` if no chain follows it."""

    issuer: bytes
    subject: bytes
    not_before: datetime
    not_after: datetime
    alone: bool

    def is_overdue(self, now: datetime) -> bool:
        """Whether it should have been renewed by now."""
        return self.not_after - now < min(OVERDUE, (self.not_after - self.not_before) / OVERDUE_PART)

    def warning(self, now: datetime) -> str | None:
        """Why clients reject it, or soon will."""
        if self.not_after <= now:
            return f"expired on {self.not_after:%Y-%m-%d}: Google and Slack do not accept it; renew it"
        if self.not_before > now:
            return f"is not valid before {self.not_before:%Y-%m-%d %H:%M} UTC; is the clock here right?"
        if self.is_overdue(now):
            return f"expires on {self.not_after:%Y-%m-%d}, and has not been renewed; try: certbot renew"
        if self.issuer == self.subject:
            return "is self-signed: Google and Slack accept only certificates from a public authority"
        if self.alone:
            return "comes without its chain; with certbot use fullchain.pem, not cert.pem"
        return None


class Tls(NamedTuple):
    """`context` is for new connections, `file` holds the certificate."""

    context: ssl.SSLContext
    certificate: Certificate
    file: Path

    def warning(self, now: datetime) -> str | None:
        warning = self.certificate.warning(now)
        return warning and f"the certificate in {self.file} {warning}"


def tls_files(top: Reading, folder: Path) -> tuple[Path, ...]:
    """The paths of the certificate and the key, as far as they are set."""
    return tuple(folder / name for name in map(top.values.get, (CERTIFICATE, KEY)) if isinstance(name, Path))


def read_tls(top: Reading, files: tuple[Path, ...], issues: list[ConfigIssue]) -> Tls | None:
    """None for plain HTTP, and after adding to `issues`."""
    if not files:
        return None
    if len(files) == 1:
        for name in (CERTIFICATE, KEY):
            if top.values.get(name, "") is None:  # a key with an issue has no value
                text = "is missing; set both tls.certificate and tls.key"
                issues.append(ConfigIssue(top.lines.get(name), name, text))
        return None
    try:
        return _read(*files)
    except IssueError as error:
        issues += [issue._replace(line=top.lines.get(issue.key)) for issue in error.issues]
        return None


def read_certificate(text: str) -> Certificate:
    """The first certificate of a PEM text. Raises ValueError if there is no good one."""
    found = PEM.findall(text)
    if not found:
        raise ValueError("contains no PEM certificate")
    try:
        fields = _der_fields(_der_fields(_der_fields(ssl.PEM_cert_to_DER_cert(found[0]))[0][1])[0][1])
        first = 1 if fields[0][0] == VERSION else 0  # version 1 certificates lack the field
        _, _, (_, issuer), (_, validity), (_, subject) = fields[first : first + 5]
        not_before, not_after = (_der_time(tag, value) for tag, value in _der_fields(validity))
    except (IndexError, ValueError):
        raise ValueError("contains a damaged certificate") from None
    return Certificate(issuer, subject, not_before, not_after, alone=len(found) == 1)


def _der_fields(data: bytes) -> list[tuple[int, bytes]]:
    fields = []
    while data:
        tag, size, start = data[0], data[1], 2
        if size & LONG_LENGTH:
            start += size & ~LONG_LENGTH
            size = int.from_bytes(data[2:start])
        if len(data) < start + size:
            raise ValueError("cut off")
        fields.append((tag, data[start : start + size]))
        data = data[start + size :]
    return fields


def _der_time(tag: int, value: bytes) -> datetime:
    text = value.decode("ascii")
    if tag == UTC_TIME:  # a year of two digits, from 1950 to 2049
        text = ("19" if text >= "5" else "20") + text
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)


def _error(key: str, text: str) -> IssueError:
    return IssueError(ConfigIssue(None, key, text))


def _read(certificate: Path, key: Path) -> Tls:
    try:
        found = read_certificate(_text(CERTIFICATE, certificate))
    except ValueError as error:
        raise _error(CERTIFICATE, f"{certificate} {error}; with certbot use fullchain.pem") from None
    if "PRIVATE KEY-----" not in _text(KEY, key):
        raise _error(KEY, f"{key} contains no PEM private key; with certbot use privkey.pem")
    return Tls(_context(certificate, key), found, certificate)


def _text(key: str, path: Path) -> str:
    try:
        data, _ = read_file(path, MAX_PEM_SIZE)
    except OSError as error:
        hint = READ_HINTS.get(type(error), "")
        raise _error(key, f"{path} cannot be read: {error.strerror}{hint}") from None
    return data.decode("ascii", "replace")


def _context(certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION  # it costs the server more than the client
    context.set_alpn_protocols(["http/1.1"])

    def no_password() -> NoReturn:  # otherwise OpenSSL asks at the terminal
        raise _error(KEY, f"{key} is encrypted; remove the password: openssl pkey -in {key} -out NEW")

    try:
        call_with_timeout(key, partial(context.load_cert_chain, certificate, key, no_password))
    except OSError as error:
        reason = str(getattr(error, "reason", None) or error.strerror)
        hint = HINTS.get(reason, f"cannot be used: {reason}")
        raise _error(KEY, f"{certificate} and {key} {hint}") from None
    return context
