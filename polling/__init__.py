"""Asks Google again and again, and brings the state in line with its answers."""
