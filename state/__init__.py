"""What is known, what may happen to it, and where it is kept."""
