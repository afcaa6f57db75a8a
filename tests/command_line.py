"""The program's commands as they are typed at a terminal, without starting a Python process for each."""

import io
import logging
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from lifecycle import logs
from lifecycle.main import main
from tests.program import Program


class Done(NamedTuple):
    code: int
    printed: bytes
    logged: str


def run(program: Program, *arguments: str | Path, given: bytes = b"") -> Done:
    """Runs `server.py --config …` in this process. `given` is its standard input."""
    return run_main("--config", program.config, *arguments, given=given)


def run_main(*arguments: str | Path, given: bytes = b"") -> Done:
    stdin, stdout, stderr = (
        io.TextIOWrapper(io.BytesIO(data), "utf-8", write_through=True) for data in (given, b"", b"")
    )
    handler = logging.StreamHandler(stderr)
    handler.setFormatter(logs.Formatter("%(levelname)s %(name)s: %(message)s"))
    logging.root.addHandler(handler)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", stdin)
        patch.setattr(sys, "stdout", stdout)
        patch.setattr(sys, "stderr", stderr)
        patch.setattr(logs, "set_up", lambda: None)
        try:
            code = main([str(each) for each in arguments])
        except SystemExit as end:  # of argparse
            code = int(end.code or 0)
        finally:
            logging.root.removeHandler(handler)
    printed, logged = (stream.buffer.getvalue() for stream in (stdout, stderr))
    return Done(code, printed, logged.decode())
