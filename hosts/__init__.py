"""The domain: what is known about hosts and how it may change. Pure: no I/O."""
