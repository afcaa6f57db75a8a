"""English."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from hosts.incident import Kind, NamedBy
from hosts.model import Status
from languages.english.buttons import EnglishButtons
from languages.english.commands import COMMANDS
from languages.english.durations import EnglishDurations
from languages.english.messages import EnglishMessages, counted
from languages.english.page import EnglishPage
from languages.english.replies import EnglishReplies
from languages.language import Guide, MuteVerbs
from languages.page_words import PageWords


class English(EnglishMessages, EnglishReplies, EnglishButtons, EnglishDurations):
    """The whole language, with the words that messages and replies share."""

    units = (" d", " h", " min", " s")
    statuses: Mapping[Status, str] = {status: status.value for status in Status}
    never_reported = "no data yet"
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
    date_and_time = "{date_short_pretty} at {time}"
    at_time = "at {time}"
    commands: Sequence[Guide] = COMMANDS
    mute_verbs: Sequence[MuteVerbs] = (
        MuteVerbs("mute", "unmute", "muted"),
        MuteVerbs("remove", "restore", "removed"),
    )
    up_words: Collection[str] = frozenset({"up"})
    warning_words: Collection[str] = frozenset({"warnings", "warning"})
    acknowledge_words: Collection[str] = frozenset({"ack", "acknowledge", "acked"})
    every_host_words: Collection[str] = frozenset(
        {"all", "everything", "everyone", "everybody", "every host", "all hosts", "any", "anything", "hosts"}
    )
    question_words: Collection[str] = frozenset({
        "a", "about", "and", "anything", "are", "any", "back", "does", "doing", "down", "everything",
        "fine", "going", "hosts", "how", "how's", "i", "is", "it", "like", "list", "me", "now", "of",
        "ok", "okay", "one", "right", "see", "show", "state", "status", "still", "tell", "that", "the",
        "there", "this", "up", "was", "were", "what", "what's", "whats", "with", "working"
    })  # fmt: skip
    polite_words: Collection[str] = frozenset({"please", "pls", "plz", "kindly"})
    courtesies: Collection[str] = frozenset({*polite_words, "now", "thanks"})

    def moment(self, at: datetime) -> str:
        return f"{at:%Y-%m-%d %H:%M %Z}"

    def since(self, at: str) -> str:
        return f"since {at}"

    def and_more_incidents(self, what: str, more: int) -> str:
        return f"{what} and {counted(more, 'more incident')}"
