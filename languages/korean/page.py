"""What the Korean web page says."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from hosts.model import Action
from languages.korean.replies import PAST_TENSE


class KoreanPage:
    """The words of the page."""

    number = r"\d[\d,]*개(?= 중단$| 모두| 정상)"
    unwatched = "감시 안 함"
    snoozed = "일시 중지"
    all = "전체"
    groups: Mapping[str, str] = {
        "down": "중단",
        "warning": "경고",
        "up": "정상",
        "muted": "숨김",
        "unwatched": "감시 안 함",
    }
    columns = ("상태", "호스트", "지속", "내용")
    axis = ("90일 전", "오늘")
    hosts = "호스트"
    search = "검색"
    search_hosts = "호스트 검색"
    filter = "필터"
    skip = "호스트 목록으로 건너뛰기"
    pages = "페이지"
    previous = "이전"
    next = "다음"
    live = "실시간"
    asking = "자동 갱신"
    lost = ("", " 이후 서버와 연결이 끊겼어요. 아래는 그때의 상태예요.")
    google_silence = "새 소식이 올 때까지는 아래 상태가 지금도 맞는지 알 수 없어요."
    how_to_begin = "시작하기"
    first_incident = "첫 인시던트를 바로 보려면 Google 대신 이렇게 보내 보세요."
    no_match = ("“", "” 검색어에 맞는 호스트가 없어요.")
    no_match_in: Mapping[str, str] = {
        "down": "중단된 호스트 중에는 “",
        "warning": "경고가 있는 호스트 중에는 “",
        "up": "정상인 호스트 중에는 “",
        "muted": "숨긴 호스트 중에는 “",
        "unwatched": "감시하지 않는 호스트 중에는 “",
    }
    search_all = "모든 호스트에서 검색"
    show_all = "호스트 모두 보기"
    no_host_in = "이 상태의 호스트가 없어요."
    links: Mapping[str, str] = {
        "wall": "전광판",
        "list": "목록",
        "feed": "피드",
        "json": "JSON",
        "badge": "배지",
    }
    feed_title = "호스트 중단과 복구"
    not_known = "알 수 없음"
    goes_on = "진행 중"
    open_incidents = "열린 인시던트"
    open_columns = ("시작", "지속", "종류", "내용")
    outages = "중단 기록"
    checks = "업타임 체크"
    outage_columns = ("시작", "끝", "지속", "내용", "종료 방식")
    changes = "변경 기록"
    change_columns = ("시각", "사용자", "내용")
    chart = "한 칸이 하루이고, 오래 중단된 날일수록 막대가 높아요"
    did: Mapping[Action, str] = PAST_TENSE
    refused: Mapping[int, tuple[str, str]] = {
        400: ("주소가 올바르지 않아요", ""),
        401: ("비밀번호가 필요해요", "이 페이지의 사용자 이름과 비밀번호로 로그인하세요."),
        403: (
            "이 주소에서는 볼 수 없어요",
            (
                "다른 기기에서도 보려면 config.yaml 파일에서 page.addresses나 page.password를 설정하세요. "
                "프록시를 거친다면 trusted_proxies도 설정하세요."
            ),
        ),
        404: ("찾을 수 없어요", "그런 페이지가 없어요."),
        405: ("여기서는 아무것도 바꿀 수 없어요", "이 페이지는 호스트의 상태를 보여 주기만 해요."),
        500: ("문제가 생겼어요", "원인은 서버 로그에 있어요."),
        503: ("지금 보는 사람이 너무 많아요", "몇 초 뒤에 다시 시도하세요."),
    }
    wrong_name = (
        "이 기기에서는 이 이름 대신 localhost나 127.0.0.1로 여세요. 프록시를 거친다면 프록시가 "
        "X-Forwarded-For를 보내게 하고, config.yaml 파일에서 trusted_proxies와 page.addresses를 설정하세요."
    )
    nearest = "혹시 이 중에 찾는 호스트가 있나요?"
    nearest_one = "혹시 이 호스트인가요?"
    no_name = "주소 끝에 ?name=www.example.com처럼 호스트 이름이 있어야 해요."
    banner = "이 기기의 브라우저에서 보기: {}".format
    share = "{} %".format
    as_far_as_heard = "마지막 소식 기준 {}".format
    last_heard = "마지막 Google 알림 {} 전".format
    lasting = "{}째".format
    back_for = "복구된 지 {lasting} ({was_down} 중단)".format
    known_since = "{}부터의 기록".format
    down_on_day = "{} 중단".format
    state_since = "{lasting}째 {state} ({at}부터)".format
    times_in = "시간대 {}".format
    page_of = "{pages}쪽 중 {page}쪽".format
    up_share = "가동률, {}".format
    resolve = "이미 복구되었다면 Slack에서 이렇게 입력하세요: {}".format
    not_a_number = "{} 값은 1 이상의 정수여야 해요.".format
    not_a_time = "{} 값은 2026-11-28T05:00:00Z 형식의 시각이어야 해요.".format
    not_a_place = "{} 값은 next에 있는 그대로(2026-11-28T05:00:00Z,0.abc처럼 시각과 ID)여야 해요.".format
    too_long = "{name} 값은 {most}자를 넘을 수 없어요.".format
    fed_down = "{} 호스트 중단".format
    fed_over = "{host} 호스트 중단 끝 ({lasted})".format

    def bar(self, days: int, down: str, unknown: int) -> str:
        told = f"최근 90일: {days}일 중단, 총 {down}" if days else ""
        told = told or ("최근 90일: 기록 없음" if unknown >= 90 else "최근 90일 중단 없음")
        return f"{told}. 처음 {unknown}일은 기록 없음" if 0 < unknown < 90 else told

    def more(self, hosts: int, state: str) -> str:
        return f"그 밖에 {self.groups[state]} {hosts:,}개"

    def day(self, day: date) -> str:
        return f"{day.month}월 {day.day}일"

    def moment(self, at: datetime) -> str:
        return f"{at.month}월 {at.day}일 {at:%H:%M}"

    def outage_sum(self, outages: int, down: str, since: str) -> tuple[str, str]:
        return f"{outages:,}회", f"중단, 총 {down}" if outages else f"중단 ({since or '90일'})"

    def muted_by(self, who: str, until: str, reason: str) -> str:
        return f"{until} 숨김 ({who} 님)" + (f" · {reason}" if reason else "")

    def bad_value(self, name: str, instead: Sequence[str]) -> str:
        return f"{name} 값은 {', '.join(instead)} 중 하나여야 해요."
