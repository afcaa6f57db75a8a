"""Certificates of a small authority, made by the openssl tool."""

import os
import ssl
import subprocess
from pathlib import Path
from typing import NamedTuple

from tests.support import PATIENCE

EC = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
HERE = "DNS:localhost,IP:127.0.0.1"


class Pair(NamedTuple):
    certificate: Path
    key: Path


class Authority:
    """A client with `context()` trusts every pair that was issued."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._root = Pair(folder / "root.pem", folder / "root-key.pem")
        openssl("req", "-x509", *EC, "-subj", "/CN=root", "-out", self._root[0], "-keyout", self._root[1])

    @property
    def root(self) -> Path:
        """The certificate for those who are to trust it."""
        return self._root.certificate

    def issue(self, name: str, *, new: tuple[str, ...] = EC, names: str = HERE) -> Pair:
        """A certificate for `names` with its chain, and the key."""
        pair = Pair(self._folder / f"{name}.pem", self._folder / f"{name}-key.pem")
        certified = ("-addext", f"subjectAltName={names}", "-addext", "basicConstraints=critical,CA:FALSE")
        by = ("-CA", self._root.certificate, "-CAkey", self._root.key, "-days", "90")
        files = ("-out", pair.certificate, "-keyout", pair.key)
        openssl("req", "-x509", *new, "-subj", f"/CN={name}", *certified, *by, *files)
        pair.certificate.write_text(pair.certificate.read_text() + self._root.certificate.read_text())
        return pair

    def context(self) -> ssl.SSLContext:
        """The context of a client as strict as those of Google and Slack."""
        return ssl.create_default_context(cafile=self._root.certificate)


class Lineage:
    """As certbot keeps a certificate: two links, which a renewal points at other files one after the other."""

    def __init__(self, folder: Path, pair: Pair) -> None:
        folder.mkdir()
        self.pair = Pair(folder / "fullchain.pem", folder / "privkey.pem")
        self.renew(pair)

    def renew(self, pair: Pair) -> None:
        for link, target in zip(self.pair, pair, strict=True):
            following = link.with_suffix(".new")
            following.symlink_to(target)
            os.replace(following, link)  # noqa: PTH105 - of the link itself


def openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, timeout=PATIENCE)
