"""The style, the script and the icons, each under a hash of its content."""

import gzip
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).resolve().parent / "assets"
TYPES = {
    ".css": "text/css; charset=UTF-8",
    ".js": "text/javascript; charset=UTF-8",
    ".svg": "image/svg+xml",
}


class Asset(NamedTuple):
    """A file as it is sent."""

    hash: str
    media_type: str
    content: bytes
    compressed: bytes


def asset(name: str) -> str:
    """Its address, which is another one whenever its content is."""
    return f"assets/{assets()[name].hash}/{name}"


@cache
def assets() -> Mapping[str, Asset]:
    return {file.name: _asset(file) for file in FOLDER.iterdir() if file.suffix in TYPES}


def _asset(file: Path) -> Asset:
    content = file.read_bytes()
    compressed = gzip.compress(content, mtime=0)
    return Asset(sha256(content).hexdigest()[:16], TYPES[file.suffix], content, compressed)
