"""What Korean says about what people did."""

from collections.abc import Mapping

from state.deeds import Did

DID: Mapping[Did, str] = {Did.REMOVE: "숨김", Did.RESTORE: "복원", Did.RESOLVE: "종료 처리"}


class KoreanDeeds:
    nothing_logged = "아직 아무도 변경하지 않았어요."
    log_title = "최근 변경, 최신순:"

    def nothing_to_resolve(self, host: str) -> str:
        return f"{host} 호스트에는 종료할 인시던트가 없어요."

    def resolved(self, host: str, incidents: int, who: str, at: str) -> str:
        what = f"인시던트 {incidents:,}건"
        return (
            f"{host} 호스트: {who} 님이 {what} 종료 처리 ({at}). 나중에 Google 알림이 오면 그 내용을 따라요."
        )

    def deed(self, did: Did, who: str, what: str, at: str) -> str:
        return f"{at}: {who} 님이 {what} {DID[did]}"
