"""What Korean says about what people did."""

from collections.abc import Mapping

from hosts.model import Did

DID: Mapping[Did, str] = {
    Did.REMOVE: "숨김",
    Did.RESTORE: "복원",
    Did.RESOLVE: "종료 처리",
    Did.FORGET: "기록 삭제",
}


class KoreanDeeds:
    nothing_logged = "아직 아무도 변경하지 않았어요."
    log_title = "최근 변경, 최신순:"
    still_watched = "`config.yaml` 파일의 `hosts:` 항목에 있어서 목록에는 남아요. 거기서도 지워 주세요."

    def nothing_logged_of(self, hosts: str) -> str:
        return f"{hosts} 호스트는 아직 아무도 변경하지 않았어요."

    def nothing_to_resolve(self, host: str) -> str:
        return f"{host} 호스트에는 종료할 인시던트가 없어요."

    def resolved(self, host: str, incidents: int, who: str, at: str) -> str:
        what = f"인시던트 {incidents:,}건"
        return (
            f"{host} 호스트: {who} 님이 {what} 종료 처리 ({at}). 나중에 Google 알림이 오면 그 내용을 따라요."
        )

    def still_open(self, host: str, resolve: str) -> str:
        reason = f"{host} 호스트에 열린 인시던트가 있어서 지울 수 없어요."
        return f"{reason} 이미 끝났다면 먼저 {resolve} 명령을 입력하세요."

    def nothing_to_forget(self, host: str) -> str:
        return f"{host} 호스트는 소식이 없어요. `config.yaml` 파일의 `hosts:` 항목을 확인하세요."

    def lost(self, closed: int, since: str, *, muted: bool) -> str:
        return f"{since} 이후 종료된 인시던트 {closed:,}건" + (", 숨김" if muted else "")

    def would_be_forgotten(self, hosts: str, lost: str, again: str) -> str:
        return f"{hosts} 호스트의 기록을 완전히 지워요 ({lost}). 계속하려면 {again} 명령을 입력하세요."

    def forgotten(self, host: str) -> str:
        return f"{host} 호스트의 기록을 지웠어요. Google에서 새 인시던트가 오면 다시 나타나요."

    def deed(self, did: Did, who: str, what: str, at: str) -> str:
        return f"{at}: {who} 님이 {what} {DID[did]}"
