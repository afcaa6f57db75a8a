"""What English says about what people did."""

from collections.abc import Mapping

from hosts.model import Did

DID: Mapping[Did, str] = {
    Did.REMOVE: "removed",
    Did.RESTORE: "restored",
    Did.RESOLVE: "resolved",
    Did.FORGET: "forgot",
}


class EnglishDeeds:
    nothing_logged = "Nobody has changed anything yet."
    log_title = "The last changes, the latest first:"
    still_watched = "It stands in `hosts:` of `config.yaml`, so it stays on the list. Take it out there, too."

    def nothing_logged_of(self, hosts: str) -> str:
        return f"Nobody has changed anything about {hosts} yet."

    def nothing_to_resolve(self, host: str) -> str:
        return f"Nothing is open on {host}: there is nothing to resolve."

    def resolved(self, host: str, incidents: int, who: str, at: str) -> str:
        what = f"{incidents:,} incident{'' if incidents == 1 else 's'}"
        return f"{host}: {what} resolved by {who} {at}. What Google says later counts more."

    def still_open(self, host: str, resolve: str) -> str:
        return f"Something is open on {host}: it cannot be forgotten. If that is over, type {resolve}."

    def nothing_to_forget(self, host: str) -> str:
        return f"Nothing was ever heard of {host}. If it is watched, it stands in `hosts:` of `config.yaml`."

    def lost(self, closed: int, since: str, *, muted: bool) -> str:
        return f"{closed:,} closed incident{'' if closed == 1 else 's'} since {since}" + (
            " and the mute" if muted else ""
        )

    def would_be_forgotten(self, hosts: str, lost: str, again: str) -> str:
        return f"That forgets {hosts} for good, with {lost}. To go on, type {again}"

    def forgotten(self, host: str) -> str:
        return f"{host} is forgotten. If Google reports a new incident of it, it is back."

    def deed(self, did: Did, who: str, what: str, at: str) -> str:
        return f"{at}: {who} {DID[did]} {what}"
