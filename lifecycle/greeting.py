"""What is said at a start: where it listens, what it will do, and what to try next."""

from config import PLACEHOLDER, Config, format_schedule
from state.store import Store

SAMPLE = (
    '{"incident":{"incident_id":"try-1","state":"open","policy_name":"www uptime failure",'
    '"resource":{"type":"uptime_url","labels":{"host":"www.example.com"}}}}'
)


def greet(config: Config, store: Store, port: int) -> None:
    """Where it listens, what it will do, and what to try next."""
    host = f"[{config.listen.address}]" if ":" in config.listen.address else config.listen.address
    address = f"http://{host}:{port}"
    user = (
        f"{config.gcp.username}:{PLACEHOLDER}" if config.gcp.password == PLACEHOLDER else config.gcp.username
    )
    known = f"knowing {len(store.state.hosts)} hosts; its state is {config.state_file}"
    print(f"uptime-check-manager listens on {address}, {known}")
    for channel in config.channels:
        target = "to Slack" if channel.webhook_url else "here, since slack.webhook_url is empty"
        name = f" of channel {channel.name}" if len(config.channels) > 1 else ""
        print(f"It posts the digest{name} {format_schedule(channel.digest.schedule)} {target}.")
    print(f"Try: curl -u {user} {address}/fromGCPMonitoring -d '{SAMPLE}'", flush=True)
