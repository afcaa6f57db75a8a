"""Speed, side by side: `make bench`. Ratios of one run, never asserted by a test."""
