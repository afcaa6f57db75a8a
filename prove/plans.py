"""What clients and the disk may do, and in which order: drawn by hypothesis."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from typing import Self

from hypothesis import strategies as st

from google.webhook import parse
from hosts.incident import Incident
from prove.gate import End
from tests.builders import NOON
from tests.support import incident_body


class Client(Enum):
    STAYS = "stays"
    LEAVES_SENDING = "leaves before all is sent"
    LEAVES_WAITING = "leaves before the answer"


@dataclass(frozen=True)
class Delivery:
    incident_id: str
    state: str
    host: str
    minutes_ago: int
    policy: str
    client: Client = Client.STAYS

    def body(self) -> bytes:
        started = NOON - timedelta(minutes=self.minutes_ago)
        moments = {"started_at": int(started.timestamp()), "ended_at": int(started.timestamp()) + 60}
        fields = incident_body(self.incident_id, self.state, self.host, policy_name=self.policy, **moments)
        return json.dumps(fields).encode()

    def to_the_end(self) -> Self:
        return replace(self, client=Client.STAYS)

    def told(self) -> Incident:
        incident = parse(self.body(), NOON)
        assert isinstance(incident, Incident)
        return incident


Plan = Sequence[Delivery | End]

deliveries = st.builds(
    Delivery,
    incident_id=st.sampled_from("abcd"),
    state=st.sampled_from(["open", "closed"]),
    host=st.sampled_from(["a.test", "b.test"]),
    minutes_ago=st.integers(1, 3000),
    policy=st.sampled_from(["", "one", "two"]),
    client=st.sampled_from([Client.STAYS, *Client]),
)


@st.composite
def plans(draw: st.DrawFn) -> tuple[Plan, Sequence[Delivery]]:
    """A plan, and its deliveries in another order."""
    few = draw(st.lists(deliveries, min_size=1, max_size=8))  # so that some are delivered twice
    plan = draw(st.lists(st.one_of(st.sampled_from(few), st.sampled_from(End)), max_size=25))
    mine = [step.to_the_end() for step in plan if isinstance(step, Delivery)]
    return plan, draw(st.permutations(mine))
