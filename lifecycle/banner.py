"""The lines printed at start: the address, the schedules and a command to try."""

from collections.abc import Sequence

from config import EVERY_DAY, Config, Schedule
from config.addresses import host_and_port
from handlers.sample_delivery import sample_delivery_command
from languages import Locale
from lifecycle.systemd import Address


def banner(config: Config, hosts: int, addresses: Sequence[Address]) -> list[str]:
    """`hosts` is the number of known hosts, `addresses` those of the listening sockets."""
    locale, language = config.locale, config.locale.language
    urls = [_url(address, "https" if config.tls else "http") for address in addresses]
    url = urls[0]
    from_here = url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:")
    insecure = "-k " if config.tls else ""  # the certificate is for a name, not for this address
    return [
        language.listens(address=", ".join(urls), hosts=hosts, state_file=str(config.state_file)),
        *(
            language.posts(
                channel.name if len(config.channels) > 1 else "",
                schedule_text(channel.digest.schedule, locale),
                to_slack=bool(channel.webhook_url),
            )
            for channel in config.channels
        ),
        language.try_it(sample_delivery_command(config.gcp, url, insecure)),
        *([] if url.startswith("unix:") else [language.page.banner(f"{from_here}/")]),
    ]


def _url(address: Address, scheme: str) -> str:
    if isinstance(address, str):  # a Unix socket
        return f"unix:{address}"
    return f"{scheme}://{host_and_port(*address[:2])}"


def schedule_text(schedule: Schedule, locale: Locale) -> str:
    every = locale.duration(schedule.every) if schedule.every else ""
    days = () if schedule.days == EVERY_DAY else schedule.days
    return locale.language.schedule(every, [f"{at:%H:%M}" for at in schedule.at], days)
