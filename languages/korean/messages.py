"""Korean for digests, alerts and the terminal."""

from collections.abc import Collection, Mapping, Sequence

from hosts.incident import Ending
from hosts.problems import GoogleList, ProblemKind
from languages.language import Heading, Headings

DAYS = "월화수목금토일"


def _heading(title: str, noun: str, counter: str = "개") -> Heading:
    return Heading(title, lambda left: f"… 외 {noun} {left:,}{counter}")


def _after(lasted: str, outages: int) -> str:
    return f"중단 {outages}회(총 {lasted}) 후" if outages > 1 else f"{lasted} 만에"


class KoreanMessages:
    """What the program says unasked."""

    headings = Headings(
        problems=_heading("서버 확인 필요", "문제", "건"),
        setup=_heading("시작하기", "안내", "줄"),
        new=_heading("지난 요약 이후 새로 중단", "중단"),
        still_down=_heading("계속 중단", "중단"),
        doubtful=_heading("{after} 넘게 열려 있음: 종료 알림이 유실되었나요?", "유실 의심"),
        in_doubt=_heading("종료 알림이 유실되었나요?", "유실 의심"),
        recovered=_heading("", "복구"),
        closed=_heading("", "종료"),
        resolved=_heading("", "종료 처리"),
        warnings=_heading("", "경고"),
        week=_heading("지난 7일", "안내", "줄"),
        up=_heading("정상", "정상"),
        never_reported=_heading("아직 데이터 없음", "호스트"),
        snoozed=_heading("", "일시 중지"),
        disabled=_heading("체크 비활성", "호스트"),
        gone=_heading("더 이상 감시하지 않음", "호스트"),
        mutes_ended=_heading("", "숨김 종료"),
        muted=_heading("", "숨김"),
    )
    setup: Sequence[str] = (
        (
            "Google Cloud Monitoring 연결 확인: *알림 → 알림 채널 수정 → 웹훅* 에서 "
            "*연결 테스트* 버튼을 누르면 서버 로그에 기록이 남아요."
        ),
        "업타임 체크에서 첫 인시던트가 오면 여기에 자동으로 표시돼요.",
    )
    new = "신규"
    by_list = "Google 목록 기준"
    absent = "Google 기록에 더는 없음"
    close_may_be_lost = "종료 알림이 유실되었을 수 있음"
    problems: Mapping[ProblemKind, str] = {
        ProblemKind.NOT_SAVED: "{subject} 파일 저장 실패: {detail}",
        ProblemKind.HANGING: "디스크 응답 없음: {subject} 파일 저장 중, {seconds} 초 경과",
        ProblemKind.DAMAGED: (
            "{subject} 파일이 손상되어 이전 버전을 사용 중. 손상된 파일은 {detail} 이름으로 보관"
        ),
        ProblemKind.MISSING: "{subject} 파일이 없어 이전 버전을 사용 중",
        ProblemKind.VANISHED: "{subject} 파일이 사라져 빈 상태로 시작함. 백업이 있으면 복원 필요",
        ProblemKind.DELETED: "서버 실행 중에 {subject} 파일이 삭제되어 다시 저장함. 잃은 내용은 없음",
        ProblemKind.BAD_CONFIG: "{subject} 파일의 변경 내용을 적용하지 못함: {detail}",
        ProblemKind.SILENT: "Google에서 {lasting} 동안 아무것도 오지 않음: 웹훅이 아직 연결되어 있나요?",
        ProblemKind.EXPIRING: "{subject} 인증서 만료일 {day}: 아직 갱신되고 있나요?",
        ProblemKind.EXPIRED: "{subject} 인증서가 {day} 만료됨: Google과 Slack이 이 서버에 접속할 수 없음",
        ProblemKind.CROWDED: "{subject}: 열린 인시던트 {count} 건, 더 기록할 수 없음. `uptime 종료` 필요",
        ProblemKind.LISTS_FAILING: "{at} 이후 Google의 {google_list} 목록을 읽지 못함",
        ProblemKind.GOOGLE_SETUP: "Google 알림 설정 {count}건 수정 필요, `uptime 진단` 참고",
    }
    google_lists: Mapping[GoogleList, str] = {
        GoogleList.ALERTS: "열린 알림",
        GoogleList.CLOSED: "닫힌 알림",
        GoogleList.CHECKS: "업타임 체크",
        GoogleList.SETTINGS: "정책·알림 채널·일시 중지",
    }
    endings: Mapping[Ending, str] = {
        Ending.RECOVERED: "복구",
        Ending.CLOSED: "정책 수정으로 종료",
        Ending.SNOOZED: "일시 중지로 종료",
        Ending.DISABLED: "체크 비활성 중 종료",
        Ending.UNWATCHED: "감시하지 않는 동안 종료",
        Ending.RESOLVED: "종료 처리",
    }
    nothing_received = "아직 수신한 인시던트 없음"
    no_host = "보여 줄 호스트 없음"
    none_down = "호스트 {:,}개 중 중단 없음".format
    nothing_received_of = "호스트 {:,}개에 대해 아직 수신한 것 없음".format
    watched = "호스트 {:,}개 감시 중".format
    all_up = "호스트 {:,}개 모두 정상".format
    only_down = "{} 중단".format
    only_warned = "{} 중단 아님".format
    only_up = "{} 정상".format
    up = "정상 {:,}개".format
    warnings = "경고 {:,}개".format
    recovered = "복구 {:,}개".format
    closed = "종료 {:,}개".format
    resolved_count = "종료 처리 {:,}개".format
    went_down = "호스트 {:,}개 중단 발생".format
    still_down = "호스트 {:,}개 중단 지속".format
    up_again = "호스트 {:,}개 복구".format
    down_for = "{}째 중단".format
    still_down_after = "{}째 계속 중단".format
    warning_for = "{}째 경고".format
    snoozed = "{}까지 일시 중지".format
    snoozed_count = "일시 중지 {:,}개".format
    flapping = "반복 중단: {hours}시간 동안 {outages}회".format
    resolve_hint = "이미 복구된 호스트라면 {} 명령으로 종료 처리".format
    no_longer_muted = "숨김 종료: {}".format
    as_of = "{} 기준".format
    next_digest = "다음 요약 {}".format
    are_down = "{names} 중단".format
    are_still_down = "{names} 계속 중단".format
    have_ended = "{names} {how}".format
    notification = "{sentences} — {at} 기준".format
    listens = "uptime-check-manager 시작: {address} (호스트 {hosts:,}개, 상태 파일 {state_file})".format
    test_message = "🔧 uptime-check-manager 시험 메시지: {} 채널 요약이 여기에 올라옵니다.".format
    try_it = "시험해 보기: {}".format

    def some_down(self, down: int, total: int) -> str:
        if down == total:
            return f"호스트 {total:,}개 모두 중단"
        return f"호스트 {total:,}개 중 {down:,}개 중단"

    def all_muted(self, count: int, down: int) -> str:
        if count == 1:
            return "호스트 1개 숨김" + ("(중단)" if down else "")
        return f"호스트 {count:,}개 모두 숨김" + (f"(중단 {down:,}개)" if down else "")

    def muted(self, count: int, down: int) -> str:
        return f"숨김 {count:,}개" + (f"(중단 {down:,}개)" if down else "")

    def recovery(self, at: str, lasted: str, outages: int, ending: Ending) -> str:
        # The row already says that no check watches the host.
        how = "종료" if ending in {Ending.DISABLED, Ending.UNWATCHED} else self.endings[ending]
        return f"{_after(lasted, outages)} {how} ({at})"

    def resolution(self, at: str, lasted: str, outages: int, who: str) -> str:
        return f"{_after(lasted, outages)} {who} 님이 종료 처리 ({at})"

    def week(self, percent: str, outages: int, down: str, worst: Sequence[str]) -> str:
        up = f"가동률 {percent}%" if percent else ""
        if not outages:
            return ", ".join(filter(None, (up, "중단 없음")))
        total = f"중단 {outages:,}회(총 {down})"
        return " · ".join(filter(None, (up, total, f"가장 긴 중단: {', '.join(worst)}")))

    def listed(self, names: Sequence[str], more: int) -> str:
        return ", ".join(names) + (f" 외 {more:,}개" if more else "")

    def are_up_again(self, names: str, count: int, lasted: str) -> str:  # noqa: ARG002
        return f"{names} {f'{lasted} 만에 ' if lasted else ''}복구"

    def posts(self, channel: str, schedule: str, *, to_slack: bool) -> str:
        name = f"{channel} 채널 요약" if channel else "요약"
        target = "Slack" if to_slack else "여기 (slack.webhook_url이 비어 있음)"
        return f"{name}: {schedule}, {target}"

    def schedule(self, every: str, at: Sequence[str], days: Collection[int]) -> str:
        times = f"{every}마다" if every else f"매일 {', '.join(at)}"
        if not days:
            return times
        on = "·".join(DAYS[day] for day in sorted(days))
        return f"{on}요일 {times.removeprefix('매일 ')}"
