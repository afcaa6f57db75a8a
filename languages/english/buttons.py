"""English for the menus and buttons beside hosts."""

from collections.abc import Mapping

from languages.parts import Choice, Dialog


class EnglishButtons:
    """What the menus offer, and what comes of pressing them."""

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

    def host_is_gone(self, host: str) -> str:
        return f"{host or 'That host'} is no longer known, so nothing has changed."
