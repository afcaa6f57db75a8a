"""What mends a finding: a gcloud command, or the page of Google's console where it is a click."""

import shlex
from urllib.parse import quote

CONSOLE = "https://console.cloud.google.com/monitoring"


def enable_policy(policy: str, project: str) -> str:
    return _command("monitoring policies update", policy, project, "--enabled")


def notify(policy: str, channel: str, project: str) -> str:
    flag = f"--add-notification-channels={channel_name(channel, project)}"
    return _command("monitoring policies update", policy, project, flag)


def enable_channel(channel: str, project: str) -> str:
    """Of channels, gcloud has only a beta."""
    return _command("beta monitoring channels update", channel, project, "--enabled")


def cancel_snooze(snooze: str, project: str) -> str:
    return _command("monitoring snoozes cancel", snooze, project)


def policy_page(policy: str, project: str) -> str:
    return _page(f"alerting/policies/{quote(policy, safe='')}", project)


def checks_page(project: str) -> str:
    return _page("uptime", project)


def check_page(check: str, project: str) -> str:
    return _page(f"uptime/{quote(check, safe='')}", project)


def channels_page(project: str) -> str:
    return _page("alerting/notifications", project)


def channel_name(channel: str, project: str) -> str:
    return f"projects/{project}/notificationChannels/{channel}"


def _command(verb: str, subject: str, project: str, *flags: str) -> str:
    words = (subject, f"--project={project}", *flags)
    return " ".join(["gcloud", verb, *map(shlex.quote, words)])


def _page(path: str, project: str) -> str:
    return f"{CONSOLE}/{path}?project={quote(project, safe='')}"
