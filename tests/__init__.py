"""One file a module; test_server.py runs the real program."""
