"""Where a person changes Google's configuration: pages of its console, and commands of gcloud."""

import shlex
from urllib.parse import quote

CONSOLE = "https://console.cloud.google.com/monitoring"


def console_page(project: str, *path: str) -> str:
    return f"{CONSOLE}/{'/'.join(quote(part, safe='') for part in path)}?project={quote(project, safe='')}"


def enable_policy(policy: str, project: str) -> str:
    return _command("monitoring policies update", policy, project, "--enabled")


def notify(policy: str, channel: str, project: str) -> str:
    flag = f"--add-notification-channels=projects/{project}/notificationChannels/{channel}"
    return _command("monitoring policies update", policy, project, flag)


def enable_channel(channel: str, project: str) -> str:
    """For channels, gcloud has only a beta command."""
    return _command("beta monitoring channels update", channel, project, "--enabled")


def cancel_snooze(snooze: str, project: str) -> str:
    return _command("monitoring snoozes cancel", snooze, project)


def _command(verb: str, subject: str, project: str, *flags: str) -> str:
    return " ".join(["gcloud", verb, *map(shlex.quote, (subject, f"--project={project}", *flags))])
