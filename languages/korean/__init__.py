"""Korean: short nouns in digests, 해요 in replies.

How a host's name ends when it is read aloud cannot be known from its letters, so no particle
follows a name: a noun stands between them ("`a.test` 호스트는").
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from hosts.incident import Kind, NamedBy
from hosts.model import Status
from languages.korean.commands import COMMANDS
from languages.korean.digest import KoreanDigest, KoreanGreeting
from languages.korean.durations import KoreanTerm
from languages.korean.page import KoreanPage
from languages.korean.replies import KoreanDeeds, KoreanRemoval, KoreanReplies
from languages.language import Guide
from languages.page_words import PageWords


class Korean(KoreanDigest, KoreanReplies, KoreanRemoval, KoreanTerm, KoreanDeeds, KoreanGreeting):
    units = ("일", "시간", "분", "초")
    statuses: Mapping[Status, str] = {Status.DOWN: "중단", Status.WARNING: "경고", Status.UP: "정상"}
    unheard = "소식 없음"
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
    somebody = "알 수 없는 사용자"
    not_this_team = (
        "이 워크스페이스에서는 명령을 쓸 수 없어요. 서버 운영자가 `slack.team_id` 설정으로 허용할 수 있어요."
    )
    commands: Sequence[Guide] = COMMANDS
    courtesies: Collection[str] = frozenset(
        {"지금", "좀", "부탁해요", "부탁드려요", "부탁합니다", "보여줘", "보여주세요", "알려줘", "알려주세요"}
    )
    help_title = "쓸 수 있는 명령:"

    def moment(self, at: datetime) -> str:
        return f"{at.year}년 {at.month}월 {at.day}일 {at:%H:%M %Z}"

    def since(self, at: str) -> str:
        return f"{at} 이후"

    def and_more_incidents(self, what: str, more: int) -> str:
        return f"{what} 외 {more}건"

    def not_a_command(self, typed: str, command: str) -> str:
        guess = f"혹시 {command} 명령인가요? " if command else ""
        return f"{typed} 명령은 없어요. {guess}사용법은 `uptime help` 명령으로 확인하세요."

    def for_example(self, examples: str) -> str:
        return f"예: {examples}"

    def other_words(self, words: str) -> str:
        return f"한글 명령: {words}"

    def which_host(self, verb: str) -> str:
        return f"어느 호스트인가요? `uptime {verb} HOST` 형식으로 입력하세요."

    def not_this_channel(self, channels: Sequence[str]) -> str:
        listed = ", ".join(channels)
        where = f"{listed} 채널에서 입력하세요." if channels else "서버 운영자에게 문의하세요."
        return f"이 채널에서는 명령을 쓸 수 없어요. {where}"

    def not_an_admin(self, admins: Sequence[str]) -> str:
        return f"조회만 할 수 있고 변경은 할 수 없어요. 변경은 {', '.join(admins)} 님에게 요청하세요."
