"""The manual in Korean, which README.ko.md repeats, and the words of questions and conversation."""

from collections.abc import Collection, Mapping

from languages.typed import Guide, by_word, words

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
        words=("숨김", "숨기기", "제거", "제외", "음소거", "뮤트"),
        everyday=(
            "삭제",
            "무시",
            "점검",
            "숨겨",
            "감춰",
            "빼",
            "끄기",
            "꺼",
            "알림 끄기",
            "알림 꺼",
            "알림 중지",
            "알림 그만",
            "조용히",
        ),
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
        words=tuple(
            f"{verb}{space}목록" for verb in ("숨김", "제거", "제외", "음소거", "뮤트") for space in (" ", "")
        ),
        everyday=(
            *("숨김 호스트", "숨긴", "숨겨진"),
            *(f"{verb}{ending}" for verb in ("음소거", "뮤트", "제외", "제거") for ending in ("한", "된")),
        ),
        own_forms=("uptime 숨김 목록",),
        forms=(("uptime removed", "숨긴 호스트 목록 (숨긴 사람, 기한, 이유)"),),
        examples=("uptime 숨김 목록", "uptime 숨김 목록 www.example.com"),
    ),
    Guide(
        "restore",
        words=(
            *("해제", "복원", "복구"),
            *(f"{verb}{space}해제" for verb in ("숨김", "음소거", "뮤트") for space in ("", " ")),
        ),
        everyday=(
            *("되돌려", "풀어", "켜기", "켜", "알림 켜기", "알림 켜"),
            *(f"{verb} {end}" for verb in ("숨김", "음소거", "뮤트") for end in ("취소", "풀어", "풀기")),
        ),
        own_forms=("uptime 해제 HOST",),
        forms=(("uptime restore HOST", "숨김을 해제하고 현재 상태 그대로 다시 보여 줌"),),
        examples=("uptime 해제 www.example.com", "uptime 해제 *.staging.example.com"),
        note=(
            "패턴은 그에 맞는 숨긴 호스트와 패턴을 모두 해제해요. "
            "패턴 하나만 해제하려면 `uptime 해제! *.staging.example.com` 형식으로 입력하세요."
        ),
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
        words=("실행취소", "실행 취소", "되돌리기"),
        forms=(
            ("uptime undo", "내 마지막 변경을 되돌리려면 입력할 명령"),
            ("uptime undo HOST", "한 호스트 또는 여러 호스트에 대한 내 마지막 변경을 되돌리려면 입력할 명령"),
        ),
        examples=("uptime 실행취소", "uptime 실행취소 *.example.com"),
        everyday=("취소",),
        own_forms=("uptime 실행취소", "uptime 실행취소 HOST"),
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


_COURTESIES = words("""
    좀 해 해줘 해줘요 해주세요 줘 줘요 주세요 해주십시오 해주실래요 부탁 부탁해 부탁해요 부탁드려요 부탁합니다
    부탁드립니다
    할까 할까요 해줄래 해줄래요 줄래 줄래요 주실래요 주시겠어요 주십시오
""") | {
    f"{give} 수 {is_possible}"
    for give in ("줄", "주실", "해줄", "해주실")
    for is_possible in ("있어", "있어요", "있나요", "있을까", "있을까요")
}


class KoreanQuestions:
    """Only the words; `slack.readings` and `slack.conversation` decide what they mean."""

    up_words: Collection[str] = words("정상")
    warning_words: Collection[str] = words("경고")
    extend_words: Collection[str] = words("연장 연장해 연장해줘 연장해주세요")
    extend_by = "(?!)"
    acknowledge_words: Collection[str] = words("인지 접수")
    every_host_words: Collection[str] = frozenset({"전체", "전부", "모두", "모든 호스트", "다"})
    last_change_words: Collection[str] = words("""
        마지막 방금 직전 최근 변경 명령 실수 그거 그것 이거 이것 거 것 한 둘
    """)
    question_words: Collection[str] = words("""
        상태 상태가 있어 있어요 있나요 있니 있었어 있었어요 있었나요 있었니 복구됐어 복구됐나요 복구됐니
        복구되었나요 이 가 은 는 을 를 도 야 인가요 했어 했나요 했니 개야 이래 업타임 가동률 건강 살아
        살았어 살았어요 살았나요 살았니
        살아있는 있는 있습니까 어때 어때요 어떤가요 어떻게 괜찮아 괜찮아요 괜찮나요 괜찮니 됐어 되나요 되고 돼
        돼요 되니 지금 현재 살아있어 살아있나요 호스트 호스트가 호스트는 서버 서버가 서버는 서버들 서비스
        사이트 전체 모두 다 목록 것 거 게 뭐 뭐가 뭐야 뭐예요 뭔가요 무엇 무엇이 무슨 어디 어디가 어디야 어느
        어떤 왜 얼마나 오래 몇 개 잘 정상이야 정상인가요 정상이니 돌아가 돌아가나요 돌아가고 작동해 접속 오늘
        이번 혹시 모든 난 일 일이 인 대 대나 개나 끝났어 끝났나요 복구된 맞아 맞나요 중이야 중인가요 중인 중
    """)
    topics: Mapping[str, str] = by_word(
        who="누가 누구",
        log="변경 껐어 껐나요 바꿨어 바꿨나요 변경했어 변경했나요",
        removed="숨겼어 숨겼나요 숨겼니 숨겨져 숨긴거",
        history="언제 언제부터 자주 번 최근 최근에 어제 어젯밤 어젯밤에 간밤에 밤새 지난주 지난 주",
        down="""
            죽었어 죽었어요 죽었나요 죽었니 죽었지 다운됐어 다운됐나요 다운됐니 다운되었나요 다운이야
            다운인가요 중단됐어 중단됐나요 안돼 안돼요 안되나요 안되는 먹통 먹통이야 끊겼어 끊겼나요 멈췄어
            멈췄나요 났어 났나요 고장났어 내려갔어
        """,
    )
    torn_word = r"(?<!\S)(?:복구|다운|중단|안) (?=됐|되었|돼|되나|되는)"
    question_end = r"(?<!\S)(?:할까|(?:해도|하면) 될까)요?[?!., ]*$"
    mute_or_unmute = r"알림(?:을)? ?해제"  # of the host, or of its mute
    undo_words: Collection[str] = words("되돌려")
    how_words: Collection[str] = words("어떻게 방법")
    asking_words: Collection[str] = words("""
        어때 어때요 어떤가요 괜찮나요 괜찮니 있나요 있니 있습니까 되나요 되니 돌아가나요 살아있나요 정상인가요
        정상이니 중인가요 뭐야 뭐예요 뭔가요 보여줘 보여주세요 알려줘 알려주세요 끝났나요 맞아 맞나요
    """)
    stating_words: Collection[str] = words("했어")
    polite_words: Collection[str] = _COURTESIES
    courtesies: Collection[str] = _COURTESIES | words("지금 보여줘 보여주세요 알려줘 알려주세요")
    word_endings: Collection[str] = (
        *("해주십시오", "해주실래요", "해주세요", "해줘요", "해줘"),
        *("줄래요", "줄래", "줄", "주실래요", "주실", "주시겠어요"),
        *("해봐", "해라", "주세요", "줘요", "줘", "해", "이", "가", "은", "는", "을", "를", "도"),
        *("야", "인가요", "했어", "했나요", "했니", "난", "인"),
    )
    exception = r"(?:\S+ )?(?:빼고|빼놓고|말고|제외|제외하고|제외한)(?!\.?[\w-])"
    forbidding = (
        r"(?<!\S)(?:숨기|감추|끄|닫|풀|켜|빼|되돌리|"
        r"(?:{verbs})(?: ?[을를이은는])? ?(?:처리 ?)?하|(?P<elsewhere>하))지 ?"
        r"(?:마|말(?!고 (?:.* )?(?:{verbs})(?!\S)))\S*|"  # "do not resolve it but mute it" is an order
        r"^(?:(?:\S+ )?잊지 ?(?:마|말아)\S*|잊지 ?(?:마|말아)\S* \S+)$"  # and "do not forget to mute it"
    )
    aside = r"(?<!\S)(?:잊지 ?(?:마|말아)\S*|(?:(?:\S+ )?하|\S+)지 ?말고(?= ))(?!\S)"
    talk_word = (
        r".*(?:니다|시다|요|네|죠|음|했어|었어|았어|는데|인데|지만|니까|라서|에서|에게|한테|으로|이랑|하고)|"
        r"감사.*|고마.*|울려.*|울리.*|안녕.*|수고.*|좋.*|[ㄱ-ㅎㅏ-ㅣ]+|완료|끝|시작|예정|중|중임|정말|진짜|너무|내일|다들|여러분|"
        r"그|저|우리|제|은|는|이|가|을|를|의|\W+"
    )
