"""Arguments -> what is asked for -> an exit code that says who must act."""

import argparse
import asyncio
import logging
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from config import Config, ConfigError, UnreadableConfigError, load, state_file
from lifecycle import logs, streams
from lifecycle.permissions import told
from lifecycle.serving import serve
from lifecycle.signals import EarlySignals
from state.atomic_file import StateReplaced, UnsafeFile
from state.loading import AlreadyRunning, StateDamaged

# Exit codes, by sysexits.h where it has one.
USAGE = 64
DAMAGED = 65
FAULT = 70
CANNOT_START = 71
ALREADY_RUNNING = 75
UNTRUSTED = 77
BAD_CONFIG = 78
CODES: dict[type[Exception], int] = {
    ConfigError: BAD_CONFIG,
    AlreadyRunning: ALREADY_RUNNING,
    StateReplaced: ALREADY_RUNNING,
    StateDamaged: DAMAGED,
    UnsafeFile: UNTRUSTED,
    OSError: CANNOT_START,
}

SHIPPED = Path(__file__).resolve().parent.parent / "config.yaml"
WIDTH = 100  # columns, of --help

log = logging.getLogger("server")


def main(arguments: Sequence[str], early: EarlySignals | None = None) -> int:
    """`early`: what has come until now, if somebody cared for signals before this was even imported."""
    options = _options(arguments)
    logs.set_up()
    if _is_to_serve(options):
        streams.wait_for_no_reader()
    return _guarded(lambda: _work(options, early))


def _work(options: argparse.Namespace, early: EarlySignals | None) -> int:
    """What is asked for; the exit code. Raises what stands in CODES."""
    if options.export_to is not None or options.import_from is not None:
        return _move(options)
    try:
        config = load(options.config)
    except ConfigError as error:
        return _bad(error, options)
    for warning in config.warnings:
        log.warning("%s", warning)
    if options.check:
        return _check(config, options)
    if options.preview is not None:
        return _preview(config, options.preview)
    return _run(config, options.config, early)


def _is_to_serve(options: argparse.Namespace) -> bool:
    instead = (options.preview, options.export_to, options.import_from)
    return not options.check and all(each is None for each in instead)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    # To ask the terminal for its width takes twenty times as long as all the rest.
    formatter = partial(argparse.HelpFormatter, width=WIDTH)
    parser = argparse.ArgumentParser(
        description="Tells Slack how the hosts that Google watches stand.", formatter_class=formatter
    )
    parser.add_argument("--config", type=Path, default=SHIPPED, metavar="FILE", help="default: %(default)s")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--check", action="store_true", help="only say whether the configuration is good")
    parser.add_argument("--post", action="store_true", help="with --check: send a test message, too")
    only.add_argument(
        "--preview",
        nargs="?",
        const="",
        metavar="CHANNEL",
        help="only print the digest that would go out now",
    )
    to, back = "only write the whole state to FILE, or to -", "only put such a state back in place"
    only.add_argument("--export", dest="export_to", metavar="FILE", help=to)
    only.add_argument("--import", dest="import_from", metavar="FILE", help=back)
    options = parser.parse_args(arguments)
    if options.post and not options.check:
        parser.error("--post goes with --check")
    return options


def _bad(error: ConfigError, options: argparse.Namespace) -> int:
    """To the journal with its level; to who asked for a check as it is."""
    said = str(error)
    if isinstance(error, UnreadableConfigError) and options.config == SHIPPED:
        said += "; name the file with --config"
    if options.check:
        print(said, file=sys.stderr)
        return 1
    for mistake in said.splitlines():
        log.critical("%s", mistake)
    return BAD_CONFIG


# What a server does not need is loaded where it is asked for: every start would feel it.


def _check(config: Config, options: argparse.Namespace) -> int:
    from lifecycle.check import check, post_tests  # noqa: PLC0415

    check(config, options.config)
    return post_tests(config) if options.post else 0


def _preview(config: Config, name: str) -> int:
    from lifecycle.preview import UnknownChannel, chosen, preview  # noqa: PLC0415

    try:
        channels = chosen(config, name)
    except UnknownChannel as error:
        return _abort(error, USAGE)
    preview(config, channels, datetime.now(UTC))
    return 0


def _move(options: argparse.Namespace) -> int:
    from lifecycle.backup import export_state, import_state  # noqa: PLC0415

    path = state_file(options.config)
    if options.export_to is not None:
        export_state(path, options.export_to)
    else:
        import_state(path, options.import_from, datetime.now(UTC))
    return 0


def _run(config: Config, path: Path, early: EarlySignals | None) -> int:
    loop = asyncio.new_event_loop()  # asyncio.run would wait at the end for a name lookup that hangs
    loop.run_until_complete(serve(config, path, lambda: datetime.now(UTC), early))
    return 0


def _guarded(work: Callable[[], int]) -> int:
    """The exit code says who must act: see the table in the README."""
    try:
        return work()
    except tuple(CODES) as error:
        return _abort(error, next(code for kind, code in CODES.items() if isinstance(error, kind)))
    except Exception:
        log.exception("a fault of this program ended it")
        return FAULT


def _abort(error: Exception, code: int) -> int:
    log.critical("%s", told(error) if isinstance(error, OSError) else error)
    return code
