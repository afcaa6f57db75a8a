"""A state file on network storage: refused, or warned of if the operator wants it all the same."""

from functools import partial
from pathlib import Path

from config.errors import ConfigIssue
from config.files import ANSWER_WITHIN, within
from config.reading import Reading
from state.mounts import mount_of

WHY = (
    "a lock there is lost with the network, or shared with nobody, so that a second process that waits "
    "for it may begin while the first still writes"
)


def network_storage(top: Reading, folder: Path) -> ConfigIssue | None:
    """What is wrong, or doubtful, with where `state_file` lies."""
    if "state_file" not in top.values:
        return None
    path = folder / str(top.values["state_file"])
    try:
        mount = within(ANSWER_WITHIN, path, partial(mount_of, path))
    except TimeoutError as error:
        return ConfigIssue(
            top.lines.get("state_file"), "state_file", f"cannot look at {path}: {error.strerror}"
        )
    if mount is None or not mount.is_network:
        return None
    cure = "see that only one is ever started"
    if not top.values.get("state_on_network"):
        cure = "take a disk of this machine, or write state_on_network: true"
    text = f"lies on network storage ({mount.kind}): {WHY}; {cure}"
    return ConfigIssue(top.lines.get("state_file"), "state_file", text)
