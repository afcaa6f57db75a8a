"""A person says that incidents are over whose close was lost. What Google says later counts more."""

from datetime import datetime

from state.deeds import Person
from state.incident import Incident
from state.model import State
from state.patch import NOTHING, Change, Patch


def resolve(name: str, by: Person, at: datetime) -> Change:
    """Close what is open on a host as of `at`, in whole seconds; with nothing open it changes nothing."""

    def change(state: State) -> Patch:
        host = state.hosts.get(name)
        if host is None or not host.open:
            return NOTHING
        past = host.past
        for incident in host.open:
            past = past.plus(_resolved(incident, by, at)._replace(edition=state.edition))
        return Patch({name: host._replace(open=(), past=past, edition=state.edition)})

    return change


def _resolved(incident: Incident, by: Person, at: datetime) -> Incident:
    """Texts that only an open incident has are left out, as at a close by Google."""
    ended = max(at, incident.started)  # Google's clock may be ahead of ours
    return incident._replace(ended=ended, resolved_by=by, condition="", url="", observed="")
