"""What English says about what people did."""

from collections.abc import Mapping

from state.deeds import Did

DID: Mapping[Did, str] = {Did.REMOVE: "removed", Did.RESTORE: "restored", Did.RESOLVE: "resolved"}


class EnglishDeeds:
    nothing_logged = "Nobody has changed anything yet."
    log_title = "The last changes, the latest first:"

    def nothing_to_resolve(self, host: str) -> str:
        return f"Nothing is open on {host}: there is nothing to resolve."

    def resolved(self, host: str, incidents: int, who: str, at: str) -> str:
        what = f"{incidents:,} incident{'' if incidents == 1 else 's'}"
        return f"{host}: {what} resolved by {who} {at}. What Google says later counts more."

    def deed(self, did: Did, who: str, what: str, at: str) -> str:
        return f"{at}: {who} {DID[did]} {what}"
