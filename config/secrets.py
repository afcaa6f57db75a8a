"""Secrets: read from files of their own, such as systemd credentials, and compared in constant time."""

import hmac
import os
import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from config import values
from config.files import read_file, why_not
from config.placeholders import advice
from config.schema import Key

CREDENTIALS = "CREDENTIALS_DIRECTORY"  # environment variable, set by systemd
LINE_END = re.compile(r"\r?\n|\r")  # unlike str.splitlines: a secret may contain other separators
MAX_SECRET_FILE_SIZE = 64 * 1024  # bytes


def read_secret_file(key: Key, name: str, folder: Path) -> object:
    """The value of `key`, without the empty lines and white space that editors leave.

    Raises ValueError with the path, never with the secret.
    """
    path = secret_path(name, folder)
    text = _text(path, name)
    if not text:
        raise ValueError(f"{path} is empty")
    lines = [line.strip() for line in LINE_END.split(text) if line.strip()]
    if len(lines) > 1 and not key.multiple:
        raise ValueError(f"{path} has {len(lines)} lines; keep only one")
    secrets = list[object]()
    for line in lines:
        try:
            secrets.append(key.read(line))
        except ValueError as error:
            raise ValueError(f"{path}: {advice(line, error)}") from None
    return tuple(secrets) if key.multiple else secrets[0]


def secret_path(name: str, folder: Path) -> Path:
    """Resolve a relative path to a systemd credential of that name, or else from `folder`.

    https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Credentials
    """
    path = values.path(name)
    credentials = os.environ.get(CREDENTIALS)
    if credentials and not path.is_absolute() and _is_there(Path(credentials) / path):
        return Path(credentials) / path
    return folder / path


def _is_there(credential: Path) -> bool:
    try:
        return credential.exists()
    except PermissionError:  # reported when it is read
        return True
    except OSError:  # such as a name that is too long
        return False


def _text(path: Path, name: str) -> str:
    """Raises ValueError, which says what to do if `name` may be meant as a credential."""
    try:
        data, _ = read_file(path, MAX_SECRET_FILE_SIZE)
    except OSError as error:
        credentials = "" if Path(name).is_absolute() else os.environ.get(CREDENTIALS)
        if credentials and isinstance(error, FileNotFoundError):
            raise ValueError(_no_credential(Path(credentials), name, path)) from None
        raise ValueError(f"cannot read {path}: {why_not(error, path)}") from None
    try:
        return data.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not UTF-8 text; save it as UTF-8") from None


def _no_credential(credentials: Path, name: str, path: Path) -> str:
    if _is_there(credentials):
        return f"there is neither {credentials / name} nor {path}; a new credential is there after a restart"
    only = f"{credentials}, where systemd puts credentials, is there only while the service runs"
    return f"cannot read {name}: {only}; start the service, then try again"


def is_one_of(given: bytes, secrets: Iterable[bytes]) -> bool:
    """Compare digests, which all have the same length, with every secret, so that timing reveals nothing."""
    digest = sha256(given).digest()
    matches = [hmac.compare_digest(digest, sha256(secret).digest()) for secret in secrets]
    return any(matches)
