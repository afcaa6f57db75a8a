"""Korean words of questions and of conversation, as people type them after our name."""

from collections.abc import Collection, Mapping

_COURTESIES = frozenset({
    "좀", "해", "해줘", "해줘요", "해주세요", "줘", "줘요", "주세요", "해주십시오", "해주실래요", "부탁",
    "부탁해", "부탁해요", "부탁드려요", "부탁합니다", "부탁드립니다",
})  # fmt: skip


class KoreanQuestions:
    """Words alone; `slack.questions` and `slack.conversation` say what comes of them."""

    up_words: Collection[str] = frozenset({"정상"})
    warning_words: Collection[str] = frozenset({"경고"})
    acknowledge_words: Collection[str] = frozenset({"인지", "접수"})
    every_host_words: Collection[str] = frozenset({"전체", "전부", "모두", "모든 호스트", "다"})
    question_words: Collection[str] = frozenset({
        "상태", "상태가", "있어", "있어요", "있나요", "있니", "있었어", "있었어요", "있었나요", "있었니",
        "복구됐어", "복구됐나요", "복구됐니", "복구되었나요", "이", "가", "은", "는", "을", "를", "도",
        "야", "인가요", "했어", "했나요", "했니", "개야", "이래", "업타임", "가동률", "건강", "살아",
        "살아있는", "있는", "있습니까", "어때", "어때요", "어떤가요", "어떻게", "괜찮아", "괜찮아요",
        "괜찮나요", "괜찮니", "됐어", "되나요", "되고", "돼", "돼요", "되니", "지금", "현재", "살아있어",
        "살아있나요", "호스트", "호스트가", "호스트는", "서버", "서버가", "서버는", "서버들", "서비스",
        "사이트", "전체", "모두", "다", "목록", "것", "거", "게", "뭐", "뭐가", "뭐야", "뭐예요",
        "뭔가요", "무엇", "무엇이", "무슨", "어디", "어디가", "어디야", "어느", "어떤", "왜", "얼마나",
        "오래", "몇", "개", "잘", "정상이야", "정상인가요", "정상이니", "돌아가", "돌아가나요",
        "돌아가고", "작동해", "접속", "오늘", "이번", "혹시", "모든", "중이야", "중인가요", "중인", "중",
    })  # fmt: skip
    topics: Mapping[str, str] = {
        **dict.fromkeys(("누가", "누구"), "who"),
        **dict.fromkeys(("변경", "껐어", "껐나요", "바꿨어", "바꿨나요", "변경했어", "변경했나요"), "log"),
        **dict.fromkeys(("숨겼어", "숨겼나요", "숨겼니", "숨겨져", "숨긴거"), "removed"),
        **dict.fromkeys(("언제", "언제부터", "자주", "번", "최근", "최근에"), "history"),
        **dict.fromkeys(("어제", "지난주", "지난", "주"), "history"),
        **dict.fromkeys(("죽었어", "죽었어요", "죽었나요", "죽었니", "죽었지"), "down"),
        **dict.fromkeys(
            ("다운됐어", "다운됐나요", "다운됐니", "다운되었나요", "다운이야", "다운인가요"), "down"
        ),
        **dict.fromkeys(("중단됐어", "중단됐나요", "안돼", "안돼요", "안되나요", "안되는"), "down"),
        **dict.fromkeys(("먹통", "먹통이야", "끊겼어", "끊겼나요", "멈췄어", "멈췄나요"), "down"),
        **dict.fromkeys(("났어", "났나요", "고장났어", "내려갔어"), "down"),
    }
    how_words: Collection[str] = frozenset({"어떻게", "방법"})
    asking_words: Collection[str] = frozenset()
    stating_words: Collection[str] = frozenset({"했어"})
    polite_words: Collection[str] = _COURTESIES
    courtesies: Collection[str] = frozenset(
        {*_COURTESIES, "지금", "보여줘", "보여주세요", "알려줘", "알려주세요"}
    )
    word_endings: Collection[str] = (
        *("해주십시오", "해주실래요", "해주세요", "해줘요", "해줘"),
        *("해봐", "해라", "주세요", "줘요", "줘", "해", "이", "가", "은", "는", "을", "를", "도"),
        *("야", "인가요", "했어", "했나요", "했니"),
    )
    talk_word = (
        r".*(?:니다|시다|요|네|죠|음|했어|었어|았어|는데|인데|지만|니까|라서|에서|에게|한테|으로|이랑|하고)|"
        r"감사.*|고마.*|안녕.*|수고.*|좋.*|[ㄱ-ㅎㅏ-ㅣ]+|완료|끝|시작|예정|중|중임|정말|진짜|너무|내일|다들|여러분|"
        r"그|저|우리|제|은|는|이|가|을|를|의|\W+"
    )
