"""Content of digests and alerts, when they are due, and the job that posts them. Knows nothing of Slack."""
