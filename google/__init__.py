"""Everything that depends on the field names of Google Cloud Monitoring."""
