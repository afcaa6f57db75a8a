"""The version that --version, /healthz and /metrics report."""

VERSION = "0.10.0-dev"  # after a release, the next one with -dev
