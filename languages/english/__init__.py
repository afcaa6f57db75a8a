"""English."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from hosts.incident import Kind, NamedBy
from hosts.model import Status
from languages.english.commands import COMMANDS
from languages.english.digest import EnglishDigest, EnglishGreeting
from languages.english.durations import EnglishTerm
from languages.english.page import EnglishPage
from languages.english.replies import EnglishDeeds, EnglishRemoval, EnglishReplies
from languages.language import Guide
from languages.page_words import PageWords


class English(EnglishDigest, EnglishReplies, EnglishRemoval, EnglishTerm, EnglishDeeds, EnglishGreeting):
    units = (" d", " h", " min", " s")
    statuses: Mapping[Status, str] = {status: status.value for status in Status}
    unheard = "not heard of yet"
    kinds: Mapping[Kind, str] = {
        Kind.DOWNTIME: "down",
        Kind.CERTIFICATE: "certificate about to expire",
        Kind.SIGNAL: "uptime signal",
        Kind.OTHER: "other incident",
    }
    named_by: Mapping[NamedBy, str] = {NamedBy.CHECK: "check", NamedBy.POLICY: "policy"}
    incident = "incident"
    somebody = "somebody"
    uptime = "Uptime"
    percent = " %"
    page: PageWords = EnglishPage()
    commands: Sequence[Guide] = COMMANDS
    courtesies: Collection[str] = frozenset({"please", "pls", "plz", "now", "thanks"})
    help_title = "What you can ask:"
    not_this_team = (
        "This workspace may not ask here. Whoever runs this server can allow it, with `slack.team_id`."
    )

    def moment(self, at: datetime) -> str:
        return f"{at:%Y-%m-%d %H:%M %Z}"

    def since(self, at: str) -> str:
        return f"since {at}"

    def and_more_incidents(self, what: str, more: int) -> str:
        return f"{what} and {more} more incident{'' if more == 1 else 's'}"

    def not_a_command(self, typed: str, command: str) -> str:
        guess = f"Did you mean {command}? " if command else ""
        return f"{typed} is not a command. {guess}Type `uptime help` to see what you can ask."

    def for_example(self, examples: str) -> str:
        return f"For example: {examples}"

    def other_words(self, words: str) -> str:
        return f"Also understood: {words}"

    def which_host(self, verb: str) -> str:
        return f"Which host? Type `uptime {verb} HOST`."

    def not_this_channel(self, channels: Sequence[str]) -> str:
        where = f"Ask in {' or '.join(channels)}." if channels else "Ask whoever runs this server."
        return f"Commands are not taken in this channel. {where}"

    def not_an_admin(self, admins: Sequence[str]) -> str:
        return f"You may ask, but not change anything. Ask {' or '.join(admins)} to do it."
