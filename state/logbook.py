"""Who changed what, kept beside the change itself: neither is on the disk without the other."""

from state.deeds import MOST, Deed
from state.model import State
from state.patch import Change, Patch


def logged(change: Change, *deeds: Deed) -> Change:
    """The change, with who made it. What changes nothing is not logged."""

    def both(state: State) -> Patch:
        patch = change(state)
        return patch._replace(log=(*state.log, *deeds)[-MOST:]) if patch else patch

    return both
