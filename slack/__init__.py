"""Slack, both ways: the only place that knows its field names and its wire text."""
