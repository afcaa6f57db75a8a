"""Writes a configuration file and loads it, or returns what is wrong with it."""

import re
from pathlib import Path

import pytest

from config import Config, ConfigError, load
from tests.support import ROOT

GOOD = "gcp: {password: a long enough password}\n"  # all that a configuration needs
NO_EXPRESSION = "regular expressions are not supported; * stands for any part of a name: *.example.com"
SHIPPED = (ROOT / "config.yaml").read_text()
WITH_CHANNELS = re.sub(r"^# (channels:|  )", r"\1", SHIPPED, flags=re.MULTILINE)  # with its example of them


def read(folder: Path, text: str | bytes) -> Config:
    file = folder / "config.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    file.chmod(0o600)
    return load(file)


def mistakes(folder: Path, text: str | bytes) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(folder, text)
    return str(caught.value).replace(f"{folder / 'config.yaml'} ", "").splitlines()
