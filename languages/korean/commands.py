"""The manual in Korean; README.ko.md has the same table."""

from languages.language import Guide

COMMANDS = (
    Guide(
        "check",
        words=("확인", "상태", "조회", "체크"),
        forms=(
            ("uptime check", "지금 모든 호스트의 상태"),
            ("uptime check HOST", "한 호스트의 상세 상태와 이력"),
        ),
        examples=("uptime 확인 www.example.com", "uptime 확인 *.example.com", "uptime 정상"),
        everyday=("목록", "전체", "현황", "모두", "호스트", "서버", "요약"),
        own_forms=("uptime 확인", "uptime 확인 HOST"),
        note="호스트는 링크나 URL로, 포트나 경로를 붙여, 대문자로 입력해도 돼요.",
    ),
    Guide(
        "down",
        words=("중단", "중단목록", "중단 목록", "장애"),
        forms=(("uptime down", "지금 중단된 호스트만"),),
        examples=("uptime 중단", "uptime 중단 *.example.com"),
        everyday=("다운", "다운된", "중단된", "죽은", "문제"),
        own_forms=("uptime 중단",),
    ),
    Guide(
        "remove",
        words=("숨김", "숨기기", "제거", "제외", "음소거"),
        everyday=("삭제", "무시", "점검", "숨겨", "감춰", "빼", "끄기", "꺼", "알림 끄기", "알림 꺼"),
        own_forms=("uptime 숨김 HOST", "uptime 숨김 HOST 2시간 동안 이유", "uptime 숨김 *.example.com"),
        forms=(
            ("uptime remove HOST", "호스트를 숨김: 요약에서 빠지지만 추적은 계속"),
            ("uptime remove HOST for 2h REASON", "정해진 동안만 숨김 (`18:00까지`, `복구될 때까지` 등)"),
            ("uptime remove *.example.com", "패턴에 맞는 모든 호스트를 숨김 (새 호스트 포함)"),
        ),
        examples=(
            "uptime 숨김 www.example.com",
            "uptime 숨김 www.example.com 2시간 동안 배포",
            "uptime 숨김 www.example.com 18:00까지",
            "uptime 숨김 a.example.com b.example.com 복구될 때까지",
            "uptime 숨김 *.staging.example.com",
        ),
        note=(
            "숨김은 바로 시작돼요. 콜론 뒤는 모두 이유예요: `2시간 동안: 월요일 배포`. "
            "모든 호스트에 맞는 패턴은 `uptime 숨김! …` 형식으로 다시 입력해야 해요."
        ),
    ),
    Guide(
        "removed",
        words=(
            "숨김목록",
            "숨김 목록",
            "제거목록",
            "제거 목록",
            "제외목록",
            "제외 목록",
            "음소거목록",
            "음소거 목록",
        ),
        everyday=(
            "숨김 호스트",
            "숨긴",
            "숨겨진",
            "음소거한",
            "음소거된",
            "제외한",
            "제외된",
            "제거한",
            "제거된",
        ),
        own_forms=("uptime 숨김 목록",),
        forms=(("uptime removed", "숨긴 호스트 목록 (숨긴 사람, 기한, 이유)"),),
        examples=("uptime 숨김 목록", "uptime 숨김 목록 www.example.com"),
    ),
    Guide(
        "restore",
        words=("복원", "복구", "해제", "되돌리기", "숨김해제", "숨김 해제", "음소거해제", "음소거 해제"),
        everyday=("되돌려", "풀어", "켜기", "켜", "알림 켜기", "알림 켜"),
        own_forms=("uptime 복원 HOST",),
        forms=(("uptime restore HOST", "숨김을 해제하고 현재 상태 그대로 다시 보여 줌"),),
        examples=("uptime 복원 www.example.com",),
    ),
    Guide(
        "resolve",
        words=("종료", "종료처리", "종료 처리", "해결"),
        everyday=("닫기", "닫아"),
        own_forms=("uptime 종료 HOST",),
        forms=(("uptime resolve HOST", "종료 알림이 유실된 호스트의 인시던트를 종료 처리"),),
        examples=("uptime 종료 www.example.com", "uptime 종료 www.example.com api.example.com"),
        note=(
            "Google 알림이 우선해요. 나중에 종료 알림이 오면 실제 종료 시각으로 바뀌고, "
            "반복 알림이 오면 다시 열려요."
        ),
    ),
    Guide(
        "forget",
        words=("잊기", "기록 삭제", "기록삭제"),
        everyday=("잊어",),
        own_forms=("uptime 잊기 HOST",),
        forms=(("uptime forget HOST", "잘못 입력되었거나 더는 쓰지 않는 호스트를 기록과 함께 지움"),),
        examples=("uptime 잊기 ww.example.com",),
        note="먼저 되묻고, 열린 인시던트가 있으면 지우지 않아요.",
    ),
    Guide(
        "history",
        words=("이력", "중단이력", "중단 이력", "중단내역", "중단 내역", "히스토리", "기록"),
        own_forms=("uptime 이력", "uptime 이력 HOST"),
        forms=(
            ("uptime history", "모든 호스트의 최근 중단과 지속 시간"),
            ("uptime history HOST", "한 호스트 또는 여러 호스트의 최근 중단"),
        ),
        examples=("uptime 이력 www.example.com", "uptime 이력 *.example.com"),
        note="숨긴 호스트의 중단도 표시와 함께 보여 줘요.",
    ),
    Guide(
        "log",
        words=("로그", "변경이력", "변경 이력", "변경내역", "변경 내역"),
        own_forms=("uptime 로그",),
        forms=(("uptime log", "사람이 변경한 최근 내역 (누가, 무엇을, 언제)"),),
        examples=("uptime 로그", "uptime 로그 www.example.com"),
    ),
    Guide(
        "doctor",
        words=("진단", "닥터"),
        forms=(("uptime doctor", "체크가 실패하면 Google이 이 서버에 알리게 되어 있는지 진단"),),
        examples=("uptime 진단",),
        own_forms=("uptime 진단",),
        note="`config.yaml` 파일에 `google.project` 설정이 필요해요.",
    ),
    Guide(
        "undo",
        words=("실행취소", "실행 취소"),
        forms=(("uptime undo", "내 마지막 변경을 되돌리려면 입력할 명령"),),
        examples=("uptime 실행취소",),
        everyday=("취소",),
        own_forms=("uptime 실행취소",),
    ),
    Guide(
        "version",
        words=("버전",),
        forms=(("uptime version", "서버 버전"),),
        examples=("uptime 버전",),
        own_forms=("uptime 버전",),
    ),
    Guide(
        "help",
        words=("도움말", "도움", "명령어", "도와줘", "도와주세요", "사용법"),
        own_forms=("uptime 도움말", "uptime 도움말 COMMAND"),
        forms=(("uptime help", "이 도움말"), ("uptime help COMMAND", "한 명령의 사용법과 예시")),
        examples=("uptime 도움말 종료",),
    ),
)
