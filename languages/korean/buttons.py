"""Korean for the menus and buttons beside hosts."""

from collections.abc import Mapping

from languages.parts import Choice, Dialog


class KoreanButtons:
    """What the menus offer, and what comes of pressing them."""

    menu = "숨기기…"
    menu_with_resolve = "숨기기·종료 처리…"
    choices: Mapping[Choice, str] = {
        Choice.HOUR: "1시간 동안 숨기기",
        Choice.FOUR_HOURS: "4시간 동안 숨기기",
        Choice.TOMORROW: "내일 09:00까지 숨기기",
        Choice.UNTIL_UP: "복구될 때까지 숨기기",
        Choice.FOR_GOOD: "계속 숨기기",
        Choice.RESOLVE: "종료 처리",
        Choice.UNMUTE: "숨김 해제",
    }
    dialog = Dialog(
        "숨기면 그때까지 요약에 나오지 않아요. 종료 처리하면 열린 인시던트가 끝난 것으로 기록돼요. "
        "정상인 것을 확인했을 때만 종료 처리하세요.",
        "계속",
        "취소",
    )
    nothing_chosen = "고른 것이 없어서 아무것도 바뀌지 않았어요."
    button_is_old = (
        "다른 버전의 버튼이라 아무것도 바뀌지 않았어요. "
        "지금 보이는 메뉴에서 다시 고르거나 `uptime help` 명령을 입력하세요."
    )
    dialog_title = "{}: 숨기거나 종료 처리할까요?".format
    unmute_label = "{} 숨김 해제".format
    who_muted = "{who} 님이 {host} 숨김 ({until})".format
    buttons_are_off = (
        "버튼을 쓰지 않도록 설정되어 있어 아무것도 바뀌지 않았어요. 대신 쓸 명령은 {} 명령으로 볼 수 있어요."
    ).format
    is_up_again = "{} 호스트가 복구되어 있어서 숨기지 않았어요.".format
    is_not_muted = "{} 호스트는 숨김 상태가 아니어서 아무것도 바뀌지 않았어요.".format

    def host_is_gone(self, host: str) -> str:
        return f"{f'{host} 호스트' if host else '그 호스트'}를 더는 찾을 수 없어 아무것도 바뀌지 않았어요."
