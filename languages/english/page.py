"""What the English web page says."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from hosts.model import Action
from languages.english.messages import counted

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class EnglishPage:
    """The words of the page."""

    number = r"\d[\d,]*(?: of \d[\d,]*)?|^Both"
    unwatched = "not watched"
    snoozed = "snoozed"
    all = "All"
    groups: Mapping[str, str] = {
        "down": "Down",
        "warning": "Warnings",
        "up": "Up",
        "muted": "Muted",
        "unwatched": "Not watched",
    }
    columns = ("state", "host", "for", "what")
    axis = ("90 days ago", "today")
    hosts = "Hosts"
    search = "Search"
    search_hosts = "Search hosts"
    filter = "Filter"
    skip = "Skip to the hosts"
    pages = "Pages"
    previous = "Previous"
    next = "Next"
    live = "live"
    asking = "refreshing"
    lost = ("Out of touch with the server since ", ". What is shown here was true then.")
    google_silence = "Until something arrives, nobody knows whether what is shown here is still true."
    how_to_begin = "Getting started"
    first_incident = "To see a first incident right away, pretend to be Google:"
    no_match = ("No host matches “", "”.")
    no_match_in: Mapping[str, str] = {
        "down": "No host that is down matches “",
        "warning": "No host with a warning matches “",
        "up": "No host that is up matches “",
        "muted": "No muted host matches “",
        "unwatched": "No unwatched host matches “",
    }
    search_all = "Search all hosts"
    show_all = "Show all hosts"
    no_host_in = "No host is in this state."
    links: Mapping[str, str] = {
        "wall": "Wall",
        "list": "List",
        "feed": "Feed",
        "json": "JSON",
        "badge": "Badge",
    }
    feed_title = "What went down and came back"
    not_known = "not known"
    goes_on = "ongoing"
    open_incidents = "Open incidents"
    open_columns = ("began", "for", "kind", "what failed")
    outages = "Outages"
    checks = "Uptime checks"
    outage_columns = ("began", "ended", "lasted", "what failed", "how it ended")
    changes = "Changes by people"
    change_columns = ("when", "who", "what")
    chart = "One cell a day; the longer the host was down, the higher the bar"
    did: Mapping[Action, str] = {
        Action.REMOVE: "muted it",
        Action.RESTORE: "unmuted it",
        Action.RESOLVE: "resolved what was open",
        Action.FORGET: "forgot its history",
    }
    refused: Mapping[int, tuple[str, str]] = {
        400: ("That address is not valid", ""),
        401: ("Password needed", "Log in with the user name and password of this page."),
        403: (
            "Not allowed from this address",
            (
                "To let other machines in, set page.addresses or page.password in config.yaml; "
                "behind a proxy, set trusted_proxies, too."
            ),
        ),
        404: ("Not found", "There is no such page."),
        405: ("Nothing can be changed here", "This page is read-only."),
        500: ("Something went wrong", "The server's log says what."),
        503: ("Too many people are looking", "Try again in a few seconds."),
    }
    wrong_name = (
        "On this machine, use localhost or 127.0.0.1 instead of this name. Behind a proxy, let it send "
        "X-Forwarded-For, and set trusted_proxies and page.addresses in config.yaml."
    )
    nearest = "Did you mean one of these?"
    nearest_one = "Did you mean this one?"
    no_name = "The address must end with the name of a host, as in ?name=www.example.com."
    banner = "In a browser on this machine: {}".format
    share = "% {}".format
    as_far_as_heard = "{}, as far as heard".format
    last_heard = "last word from Google {} ago".format
    lasting = "{}".format
    back_for = "back for {lasting}, was down {was_down}".format
    known_since = "known since {}".format
    down_on_day = "down {}".format
    times_in = "Times in {}".format
    page_of = "Page {page} of {pages}".format
    up_share = "up, {}".format
    resolve = "If it is up again, type in Slack: {}".format
    not_a_number = "{} must be a whole number of at least 1.".format
    not_a_time = "{} must be a time such as 2026-11-28T05:00:00Z.".format
    not_a_place = "{} must be taken from next: a time and an id, such as 2026-11-28T05:00:00Z,0.abc.".format
    too_long = "{name} must not have more than {most} characters.".format
    fed_down = "{} went down".format
    fed_over = "{host} is no longer down, after {lasted}".format

    def bar(self, days: int, down: str, unknown: int) -> str:
        told = f"last 90 days: down on {counted(days, 'day')}, {down} in all" if days else ""
        told = told or ("last 90 days: nothing known" if unknown >= 90 else "no outage in 90 days")
        return f"{told}; nothing known about the first {unknown}" if 0 < unknown < 90 else told

    def state_since(self, state: str, lasting: str, at: str) -> str:
        return f"{state.capitalize()} for {lasting}, since {at}"

    def more(self, hosts: int, state: str) -> str:
        standing = {"warning": "with warnings", "unwatched": "not watched"}.get(state, state)
        return f"and {hosts:,} more {standing}"

    def day(self, day: date) -> str:
        return f"{day.day} {_MONTHS[day.month - 1]}"

    def moment(self, at: datetime) -> str:
        return f"{at.day} {_MONTHS[at.month - 1]} {at:%H:%M}"

    def outage_sum(self, outages: int, down: str, since: str) -> tuple[str, str]:
        none = f"outages {since or 'in 90 days'}"
        return f"{outages:,}", f"outage{'' if outages == 1 else 's'}, {down} in all" if outages else none

    def muted_by(self, who: str, until: str, reason: str) -> str:
        return f"by {who} {until}" + (f" · {reason}" if reason else "")

    def bad_value(self, name: str, instead: Sequence[str]) -> str:
        return f"{name} must be {', '.join(instead[:-1])} or {instead[-1]}."
