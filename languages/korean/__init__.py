"""Korean: short nouns in digests, 해요 in replies.

How a host's name ends when it is read aloud cannot be known from its letters, so no particle
follows a name: a noun stands between them ("`a.test` 호스트는").
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from hosts.incident import Kind, NamedBy
from hosts.model import Status
from languages.korean.buttons import KoreanButtons
from languages.korean.commands import COMMANDS
from languages.korean.durations import KoreanDurations
from languages.korean.messages import KoreanMessages
from languages.korean.page import KoreanPage
from languages.korean.replies import KoreanReplies
from languages.language import Guide, MuteVerbs
from languages.page_words import PageWords


class Korean(KoreanMessages, KoreanReplies, KoreanButtons, KoreanDurations):
    """The whole language, with the words that messages and replies share."""

    units = ("일", "시간", "분", "초")
    statuses: Mapping[Status, str] = {Status.DOWN: "중단", Status.WARNING: "경고", Status.UP: "정상"}
    never_reported = "데이터 없음"
    kinds: Mapping[Kind, str] = {
        Kind.DOWNTIME: "중단",
        Kind.CERTIFICATE: "인증서 만료 임박",
        Kind.SIGNAL: "업타임 지표",
        Kind.OTHER: "기타 인시던트",
    }
    named_by: Mapping[NamedBy, str] = {NamedBy.CHECK: "체크", NamedBy.POLICY: "정책"}
    incident = "인시던트"
    uptime = "가동률"
    percent = "%"
    page: PageWords = KoreanPage()
    date_and_time = "{date_short_pretty} {time}"
    at_time = "{time}"
    somebody = "알 수 없는 사용자"
    commands: Sequence[Guide] = COMMANDS
    mute_verbs: Sequence[MuteVerbs] = (
        MuteVerbs("숨김", "복원", "숨김 목록"),
        MuteVerbs("음소거", "음소거 해제", "음소거 목록"),
    )
    up_words: Collection[str] = frozenset({"정상"})
    warning_words: Collection[str] = frozenset({"경고"})
    acknowledge_words: Collection[str] = frozenset({"인지", "접수"})
    every_host_words: Collection[str] = frozenset({"전체", "전부", "모두", "모든 호스트", "다"})
    question_words: Collection[str] = frozenset({
        "상태", "있어", "있어요", "있나요", "어때", "어때요", "어떤가요",
        "어떻게", "괜찮아", "괜찮아요", "괜찮나요", "됐어", "되나요", "돼",
        "돼요", "지금", "현재", "살아있어", "살아있나요", "죽었어", "죽었나요",
        "다운됐어", "호스트", "서버", "전체", "모두", "목록", "것", "뭐야", "뭐예요",
    })  # fmt: skip
    polite_words: Collection[str] = frozenset({
        "좀", "해", "해줘", "해줘요", "해주세요", "주세요", "해주십시오", "해주실래요",
        "부탁", "부탁해", "부탁해요", "부탁드려요", "부탁합니다", "부탁드립니다",
    })  # fmt: skip
    courtesies: Collection[str] = frozenset(
        {*polite_words, "지금", "보여줘", "보여주세요", "알려줘", "알려주세요"}
    )

    def moment(self, at: datetime) -> str:
        return f"{at.year}년 {at.month}월 {at.day}일 {at:%H:%M %Z}"

    def since(self, at: str) -> str:
        return f"{at}부터"

    def and_more_incidents(self, what: str, more: int) -> str:
        return f"{what} 외 {more}건"
