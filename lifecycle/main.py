"""Parses the command line, runs what it asks for and returns the exit code."""

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from config import Config, ConfigError, UnreadableConfigError, load, state_file
from config.files import describe
from google.refusals import GoogleError
from lifecycle import logs, streams
from lifecycle.check import as_service, check, post_tests
from lifecycle.doctor import doctor
from lifecycle.early_signals import EarlySignals, is_server
from lifecycle.export_import import export_state, import_state
from lifecycle.preview import UnknownChannel, preview
from lifecycle.serving import serve
from state.atomic_file import StateReplaced, UnsafeFile
from state.loading import AlreadyRunning, StateDamaged
from version import VERSION

EXIT_CODES: dict[type[Exception], int] = {
    UnknownChannel: os.EX_USAGE,
    ConfigError: os.EX_CONFIG,
    AlreadyRunning: os.EX_TEMPFAIL,
    StateReplaced: os.EX_TEMPFAIL,
    StateDamaged: os.EX_DATAERR,
    UnsafeFile: os.EX_NOPERM,
    GoogleError: os.EX_UNAVAILABLE,
    OSError: os.EX_OSERR,
}
CHECK_FAILED = 1
HELP_WIDTH = 78

SHIPPED = Path(__file__).resolve().parent.parent / "config.yaml"

log = logging.getLogger("server")


def main(arguments: Sequence[str], early: EarlySignals | None = None) -> int:
    """`early`: the signals received before this module was imported."""
    options = _parse(arguments)
    logs.set_up()
    if is_server(arguments):
        streams.drop_unread()
    try:
        return _run(options, early)
    except ConfigError as error:
        return _reject(error, options)
    except tuple(EXIT_CODES) as error:
        log.critical("%s", describe(error) if isinstance(error, OSError) else error)
        return next(code for kind, code in EXIT_CODES.items() if isinstance(error, kind))
    except Exception:
        log.exception("unhandled exception")
        return os.EX_SOFTWARE


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.post and not options.check:
        parser.error("--post requires --check")
    return options


def _parser() -> argparse.ArgumentParser:
    about = "Post the status of hosts watched by Google Cloud Monitoring to Slack."
    version, show_version = f"uptime-check-manager {VERSION}", "print the version and exit"
    config = f"configuration file (default: {str(SHIPPED).replace('%', '%%')})"
    preview = "print the current digest of CHANNEL, or of every channel, and exit"
    examine = "print what keeps Google's notifications from arriving, and exit"
    to_file = "write the state to FILE, or - for stdout, and exit"
    from_file = "restore the state from FILE, or - for stdin, and exit"
    # To ask for the terminal's width, argparse would load compression libraries: 0.6 MB (measured).
    formatter = partial(argparse.HelpFormatter, width=HELP_WIDTH)
    parser = argparse.ArgumentParser(description=about, formatter_class=formatter)
    parser.add_argument("--version", action="version", version=version, help=show_version)
    parser.add_argument("--config", type=Path, metavar="FILE", help=config)
    modes = parser.add_mutually_exclusive_group()
    modes.add_argument("--check", action="store_true", help="check the configuration and exit")
    parser.add_argument("--post", action="store_true", help="with --check: also post a test message to Slack")
    modes.add_argument("--preview", nargs="?", const="", metavar="CHANNEL", help=preview)
    modes.add_argument("--doctor", action="store_true", help=examine)
    modes.add_argument("--export", dest="export_to", metavar="FILE", help=to_file)
    modes.add_argument("--import", dest="import_from", metavar="FILE", help=from_file)
    return parser


def _run(options: argparse.Namespace, early: EarlySignals | None) -> int:
    """Return the exit code. Raises what is in EXIT_CODES."""
    path: Path = options.config or SHIPPED
    if options.export_to is not None:
        export_state(state_file(path), options.export_to)
        return os.EX_OK
    if options.import_from is not None:
        import_state(state_file(path), options.import_from, datetime.now(UTC))
        return os.EX_OK
    if options.check:
        with as_service(path):
            return _check(path, post=options.post)
    config = load(path)
    if options.preview is not None:
        preview(config, options.preview, datetime.now(UTC))
        return os.EX_OK
    if options.doctor:
        return doctor(config, datetime.now(UTC))
    _log_warnings(config)
    return _serve(config, early)


def _check(path: Path, *, post: bool) -> int:
    config = load(path)
    _log_warnings(config)
    check(config, path)
    return post_tests(config) if post else os.EX_OK


def _log_warnings(config: Config) -> None:
    for warning in config.warnings:
        log.warning("%s", warning)


def _reject(error: ConfigError, options: argparse.Namespace) -> int:
    text = str(error)
    if isinstance(error, UnreadableConfigError) and not options.config:
        text += "; name the file with --config"
    if options.check:
        print(text, file=sys.stderr)
        return CHECK_FAILED
    for line in text.splitlines():
        log.critical("%s", line)
    return EXIT_CODES[ConfigError]


def _serve(config: Config, early: EarlySignals | None) -> int:
    loop = asyncio.new_event_loop()  # asyncio.run would wait for a thread whose name lookup hangs
    try:
        loop.run_until_complete(serve(config, lambda: datetime.now(UTC), early))
    except AlreadyRunning as error:
        hint = "stop that one first, or give this one a state_file and a listen.port of its own"
        raise AlreadyRunning(f"{error}; {hint}") from None
    return os.EX_OK
