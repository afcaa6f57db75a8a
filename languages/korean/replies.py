"""What Korean replies say."""

from collections.abc import Mapping, Sequence

from hosts.model import Action


def _past(kind: str, lasted: str, at: str, policy: str) -> str:
    return f"{kind} {lasted}, {at} 시작{f' ({policy})' if policy else ''}"


class KoreanReplies:
    none_removed = "숨긴 호스트가 없어요."
    not_named_by_google = "Google 알림에 호스트 이름이 없어서 체크나 정책의 이름으로 표시해요."
    not_saved = "저장하지 못해서 아무것도 바뀌지 않았어요. 다시 시도해 주세요. 원인 확인: `/healthz`"
    sent_again = "처음 받았을 때 이미 처리한 명령이에요. 이번에는 아무것도 바뀌지 않았어요."
    no_outage = "알려진 중단이 없어요."
    history_title = "최근 중단, 최신순:"
    off_the_list = "숨김"

    def unknown_host(self, host: str, instead: Sequence[str]) -> str:
        every = "`uptime check` 명령으로 모든 호스트를 볼 수 있어요."
        guess = f"혹시 {' 또는 '.join(instead)} 명령인가요?" if instead else every
        return f"{host} 호스트에 대한 알림을 받은 적이 없어요. {guess}"

    def now(self, status: str) -> str:
        return f"현재 {status}"

    def removed(self, host: str, until: str, by: str, stands: str, undo: str) -> str:
        undoing = f"되돌리려면 {undo} 명령을 입력하세요."
        return f"{host} 호스트는 {until} 숨김 상태예요. {by}, {stands}. {undoing}"

    def removed_by(self, who: str, at: str) -> str:
        return f"{who} 님이 숨김 ({at})"

    def restored(self, host: str) -> str:
        return f"{host} 호스트가 목록에 있어요."

    def removed_count(self, count: int) -> str:
        return f"숨긴 호스트 {count}개:"

    def removed_row(self, by: str, stands: str) -> str:
        return f"{by}, {stands}"

    def host_removed(self, by: str) -> str:
        return by

    def before(self, closed: int) -> str:
        return f"이전 기록: 종료 {closed}건, 최신순"

    def more_lines(self, count: int) -> str:
        return f"… 외 {count}줄"

    def is_up(self, host: str, lasting: str) -> str:
        return f"{host} 호스트는 {f'{lasting}째 ' if lasting else ''}정상이에요."

    def never_heard_of(self, host: str) -> str:
        return f"{host} 호스트는 아직 소식이 없어요. Google이 보낸 인시던트가 없어 상태를 알 수 없어요."

    def is_down(self, host: str, lasting: str) -> str:
        return f"{host} 호스트는 {lasting}째 중단 상태예요."

    def is_warned_about(self, host: str, lasting: str) -> str:
        return f"{host} 호스트는 {lasting}째 경고 상태예요."

    def open_incident(self, kind: str, what: str, at: str, lasting: str) -> str:
        return f"{kind}:{f' {what},' if what else ''} {at} 시작, {lasting}째"

    def past_incident(self, kind: str, lasted: str, at: str, policy: str, *, cancelled: bool) -> str:
        ended = "정책 수정으로 종료" if cancelled else "종료"
        return f"{_past(kind, lasted, at, policy)}, {ended}"

    def resolved_incident(self, kind: str, lasted: str, at: str, policy: str, who: str) -> str:
        return f"{_past(kind, lasted, at, policy)}, {who} 님이 종료 처리"


class KoreanRemoval:
    until_up = "복구될 때까지"
    until_restored = "복원할 때까지"
    matches_none = "지금은 맞는 호스트 없음 (새 호스트부터 적용)"

    def until(self, at: str) -> str:
        return f"{at}까지"

    def because(self, reason: str) -> str:
        return f"이유: {reason}"

    def standing(self, status: str, since: str) -> str:
        return f"{status} ({since}부터)"

    def hosts_and_down(self, hosts: int, down: int) -> str:
        return f"호스트 {hosts:,}개" + (f" 중 {down:,}개 중단" if down else "")

    def matches(self, hosts: int) -> str:
        return f"지금 호스트 {hosts:,}개 (새 호스트도 적용)"

    def removed_many(self, until: str, by: str, undo: str) -> str:
        return f"{until} 숨김 상태예요. {by}. 되돌리려면 {undo} 명령을 입력하세요."

    def pattern_restored(self, pattern: str, hosts: str) -> str:
        return f"{pattern} 패턴의 숨김을 해제했어요: {hosts}"

    def still_hidden(self, host: str, pattern: str, undo: str) -> str:
        undoing = f"이 패턴이 숨긴 호스트를 모두 되돌리려면 {undo} 명령을 입력하세요."
        return f"{host} 호스트는 {pattern} 패턴으로 숨김 상태예요. {undoing}"


DID: Mapping[Action, str] = {
    Action.REMOVE: "숨김",
    Action.RESTORE: "복원",
    Action.RESOLVE: "종료 처리",
    Action.FORGET: "기록 삭제",
}


class KoreanDeeds:
    nothing_logged = "아직 아무도 변경하지 않았어요."
    log_title = "최근 변경, 최신순:"
    still_watched = "`config.yaml` 파일의 `hosts:` 항목에 있어서 목록에는 남아요. 거기서도 지워 주세요."

    def nothing_logged_of(self, hosts: str) -> str:
        return f"{hosts} 호스트는 아직 아무도 변경하지 않았어요."

    def nothing_to_resolve(self, host: str) -> str:
        return f"{host} 호스트에는 종료할 인시던트가 없어요."

    def resolved(self, host: str, incidents: int, who: str, at: str) -> str:
        what = f"인시던트 {incidents:,}건"
        return (
            f"{host} 호스트: {who} 님이 {what} 종료 처리 ({at}). 나중에 Google 알림이 오면 그 내용을 따라요."
        )

    def still_open(self, host: str, resolve: str) -> str:
        reason = f"{host} 호스트에 열린 인시던트가 있어서 지울 수 없어요."
        return f"{reason} 이미 끝났다면 먼저 {resolve} 명령을 입력하세요."

    def nothing_to_forget(self, host: str) -> str:
        return f"{host} 호스트는 소식이 없어요. `config.yaml` 파일의 `hosts:` 항목을 확인하세요."

    def lost(self, closed: int, since: str, *, muted: bool) -> str:
        return f"{since} 이후 종료된 인시던트 {closed:,}건" + (", 숨김" if muted else "")

    def would_be_forgotten(self, hosts: str, lost: str, again: str) -> str:
        return f"{hosts} 호스트의 기록을 완전히 지워요 ({lost}). 계속하려면 {again} 명령을 입력하세요."

    def forgotten(self, host: str) -> str:
        return f"{host} 호스트의 기록을 지웠어요. Google에서 새 인시던트가 오면 다시 나타나요."

    def deed(self, did: Action, who: str, what: str, at: str) -> str:
        return f"{at}: {who} 님이 {what} {DID[did]}"
