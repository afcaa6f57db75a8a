"""What is said at a start: where it listens, what it will do, and what to try next."""

from typing import Any

from config import EVERY_DAY, PLACEHOLDER, Config, Schedule
from google.sample import SAMPLE
from languages import LANGUAGES, Language
from slack.phrases import duration


def greeting(config: Config, hosts: int, listens: tuple[Any, ...] | str) -> list[str]:
    """`hosts`: how many are known; `listens`: the name of the socket that is listened on."""
    language = LANGUAGES[config.language]
    address, user = _url(listens, "https" if config.tls else "http"), config.gcp.username
    unverified = "-k " if config.tls else ""  # by its address; the certificate is for its name
    user += f":{PLACEHOLDER}" if PLACEHOLDER in config.gcp.passwords else ""
    return [
        language.listens(address, hosts, str(config.state_file)),
        *(
            language.posts(
                channel.name if len(config.channels) > 1 else "",
                schedule_text(channel.digest.schedule, language),
                to_slack=bool(channel.webhook_url),
            )
            for channel in config.channels
        ),
        language.try_it(f"curl {unverified}-u {user} {address}/fromGCPMonitoring -d '{SAMPLE}'"),
        *([] if address.startswith("unix:") else [language.page.greeting(f"{_from_here(address)}/")]),
    ]


def _url(listens: tuple[Any, ...] | str, scheme: str) -> str:
    if isinstance(listens, str):  # a socket in the file system
        return f"unix:{listens}"
    host, port = listens[:2]
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def _from_here(address: str) -> str:
    """Where every address is listened on, this machine's own is one of them."""
    return address.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:")


def schedule_text(schedule: Schedule, language: Language) -> str:
    every = duration(schedule.every, language) if schedule.every else ""
    days = () if schedule.days == EVERY_DAY else schedule.days
    return language.schedule(every, [f"{at:%H:%M}" for at in schedule.at], days)
