"""The only package that knows the field names of Google Cloud Monitoring."""
