"""The commands, what they find when they are carried out, and how to say what to type instead."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from hosts.model import AuditEntry, Host, Mute, State, Status
from languages import ENGLISH, Language, Locale
from languages.typed import MuteVerbs
from slack.host_names import Names
from slack.text import cut, to_type

MUTE, REMOVE = ENGLISH.mute_verbs
LONGEST_OFFER = 1500  # characters: enough for as many hosts as one command may name, and a reason


class Help(NamedTuple):
    """Explains one command, or all of them.

    Attributes:
        ignored: words that were typed after the command and have no meaning here.
        verbs: the words to use for muting; None for those of the language's manual.
        verb: what to type for the command.
    """

    command: str | None = None
    ignored: str = ""
    verbs: MuteVerbs | None = None
    verb: str = ""


class Check(NamedTuple):
    """Reports the hosts `typed`, or how everything stands; with a `status`, only the hosts that have it.

    `verb`, here and in other queries: what to type for the command.
    """

    typed: str | None = None
    status: Status | None = None
    verb: str = "check"


class Down(NamedTuple):
    """Lists what is down, of the hosts `typed` or of all."""

    typed: str | None = None
    verb: str = "down"


class Removed(NamedTuple):
    """Lists mutes, those about the hosts `typed` or all."""

    typed: str | None = None
    verbs: MuteVerbs = REMOVE


class Log(NamedTuple):
    """Lists what people changed, on the hosts `typed` or on all."""

    typed: str | None = None
    verb: str = "log"


class History(NamedTuple):
    """Lists the last outages, of the hosts `typed` or of all."""

    typed: str | None = None
    verb: str = "history"


class Doctor(NamedTuple):
    """Says what keeps Google's notifications from arriving."""


class Undo(NamedTuple):
    """Says what to type to undo one's own last change, of the hosts `typed` or of any."""

    typed: str | None = None
    verb: str = "undo"


class Version(NamedTuple):
    """Shows the version."""


class Remove(NamedTuple):
    """Mutes hosts. `typed` also says until when and why; only the known host names show where those begin.

    `confirmed`: typed with a `!`.
    """

    typed: str
    confirmed: bool = False
    verbs: MuteVerbs = REMOVE


class Restore(NamedTuple):
    """Ends the mutes of the hosts and patterns `typed`.

    `literal`: typed with a `!`. A pattern then stands for itself alone, and not for what it matches.
    """

    typed: str
    literal: bool = False
    verbs: MuteVerbs = REMOVE


class Resolve(NamedTuple):
    """Closes what is open on the hosts `typed`. `verb`: what to type for the command."""

    typed: str
    verb: str = "resolve"


class Forget(NamedTuple):
    """Deletes the hosts `typed` with their history. `confirmed`: typed with a `!`."""

    typed: str
    confirmed: bool = False
    verb: str = "forget"


HostQuery = Check | Down | Removed | History | Log | Undo
Query = HostQuery | Help | Doctor | Version
ChangeCommand = Remove | Restore | Resolve | Forget  # only `slack.admins` may, and the channel sees it
Command = Query | ChangeCommand


def suggested(command: str) -> str:
    """Returns a command to type that is mostly as it was typed, cut if it is too long."""
    return to_type(cut(command, LONGEST_OFFER))


class UsageError(Exception):
    """One line of mrkdwn that says what to type instead.

    Attributes:
        instead: the complete commands in it.
        problem: the part of the line that says what is wrong, without them; may be empty.
        shared: the code span of a name that several hosts have: nobody can say which of them is meant.
        offering: says the same with only some of them; None if it takes all.
    """

    def __init__(
        self,
        text: str,
        instead: Sequence[str] = (),
        *,
        problem: str = "",
        shared: str = "",
        offering: Callable[[Sequence[str]], str] | None = None,
    ) -> None:
        super().__init__(text)
        self.instead = instead
        self.problem = problem
        self.shared = shared
        self.offering = offering


def offer(ask: Callable[[str], str], command: str, problem: str = "") -> UsageError:
    """Asks whether a complete command is meant, after a sentence that says what is wrong."""
    whole = [command] if len(command) <= LONGEST_OFFER else []
    return UsageError(f"{problem} {ask(suggested(command))}".lstrip(), whole, problem=problem)


class CommandContext(NamedTuple):
    """What a command finds when it is carried out. `hosts` are those reported or listed in config.yaml."""

    state: State
    hosts: Mapping[str, Host]
    names: Names
    now: datetime
    locale: Locale
    doubt_after: timedelta

    @property
    def language(self) -> Language:
        return self.locale.language

    def title(self, key: str) -> str:
        return self.names.title(key)

    def titled(self, key: str) -> Host:
        """Returns a host under its title, as replies show it."""
        host = self.state.hosts.get(key) or Host(key)
        return host._replace(name=self.title(key))

    def titled_mute(self, mute: Mute) -> Mute:
        return mute._replace(host=self.title(mute.host))

    def titled_entry(self, entry: AuditEntry) -> AuditEntry:
        return entry._replace(target=self.title(entry.target))
