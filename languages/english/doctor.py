"""English for the findings of the doctor."""

from collections.abc import Mapping

from hosts.examination import Fault
from languages.english.messages import counted


class EnglishDoctor:
    """What keeps Google's notifications from arriving, and how to fix it."""

    findings: Mapping[Fault, str] = {
        Fault.NO_CHANNEL: "None of Google's notification channels is a webhook to this server",
        Fault.CHANNEL_OFF: "The notification channel {subject} is off, so it delivers nothing",
        Fault.NO_POLICY: "No alerting policy covers the check {subject} of {detail}",
        Fault.POLICY_OFF: "The policy {subject} is disabled",
        Fault.POLICY_INVALID: "The policy {subject} is invalid and never fires: {detail}",
        Fault.NOT_NOTIFIED: "The policy {subject} does not notify this server",
        Fault.NO_CLOSE: "The policy {subject} does not notify when an incident closes",
        Fault.AUTO_CLOSE: (
            "The policy {subject} closes incidents after {duration} without data, even if the host is still "
            "down"
        ),
        Fault.OTHER_PROJECTS: (
            "The policy {subject} has no filter on the project: it also reports {detail}, which no check of "
            "this project watches"
        ),
        Fault.CHECK_OFF: "The check {subject} of {detail} is disabled",
        Fault.NEVER_CLOSES: (
            "The policy {subject} matches log entries, so Google never notifies when its incidents close"
        ),
        Fault.REPEATS: "The policy {subject} sends a reminder every {duration}, which does no harm here",
        Fault.SNOOZED: "The snooze {subject} lasts until {at}, and Google reports nothing that it covers",
        Fault.FAILED: "Google last failed to deliver to this server at {at}: {detail}",
    }
    hints: Mapping[Fault, str] = {
        Fault.NO_CHANNEL: "Add one under *Webhooks* on {page}, with a URL that ends in `/fromGCPMonitoring`",
        Fault.CHANNEL_OFF: "Run {command}",
        Fault.NO_POLICY: "On {page}, choose *Add alert policy* in the menu of the check",
        Fault.POLICY_OFF: "Run {command}",
        Fault.POLICY_INVALID: "Correct its condition on {page}",
        Fault.NOT_NOTIFIED: "Run {command}",
        Fault.NO_CLOSE: "On {page}, press *Edit* and tick *Notify on incident closure*",
        Fault.AUTO_CLOSE: "On {page}, press *Edit* and set *Incident autoclose duration* to 7 days",
        Fault.OTHER_PROJECTS: "On {page}, press *Edit* and add a filter on *project_id*",
        Fault.CHECK_OFF: "To see it, open {page}",
        Fault.SNOOZED: "To end it now, run {command}",
        Fault.FAILED: (
            "401: correct the user name or password of the channel; 404: the path of its URL; otherwise, "
            "look into the logs of this server and its proxy for that time"
        ),
    }
    console = "this page"
    not_asked = "Google is not asked about its notifications: `google.project` in `config.yaml` is empty."
    not_examined_yet = "Google has not been asked about its notifications yet. Try again in a minute."
    examined = "According to Google's settings {}".format
    own_webhook = "webhook of this server: {}".format
    not_examined = "Google cannot be asked about its notifications: {}".format

    def found(self, to_fix: int) -> str:
        return f"{counted(to_fix, 'thing')} to fix: Google would not report everything to this server"

    def all_heard(self, checks: int) -> str:
        if not checks:
            return "Google has no uptime checks to report"
        return f"Google reports {'the one check' if checks == 1 else f'all {checks:,} checks'} to this server"
