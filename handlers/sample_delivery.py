"""The command that sends a sample delivery: the banner and the page show it, for people to try."""

from shlex import quote

from config import PLACEHOLDER, Gcp
from google.webhook import SAMPLE
from handlers.routes import DELIVERIES


def sample_delivery_command(gcp: Gcp, url: str, options: str = "") -> str:
    """For the server of that URL. It shows the shipped password, which is no secret, and no other."""
    user = f"{gcp.username}:{PLACEHOLDER}" if PLACEHOLDER in gcp.passwords else gcp.username
    return f"curl {options}-u {quote(user)} {quote(url + DELIVERIES)} -d '{SAMPLE}'"
