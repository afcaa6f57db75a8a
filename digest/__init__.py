"""What a digest says, when it is due, and the job that posts it. It knows no Slack."""

from digest.model import Digest, Down, Muted, Recovery, Warned

__all__ = ["Digest", "Down", "Muted", "Recovery", "Warned"]
