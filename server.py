"""Starts the program: `python server.py --help`. What it does then: `lifecycle`."""

import gc

gc.disable()  # modules and the state form few cycles; to look for some meanwhile takes a tenth of a start

import logging  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402

import streams  # noqa: E402
from lifecycle.main import main  # noqa: E402

if __name__ == "__main__":
    streams.set_up()
    code = main(sys.argv[1:])
    sys.stdout.flush()
    logging.shutdown()
    os._exit(code)  # a name lookup that hangs in its thread must not hold up the end
