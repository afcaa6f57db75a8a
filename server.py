"""Starts the program: `python server.py --help`. What it does then: `lifecycle`."""

import sys

from lifecycle.signals import EarlySignals

if __name__ == "__main__":
    early = EarlySignals(sys.argv[1:])

    import gc

    gc.disable()  # modules and the state form few cycles; to look for some meanwhile takes a tenth of a start

    import logging
    import os

    from lifecycle import streams
    from lifecycle.main import main

    streams.set_up()
    code = main(sys.argv[1:], early)
    sys.stdout.flush()
    logging.shutdown()
    os._exit(code)  # a name lookup that hangs in its thread must not hold up the end
