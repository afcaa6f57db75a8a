"""The content of digests and alerts, when they are due, and the job that posts them. Knows no Slack."""
