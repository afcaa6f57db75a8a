"""English."""

from collections.abc import Mapping, Sequence

from hosts.incident import Kind, NamedBy
from hosts.model import Status
from languages.english.commands import COMMANDS, EnglishQuestions
from languages.english.doctor import EnglishDoctor
from languages.english.durations import EnglishDurations
from languages.english.messages import EnglishMessages, counted
from languages.english.page import EnglishPage
from languages.english.replies import EnglishReplies
from languages.page import PageWords
from languages.typed import Guide, MuteVerbs


class English(EnglishMessages, EnglishReplies, EnglishDoctor, EnglishDurations, EnglishQuestions):
    """The whole language, with the words that messages and replies share."""

    units = (" d", " h", " min", " s")
    statuses: Mapping[Status, str] = {status: status.value for status in Status}
    never_reported = "no data yet"
    no_such_host = "no host has this name"
    disabled = "check disabled"
    gone = "no longer watched"
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
    moment = "{:%Y-%m-%d %H:%M %Z}".format
    since = "since {}".format

    def and_more_incidents(self, what: str, more: int) -> str:
        return f"{what} and {counted(more, 'more incident')}"
