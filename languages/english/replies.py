"""English for the replies to commands (the log in the past tense), and for menus and buttons."""

from collections.abc import Mapping, Sequence

from hosts.model import Action
from languages.english.messages import counted
from languages.language import Choice, Dialog

PAST_TENSE: Mapping[Action, str] = {
    Action.REMOVE: "muted",
    Action.RESTORE: "unmuted",
    Action.RESOLVE: "resolved",
    Action.FORGET: "forgot",
}


class EnglishReplies:
    """What the program answers."""

    help_title = "What you can ask:"
    not_this_team = (
        "Commands are not accepted from this workspace. "
        "Whoever runs this server can allow it, with `slack.team_id`."
    )
    no_mutes = "No host is muted."
    not_named_by_google = "Google did not name its host: this is the name of a check or a policy."
    not_saved = "That could not be saved, so nothing has changed. Try again; `/healthz` says what is wrong."
    sent_again = "This was already done the first time it was sent; nothing has changed now."
    no_outage = "No outage is known."
    no_warning = "No host has a warning"
    none_up = "No host is up"
    all_regions = "all regions"
    history_title = "Latest outages, newest first:"
    muted_mark = "muted"
    until_up = "until it is up"
    until_each_up = "until each is up"
    until_unmuted = "until further notice"
    typed_until_up = "until up"
    typed_while = "for 2h"
    typed_more = "more"
    typed_endless = "forever"
    own_mute_ended = "Its own mute has ended."
    matches_none = "no host now, but any that match later"
    instead_of_until_up = "Type `for 2h` or `until 18:00` instead of `until up`."
    nothing_to_undo = "You have changed nothing that is still in the log."
    nothing_to_undo_of = "You have changed nothing about {} that is still in the log.".format
    nothing_logged = "Nobody has changed anything yet."
    log_title = "Latest changes, newest first:"
    still_watched = (
        "It is listed under `hosts:` in `config.yaml`, so it stays known until it is removed there."
    )
    perhaps_configured = "If it is listed, remove it from `hosts:` in `config.yaml`."
    still_checked = "An uptime check watches it, so it stays known for as long as the check exists."
    for_example = "For example: {}".format
    other_words = "Also understood: {}".format
    which_host = "Which host? Type `uptime {} HOST`.".format
    not_known = "No host called {} is known.".format
    none_match = "No known host matches {}.".format
    is_shared = "Several hosts are called {}.".format
    status_now = "{} now".format
    host_muted = "{host} is muted {until} ({by}; {status}).".format
    has_no_end = "{} is muted {}, so there is no end to put off.".format
    hosts_muted = "Muted {until} ({by}).".format
    undo_hint = "To undo, type {}.".format
    by = "by {who}, {at}".format
    and_more_hosts = "and {:,} more".format
    host_unmuted = "{} is no longer muted.".format
    mute_count = "{} muted:".format
    help_ignores = "This only explains the command and ignores {}.".format
    to_run_it = "To run it, type {}".format
    has_no_status = (
        "There is no data about {} yet: until Google reports an incident, its status is unknown."
    ).format
    is_down = "{host} has been down for {duration}.".format
    has_warning = "{host} has had a warning for {duration}.".format
    resolved_by = "resolved by {}".format
    check_every = "every {period} from {regions}".format
    until = "until {}".format
    reason = "Reason: {}".format
    status_since = "{status} since {since}".format
    pattern_unmuted = "{pattern} is no longer muted: {hosts}".format
    already = "already {}".format
    also_muted = "also muted by {name} ({who}) {until}".format
    replaces_mute = "replaces the mute by {who} {until}".format
    nothing_logged_of = "Nobody has changed anything about {} yet.".format
    nothing_to_resolve = "Nothing is open on {}: there is nothing to resolve.".format
    still_open = (
        "{host} cannot be forgotten while something is open on it. If that is over, type {resolve}."
    ).format
    nothing_to_forget = "There is no data about {}.".format
    confirm_forget = "That forgets {hosts} for good, with {lost}. To confirm, type {command}".format
    forgotten = "{} is forgotten. It comes back if Google reports a new incident.".format
    not_a_time = (
        "{} is not a time. Type `for 2h`, `until 18:00`, {} or `until up` after the host, then why."
    ).format
    confirm_until = "Should the mute end then? Type {}".format
    starts_at_once = "A mute begins at once and cannot be scheduled ({}).".format
    or_mute_until_then = "To mute from now until that is over, type {}".format
    time_or_reason = (
        "Is {typed} a time or the reason? For the reason, put a colon before it, as in {reason}; "
        "for a time, type it in full, as in {end}"
    ).format
    ambiguous_zone = (
        "{zone} is not one time zone. Type the time as it is in {here}, such as `until 18:00`, "
        "or with its UTC offset: `until 18:00 UTC+8`."
    ).format
    ends_at_once = "{} would end at once. Type `for 2h`, `until 18:00` or `until up` after the host.".format
    time_is_past = "{} is in the past. Type a time in the future, such as `for 2h` or `until 18:00`.".format
    mute_is_too_long = "{} is more than a year. Leave it out to mute without an end.".format
    is_up_already = "{} is up already.".format
    if_a_reason = "If that is the reason, put the duration before it: {}".format
    too_many_hosts = (
        "More than {} hosts at once. Type fewer; "
        "`uptime {}`, `{}` and `{}` take a pattern such as `*.example.com`, too."
    ).format
    host_first = "The host comes first: {}".format
    too_many_patterns = "{most} patterns are muted already. Unmute one of those that {listing} shows.".format
    mute_pattern = "To mute whatever will match {pattern}, type {command}".format
    no_exceptions = "Exceptions are not supported: type only the hosts and patterns that you mean."
    is_expression = (
        "{} is not a pattern: regular expressions are not supported, only `*` for any part of a name."
    ).format
    confirm_characters = "If these characters are part of a name, type {}".format
    did_you_mean = "Did you mean {}?".format
    mutes_every_host = "That would mute every host."
    mutes_all_until_up = "That would mute every host that is down or has a warning."
    confirm_every_host = "If you mean it, type {}".format
    none_muted_matches = "Nothing that is muted matches {pattern}. Type {command} to see what is.".format
    read_as = "Read as {}".format
    for_every_host = "For every host, type {}".format
    nothing_to_acknowledge = "There is nothing to acknowledge here."
    rather_mute = "To stop hearing about an outage, type {}".format
    to_undo = "Your last change: {done}. To undo it, type{command}".format
    cannot_be_undone = "Your last change: {}. It cannot be undone.".format
    is_undone_already = (
        "Your last change: {}. It no longer has any effect, so there is nothing to undo."
    ).format
    undo_of_one = "{} shows those for one host or pattern".format
    replaced_since = "Replaced since then: {}".format

    menu = "Mute…"
    menu_with_resolve = "Mute or resolve…"
    choices: Mapping[Choice, str] = {
        Choice.HOUR: "Mute for 1 h",
        Choice.FOUR_HOURS: "Mute for 4 h",
        Choice.TOMORROW: "Mute until tomorrow 09:00",
        Choice.UNTIL_UP: "Mute until it is up",
        Choice.FOR_GOOD: "Mute for good",
        Choice.RESOLVE: "Resolve",
        Choice.UNMUTE: "Unmute",
    }
    dialog = Dialog(
        "Muting hides it from the digest until then. Resolving ends what is open on it: do that only if "
        "you have seen that it is up.",
        "Go ahead",
        "Cancel",
    )
    nothing_changed = "Nothing was changed."
    nothing_chosen = "Nothing was chosen, so nothing has changed."
    button_is_old = (
        "That button comes from another version of this program, so nothing has changed. "
        "Use the menu as it is now, or type `uptime help`."
    )
    dialog_title = "Mute or resolve {}?".format
    unmute_label = "Unmute {}".format
    who_muted = "{who} muted {host} {until}".format
    buttons_are_off = (
        "Buttons are switched off here, so nothing has changed. {} lists what to type instead."
    ).format
    is_up_again = "{} is up again, so it was not muted.".format
    is_not_muted = "{} is not muted, so nothing has changed.".format

    def not_a_command(self, typed: str, command: str) -> str:
        guess = f"Did you mean {command}? " if command else ""
        return f"{typed} is not a command. {guess}Type `uptime help` to see what you can ask."

    def not_this_channel(self, channels: Sequence[str]) -> str:
        where = f"Ask in {' or '.join(channels)}." if channels else "Ask whoever runs this server."
        return f"Commands are not accepted in this channel. {where}"

    def not_an_admin(self, admins: Sequence[str]) -> str:
        return f"You can look things up, but not change anything. Ask {' or '.join(admins)} to do it."

    def unknown_host(self, host: str, instead: Sequence[str]) -> str:
        guess = (
            f"Did you mean {' or '.join(instead)}?" if instead else "`uptime check` lists all that are known."
        )
        return f"{self.not_known(host)} {guess}"

    def prolong_each(self, commands: Sequence[str]) -> str:
        return f"These mutes do not end together. Type each of {', '.join(commands)}"

    def which_of(self, commands: Sequence[str]) -> str:
        return f"Did you mean {' or '.join(commands)}?"

    def several_hosts(self, name: str, instead: Sequence[str], more: int) -> str:
        left = f" (and {more:,} more)" if more else ""
        return f"{self.is_shared(name)} Did you mean {' or '.join(instead)}?{left}"

    def hosts_unmuted(self, hosts: str) -> str:
        return f"{hosts}{',' if ',' in hosts else ''} no longer muted"

    def still_muted(self, count: int, hosts: str, *, pattern: str, unmute: str) -> str:
        what = hosts if count == 1 else f"{counted(count, 'host')}: {hosts}"
        end = "To end that mute for all that it matches"
        return f"The pattern {pattern} still mutes {what}. {end}, type {unmute}."

    def have_own_mutes(self, count: int, hosts: str, *, unmute: str) -> str:
        if count == 1:
            return f"{hosts} still has a mute of its own. To end it, type {unmute}."
        return f"{counted(count, 'host')} still have mutes of their own: {hosts}. To end them, type {unmute}."

    def muted_by(self, who: str, *spans: str) -> str:
        return f"muted by {who} {', '.join(spans)}"

    def earlier(self, closed: int) -> str:
        return f"{counted(closed, 'earlier incident')}, newest first:"

    def more_lines(self, count: int) -> str:
        return f"… and {counted(count, 'more line')}"

    def incidents(self, count: int) -> str:
        return counted(count, "incident")

    def is_up(self, host: str, duration: str) -> str:
        return f"{host} {f'has been up for {duration}' if duration else 'is up'}."

    def open_incident(self, kind: str, what: str, at: str, duration: str) -> str:
        return f"{kind}:{f' {what},' if what else ''} {at}, {duration}"

    def past_incident(self, kind: str, lasted: str, at: str, policy: str, how: str) -> str:
        return f"{kind} for {lasted}, {at}{f' ({policy})' if policy else ''}, {how}"

    def hosts_and_down(self, hosts: int, down: int, warnings: int) -> str:
        said = [counted(hosts, "host"), *([f"{down:,} down"] if down else [])]
        return ", ".join([*said, *([counted(warnings, "warning")] if warnings else [])])

    def matches(self, hosts: int) -> str:
        return f"{counted(hosts, 'host')} now, plus any that match later"

    def resolved(self, host: str, incidents: int, who: str, at: str) -> str:
        what = counted(incidents, "incident")
        return (
            f"{host}: {what} resolved by {who} {at}. If Google reports anything later, that takes precedence."
        )

    def history_lost(self, closed: int, since: str, *, muted: bool) -> str:
        return f"{counted(closed, 'past incident')} since {since}" + (" and the mute" if muted else "")

    def did(self, action: Action, who: str, what: str) -> str:
        return f"{who} {PAST_TENSE[action]} {what}"

    def pattern_not_allowed(self, command: str, more: int) -> str:
        left = f" (and {more:,} more)" if more else ""
        return f"Patterns are not accepted here. Type the hosts themselves: {command}{left}"

    def host_is_gone(self, host: str) -> str:
        return f"{host or 'That host'} is no longer known, so nothing has changed."
