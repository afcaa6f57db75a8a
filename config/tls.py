"""What a certificate says of itself: PEM text -> who issued it, for whom, from when and until when; pure.

Only what stands before the validity is walked over: https://www.rfc-editor.org/rfc/rfc5280#section-4.1
"""

import re
import ssl
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple, NoReturn

from config.errors import ConfigIssue, IssueError, Report
from config.files import ANSWER_WITHIN, read_file, within
from config.reading import Reading

PEM = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
LONG, VERSION, UTC_TIME = 0x80, 0xA0, 0x17  # of the tags and lengths of DER
SOON, PART = timedelta(days=14), 6  # whichever is shorter: two weeks, or a sixth of the whole life


class Certificate(NamedTuple):
    """The first of a file; `alone` when no other follows, of those who vouch for it."""

    issuer: bytes
    subject: bytes
    begins: datetime
    ends: datetime
    alone: bool

    def is_overdue(self, now: datetime) -> bool:
        """Has it a sixth of its life left, or two weeks, and should have been renewed before?"""
        return self.ends - now < min(SOON, (self.ends - self.begins) / PART)

    def doubt(self, now: datetime) -> str | None:
        """A sentence, when clients will not accept it, or soon will not any more."""
        if self.ends <= now:
            return f"expired on {self.ends:%Y-%m-%d}: Google and Slack do not accept it; renew it"
        if self.begins > now:
            return f"is not valid before {self.begins:%Y-%m-%d %H:%M} UTC; is the clock here right?"
        if self.is_overdue(now):
            return f"expires on {self.ends:%Y-%m-%d}, and nobody has renewed it; try: certbot renew"
        if self.issuer == self.subject:
            return "is signed by itself: Google and Slack accept it only from a public authority"
        if self.alone:
            return "is without the chain that vouches for it; with certbot take fullchain.pem, not cert.pem"
        return None


def read_certificate(text: str) -> Certificate:
    """Raises ValueError when there is none."""
    found = PEM.findall(text)
    if not found:
        raise ValueError("holds no certificate in PEM")
    try:
        fields = _fields(_fields(_fields(ssl.PEM_cert_to_DER_cert(found[0]))[0][1])[0][1])
        first = 1 if fields[0][0] == VERSION else 0  # the oldest certificates have none
        _, _, (_, issuer), (_, validity), (_, subject) = fields[first : first + 5]
        begins, ends = (_moment(tag, value) for tag, value in _fields(validity))
    except (IndexError, ValueError):
        raise ValueError("holds a damaged certificate") from None
    return Certificate(issuer, subject, begins, ends, alone=len(found) == 1)


def _fields(data: bytes) -> list[tuple[int, bytes]]:
    """Tags and values that follow each other in DER."""
    fields = []
    while data:
        tag, size, start = data[0], data[1], 2
        if size & LONG:
            start += size & ~LONG
            size = int.from_bytes(data[2:start])
        if len(data) < start + size:
            raise ValueError("cut off")
        fields.append((tag, data[start : start + size]))
        data = data[start + size :]
    return fields


def _moment(tag: int, value: bytes) -> datetime:
    text = value.decode("ascii")
    if tag == UTC_TIME:  # two digits of the year, which mean 1950 to 2049
        text = ("19" if text >= "5" else "20") + text
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)


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
                report(ConfigIssue(top.lines.get(name), name, text))
        return None
    try:
        return _read(*files)
    except IssueError as error:
        for issue in error.issues:
            report(issue._replace(line=top.lines.get(issue.key)))
        return None


def _error(key: str, text: str) -> IssueError:
    return IssueError(ConfigIssue(None, key, text))


def _read(certificate: Path, key: Path) -> Tls:
    try:
        found = read_certificate(_text(CERTIFICATE, certificate))
    except ValueError as error:
        raise _error(CERTIFICATE, f"{certificate} {error}; with certbot take fullchain.pem") from None
    if "PRIVATE KEY-----" not in _text(KEY, key):
        raise _error(KEY, f"{key} holds no private key in PEM; with certbot take privkey.pem")
    return Tls(_context(certificate, key), found, certificate)


def _text(key: str, path: Path) -> str:
    try:
        data, _ = read_file(path, LARGEST)
        if len(data) > LARGEST:
            raise _error(key, f"{path} is too large for such a file")
        return data.decode("ascii", "replace")
    except OSError as error:
        cure = CURES_OF_READING.get(type(error), "")
        raise _error(key, f"{path} cannot be read: {error.strerror}{cure}") from None


def _context(certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION  # it costs us more than those who ask for it
    context.set_alpn_protocols(["http/1.1"])

    def no_password() -> NoReturn:  # instead of asking at the terminal
        raise _error(KEY, f"{key} is encrypted; take the password away: openssl pkey -in {key} -out NEW")

    try:
        within(ANSWER_WITHIN, key, partial(context.load_cert_chain, certificate, key, no_password))
    except OSError as error:
        reason = str(getattr(error, "reason", None) or error.strerror)
        said = CURES.get(reason, f"cannot be used: {reason}")
        raise _error(KEY, f"{certificate} and {key} {said}") from None
    return context
