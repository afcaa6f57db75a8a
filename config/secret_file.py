"""A secret that stands in a file of its own, such as a credential of systemd."""

import os
from pathlib import Path

from config import values
from config.files import read_file
from config.schema import Key

CREDENTIALS = "CREDENTIALS_DIRECTORY"  # of the service, in the environment
LARGEST = 64 * 1024  # bytes


def read_secret_file(key: Key, name: str, folder: Path) -> object:
    """The value of `key`; ValueError says what is wrong, with the path and without the secret.

    White space around a secret, empty lines and the line ends of Windows are what editors leave.
    """
    path = secret_path(name, folder)
    text = _text(path)
    if not text:
        raise ValueError(f"{path} is empty")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and not key.many:
        raise ValueError(f"{path} has {len(lines)} lines; leave only the one that is meant")
    try:
        secrets = tuple(map(key.read, lines))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    return secrets if key.many else secrets[0]


def secret_path(name: str, folder: Path) -> Path:
    """A relative path is a credential of systemd's, if there is one, or else begins at `folder`.

    Raises ValueError. https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Credentials
    """
    path = values.path(name)
    credentials = os.environ.get(CREDENTIALS)
    if credentials and not path.is_absolute() and _is_there(Path(credentials) / path):
        return Path(credentials) / path
    return folder / path


def _is_there(credential: Path) -> bool:
    try:
        return credential.exists()
    except PermissionError:  # it is said when it is read
        return True


def _text(path: Path) -> str:
    try:
        data, _ = read_file(path, LARGEST)
    except OSError as error:
        raise ValueError(f"cannot read {path}: {error.strerror}") from None
    if len(data) > LARGEST:
        raise ValueError(f"{path} is larger than {LARGEST} bytes: is it the right file?")
    try:
        return data.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not UTF-8 text; save it as that") from None
