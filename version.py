"""The version that --version, /healthz and /metrics report."""

VERSION = "0.9.0"
