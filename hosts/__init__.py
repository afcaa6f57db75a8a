"""The domain: hosts, incidents, outages, mutes, and how they may change. No I/O."""
