"""Korean: short nouns in digests, 해요 in replies.

The letters of a host's name do not show how it ends when it is read aloud, so no particle
follows a name: a noun comes between them ("`a.test` 호스트는").
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from hosts.incident import Kind, NamedBy
from hosts.model import Status
from languages.korean.commands import COMMANDS, KoreanQuestions
from languages.korean.doctor import KoreanDoctor
from languages.korean.durations import KoreanDurations
from languages.korean.messages import KoreanMessages
from languages.korean.page import KoreanPage
from languages.korean.replies import KoreanReplies
from languages.page import PageWords
from languages.typed import Guide, MuteVerbs


class Korean(KoreanMessages, KoreanReplies, KoreanDoctor, KoreanDurations, KoreanQuestions):
    """The whole language, with the words that messages and replies share."""

    units = ("일", "시간", "분", "초")
    statuses: Mapping[Status, str] = {Status.DOWN: "중단", Status.WARNING: "경고", Status.UP: "정상"}
    never_reported = "데이터 없음"
    no_such_host = "이런 이름의 호스트 없음"
    disabled = "체크 비활성"
    gone = "더 이상 감시하지 않음"
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
        MuteVerbs("숨김", "해제", "숨김 목록"),
        MuteVerbs("음소거", "음소거 해제", "음소거 목록"),
        MuteVerbs("뮤트", "뮤트 해제", "뮤트 목록"),
    )
    since = "{}부터".format
    and_more_incidents = "{what} 외 {more}건".format

    def moment(self, at: datetime) -> str:
        return f"{at.year}년 {at.month}월 {at.day}일 {at:%H:%M %Z}"
