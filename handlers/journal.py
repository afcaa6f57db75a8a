"""One line in the journal for everything that a person changed: `changes: {"did": "remove", …}`."""

import json
import logging

from hosts.identity import in_full
from hosts.model import Deed
from slack.request import Request
from slack.text import one_line

log = logging.getLogger("changes")

LONGEST = 512  # characters of a host: a name from a file edited by hand must not cut its line short


def record_change(request: Request, deed: Deed) -> None:
    """JSON in one line: what people typed cannot end a value and begin another."""
    door = "slash command" if request.is_slash else "outgoing webhook"
    told = {
        "did": deed.did,
        "host": one_line(in_full(deed.what))[:LONGEST],
        **_term(deed),
        "user_id": request.user_id,
        "user_name": request.user_name,
        "team_id": request.team_id,
        "channel_id": request.channel_id,
        "door": door,
    }
    log.info("%s", json.dumps(told, ensure_ascii=False))


def _term(deed: Deed) -> dict[str, str]:
    """Until when it is removed, and why, as far as that was said."""
    until = f"{deed.until:%Y-%m-%dT%H:%M:%SZ}" if deed.until else "up" if deed.until_up else ""
    return {name: text for name, text in (("until", until), ("reason", deed.reason)) if text}
