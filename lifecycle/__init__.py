"""From the command line to the exit code: arguments, configuration, lock, state, server, signals."""
