"""The version of the program, as `--version`, `/healthz` and `/metrics` say it."""

VERSION = "0.9.0"
