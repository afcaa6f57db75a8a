"""Korean for the findings of the doctor."""

from collections.abc import Mapping

from hosts.examination import Fault


class KoreanDoctor:
    """What keeps Google's notifications from arriving, and how to fix it."""

    findings: Mapping[Fault, str] = {
        Fault.NO_CHANNEL: "Google 알림 채널 중에 이 서버로 오는 웹훅이 없음",
        Fault.CHANNEL_OFF: "알림 채널 {subject}: 꺼져 있어 아무것도 전달되지 않음",
        Fault.NO_POLICY: "체크 {subject} ({detail}): 알림 정책이 없음",
        Fault.POLICY_OFF: "정책 {subject}: 사용 중지됨",
        Fault.POLICY_INVALID: "정책 {subject}: 설정이 잘못되어 작동하지 않음: {detail}",
        Fault.NOT_NOTIFIED: "정책 {subject}: 알림이 이 서버로 오지 않음",
        Fault.NO_CLOSE: "정책 {subject}: 인시던트가 종료될 때 알리지 않음",
        Fault.AUTO_CLOSE: "정책 {subject}: 데이터가 {duration} 동안 없으면 호스트가 중단 중이어도 자동 종료",
        Fault.OTHER_PROJECTS: (
            "정책 {subject}: 프로젝트 필터가 없어 이 프로젝트의 체크가 감시하지 않는 호스트({detail})도 알림"
        ),
        Fault.CHECK_OFF: "체크 {subject} ({detail}): 비활성",
        Fault.NEVER_CLOSES: "정책 {subject}: 로그 기반이라 Google이 종료를 알리지 않음",
        Fault.REPEATS: "정책 {subject}: {duration}마다 다시 알림 (여기서는 문제 없음)",
        Fault.SNOOZED: "일시 중지 {subject}: {at}까지 그 대상은 알리지 않음",
        Fault.FAILED: "Google이 이 서버로 마지막으로 전달하지 못한 시각 {at}: {detail}",
    }
    hints: Mapping[Fault, str] = {
        Fault.NO_CHANNEL: "{page}의 *Webhooks* 에 URL이 `/fromGCPMonitoring` 경로로 끝나는 것을 추가하세요",
        Fault.CHANNEL_OFF: "실행: {command}",
        Fault.NO_POLICY: "{page}의 체크 메뉴에서 *Add alert policy* 를 선택하세요",
        Fault.POLICY_OFF: "실행: {command}",
        Fault.POLICY_INVALID: "{page}에서 조건을 고치세요",
        Fault.NOT_NOTIFIED: "실행: {command}",
        Fault.NO_CLOSE: "{page}에서 *Edit* 을 누르고 *Notify on incident closure* 를 켜세요",
        Fault.AUTO_CLOSE: "{page}에서 *Edit* 을 누르고 *Incident autoclose duration* 을 7일로 바꾸세요",
        Fault.OTHER_PROJECTS: "{page}에서 *Edit* 을 누르고 *project_id* 필터를 추가하세요",
        Fault.CHECK_OFF: "확인: {page}",
        Fault.SNOOZED: "지금 끝내려면 실행: {command}",
        Fault.FAILED: (
            "401: 채널의 사용자 이름이나 비밀번호를 고치세요. 404: URL의 경로를 고치세요. "
            "그 밖에는 그 시각의 이 서버와 프록시 로그를 보세요"
        ),
    }
    console = "콘솔 페이지"
    not_asked = "`config.yaml` 파일에 `google.project` 값이 없어 Google 알림 설정을 읽지 않아요."
    not_examined_yet = "아직 Google 알림 설정을 읽지 않았어요. 잠시 뒤 다시 시도하세요."
    found = "고칠 설정 {:,}건: 그대로 두면 이 서버가 일부 알림을 받지 못함".format
    examined = "Google 설정 기준 시각: {}".format
    own_webhook = "이 서버의 웹훅: {}".format
    not_examined = "Google 알림 설정을 읽지 못함: {}".format

    def all_heard(self, checks: int) -> str:
        return f"체크 {checks:,}개 모두 이 서버로 알림" if checks else "Google에 업타임 체크 없음"
