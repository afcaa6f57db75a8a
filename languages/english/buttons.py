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

    def dialog_title(self, host: str) -> str:
        return f"Mute or resolve {host}?"

    def unmute_label(self, host: str) -> str:
        return f"Unmute {host}"

    def who_muted(self, who: str, host: str, until: str) -> str:
        return f"{who} muted {host} {until}"

    def who_unmuted(self, who: str, host: str) -> str:
        return f"{who} unmuted {host}"

    def who_resolved(self, who: str, host: str) -> str:
        return f"{who} resolved {host}"

    def buttons_are_off(self, command: str) -> str:
        return f"Buttons are switched off here, so nothing has changed. {command} lists what to type instead."

    def host_is_gone(self, host: str) -> str:
        return f"{host or 'That host'} is no longer known, so nothing has changed."

    def is_up_again(self, host: str) -> str:
        return f"{host} is up again, so it was not muted."

    def is_not_muted(self, host: str) -> str:
        return f"{host} is not muted, so nothing has changed."
