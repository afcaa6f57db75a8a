"""What is told of hosts is told by the titles that people know them by."""

from digest.alerts import AlertBatch
from digest.compose import titled, titled_alerts, titled_week, titling
from digest.model import Digest, Down
from digest.summary import count_hosts, summarize
from digest.weekly import visible_hosts
from hosts.identity import Titles, key_of
from hosts.model import Host
from hosts.patterns import EVERY_HOST
from tests.builders import MINUTE, NOON, closed, opened, state_after, summarize_week, wish

LATER = NOON + 60 * MINUTE
PROD, TEST = (key_of("api", {"project": project}) for project in ("prod", "test"))
DEP, LONE = key_of("dep-3F", {"project": "prod"}), key_of("Zeta", {"project": "prod"})


def test_every_part_of_a_digest_has_titles() -> None:
    state = state_after(
        opened("1", PROD),
        closed("2", TEST, ended=NOON + MINUTE),
        closed("3", DEP, ended=NOON + MINUTE),
        opened("4", LONE),
        closed("5", "a.test"),
        wish(LONE),
    )
    digest = titled(summarize(state, LATER), Titles(state.hosts))
    assert [entry.host.name for entry in digest.down] == ["api (prod)"]
    assert {entry.host.name for entry in digest.recovered} == {"api (test)", "dep-3F", "a.test"}
    assert digest.up == ("a.test", "api (test)", "dep-3F")
    assert [entry.mute.host for entry in digest.muted] == ["Zeta"]


def test_a_digest_of_hosts_alone_is_as_it_was() -> None:
    state = state_after(opened("1", "a.test"), closed("2", "b.test"))
    digest = summarize(state, LATER)
    assert titled(digest, Titles(state.hosts)) is digest


def test_titles_are_worked_out_in_small_steps() -> None:
    keys = [key_of(f"api-{number // 2}", {"project": f"p{number % 2}"}) for number in range(400)]
    digest = Digest(LATER, up=tuple(keys))
    steps = sum(1 for _ in titling(digest, Titles(keys)))
    assert steps >= len(keys)


def test_a_bulletin_calls_for_those_that_it_called_for() -> None:
    down = Down(Host(PROD), NOON, new=False, doubtful=False)
    told = titled_alerts(AlertBatch(LATER, down=(down,), escalated=frozenset({PROD})), Titles([PROD, TEST]))
    assert told.down[0].host.name == "api (prod)"
    assert told.needs_mention


def test_the_week_has_titles() -> None:
    state = state_after(closed("1", PROD), closed("2", TEST), closed("3", "a.test"))
    week = summarize_week(visible_hosts(state, ["api"], EVERY_HOST, LATER), LATER)
    names = ("a.test", "api (prod)", "api (test)")
    assert sorted(titled_week(week, Titles(state.hosts)).worst) == [(name, 10 * MINUTE) for name in names]


def test_what_is_configured_by_a_name_that_was_heard_of_is_not_counted_again() -> None:
    state = state_after(opened("1", PROD), closed("2", TEST))
    assert count_hosts(state, LATER, ["api", "quiet"]).hosts == 3
    assert summarize(state, LATER, hosts=["api", "quiet"]).total == 3
