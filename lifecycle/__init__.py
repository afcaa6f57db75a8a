"""From the arguments to the exit code."""
