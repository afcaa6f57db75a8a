"""One file per module; test_server.py runs the real program."""
