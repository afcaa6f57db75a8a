"""What distinguishes things of one name, and the titles under which people see them."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.alerts import AlertBatch
from digest.compose import titled_alerts, titled_week, titling
from digest.model import Digest, Down
from digest.summary import count_hosts
from digest.weekly import visible_hosts
from hosts.identity import Titles, in_full, is_labelled, key_of, name_of, never_reported, with_labels
from hosts.model import Host
from hosts.patterns import EVERY_HOST
from tests.builders import MINUTE, NOON, closed, opened, state_after, summarize, summarize_week, titled, wish

PROD, STAGING = key_of("api", {"project": "prod"}), key_of("api", {"project": "staging"})
EU = key_of("api", {"project": "prod", "location": "eu"})
US = key_of("api", {"project": "prod", "location": "us"})
OTHER_US = key_of("api", {"project": "dev", "location": "us"})
NOWHERE = key_of("api", {})
LONE = key_of("Zeta", {"project": "prod"})
LATER = NOON + 60 * MINUTE


def test_a_key_is_a_name_and_its_labels() -> None:
    assert EU == "api\nproject=prod\nlocation=eu"
    assert (name_of(EU), name_of("www.example.com")) == ("api", "www.example.com")
    assert is_labelled(NOWHERE)
    assert not is_labelled("www.example.com")
    assert (in_full(EU), in_full(NOWHERE), in_full("a.test")) == ("api (prod/eu)", "api", "a.test")


@pytest.mark.parametrize(
    ("known", "titles"),
    [
        ([EU], ["api"]),
        (["www.example.com"], ["www.example.com"]),
        ([PROD, STAGING], ["api (prod)", "api (staging)"]),
        ([EU, US], ["api (eu)", "api (us)"]),
        ([EU, US, OTHER_US], ["api (eu)", "api (prod/us)", "api (dev)"]),
        ([PROD, EU], ["api (prod)", "api (eu)"]),
        ([NOWHERE, PROD], ["api", "api (prod)"]),
        (["api", PROD], ["api", "api (prod)"]),
        ([key_of("dep-3F", {"project": "p"}), key_of("DEP-3f", {"project": "q"})], ["dep-3F (p)", "DEP-3f (q)"]),
        ([key_of("dep-3F", {"project": "p"}), key_of("dep-3f", {"project": "p"})], ["dep-3F", "dep-3f"]),
        ([key_of("a", {"project": "p"}), key_of("A", {"project": "p"}), key_of("a", {"project": "q"})], ["a (p)", "A", "a (q)"]),
        ([key_of("11", {"location": "11"}), key_of("11", {"project": "p", "location": "11"})], ["11", "11 (p)"]),
        ([key_of("api", {"project": "api"}), key_of("api", {"project": "p"})], ["api (api)", "api (p)"]),
        ([key_of("a", {"project": "x"}), key_of("a", {"location": "x"})], ["a (x)", "a (x)"]),  # nothing differs
    ],
)  # fmt: skip
def test_the_title_has_the_shortest_label_that_differs(known: list[str], titles: list[str]) -> None:
    assert [Titles(known)(key) for key in known] == titles
    assert [Titles(known[::-1])(key) for key in known] == titles


def test_an_unknown_thing_is_called_by_all_its_labels() -> None:
    assert Titles([PROD])(US) == "api (prod/us)"
    assert Titles([PROD])("a.test") == "a.test"


def test_what_a_title_means() -> None:
    titles = Titles([EU, US, OTHER_US])
    meant = dict(titles.meanings())
    assert meant["api (dev)"] == meant["api (dev/us)"] == OTHER_US
    assert meant["api (eu)"] == EU
    assert not {"api", "api (us)", "api (prod)"} & meant.keys()
    for title in ("api", "API (Dev)", "api (dev/us)", "api (eu)", "api (us)", "api (", "web"):
        assert titles.meaning(title) == meant.get(title.lower())
    assert {*Titles([EU]).meanings()} >= {("api", EU), ("api (prod)", EU)}
    assert dict(Titles([PROD, EU]).meanings())["api (prod)"] == PROD


@pytest.mark.parametrize(
    "title", ["api (eu)", "api (prod)", "API (Prod)", "api (prod/eu)", "api (prod) (dev)"]
)
@pytest.mark.parametrize("turn", [1, -1])
def test_a_title_means_the_thing_that_has_that_name(title: str, turn: int) -> None:
    """A name may itself have brackets."""
    called_so = key_of("api (prod)", {"project": "dev"})
    titles = Titles([EU, called_so][::turn])
    meant = called_so if title.lower().startswith("api (prod)") else EU
    assert titles.meaning(title) == dict(titles.meanings())[title.lower()] == meant


def test_names_that_differ_only_in_capitals_have_to_be_typed_with_them() -> None:
    known = [key_of("dep-3F", {"project": "p"}), key_of("dep-3f", {"project": "p"})]
    assert not list(Titles(known).meanings())


@pytest.mark.parametrize(
    ("known", "spellings"),
    [
        (["api", NOWHERE, PROD], ["api ()", "api (project=prod)"]),
        ([EU, key_of("API", {"project": "prod", "location": "eu"})], ["api (project=prod, location=eu)", "API (project=prod, location=eu)"]),
        ([key_of("a (b)", {"project": "x"}), key_of("a", {"project": "x"})], ["a (b) (project=x)", "a (project=x)"]),
    ],
)  # fmt: skip
def test_with_its_labels_nothing_can_be_taken_for_another_thing(
    known: list[str], spellings: list[str]
) -> None:
    titles = Titles(known)
    assert [with_labels(key) for key in known if is_labelled(key)] == spellings
    assert [titles.labelled(text) for text in spellings] == list(filter(is_labelled, known))
    assert not any(map(titles.labelled, ("api", "api (", "a", "Api ()", "")))


labels = st.dictionaries(st.sampled_from(["project", "location", "cluster"]), st.sampled_from("xyz"))
keys = st.builds(key_of, st.sampled_from(["a", "A", "b"]), labels) | st.sampled_from(["a", "c.test"])


@given(st.lists(keys, unique=True), st.randoms(use_true_random=False))
def test_titles_do_not_depend_on_the_order(known: list[str], random: st.DataObject) -> None:
    titles = {key: Titles(known)(key) for key in known}
    shuffled = sorted(known, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert {key: Titles(shuffled)(key) for key in known} == titles
    for key, title in titles.items():
        meant = dict(Titles(known).meanings()).get(title.lower(), key)
        assert titles[meant].lower() == title.lower()


def test_a_configured_name_counts_as_reported_when_anything_of_that_name_is() -> None:
    assert never_reported(["api", "web", "a.test"], {PROD: 1, "a.test": 1}) == ["web"]
    assert never_reported(["dep-3f"], [key_of("dep-3F", {})]) == []


def test_every_part_of_a_digest_has_titles() -> None:
    state = state_after(
        opened("1", PROD),
        closed("2", STAGING, ended=NOON + MINUTE),
        closed("3", key_of("dep-3F", {"project": "prod"}), ended=NOON + MINUTE),
        opened("4", LONE),
        closed("5", "a.test"),
        wish(LONE),
    )
    digest = titled(summarize(state, LATER), Titles(state.hosts))
    assert [entry.host.name for entry in digest.down] == ["api (prod)"]
    assert {entry.host.name for entry in digest.recovered} == {"api (staging)", "dep-3F", "a.test"}
    assert digest.up == ("a.test", "api (staging)", "dep-3F")
    assert [entry.mute.host for entry in digest.muted] == ["Zeta"]


def test_a_digest_of_hosts_alone_is_unchanged() -> None:
    state = state_after(opened("1", "a.test"), closed("2", "b.test"))
    digest = summarize(state, LATER)
    assert titled(digest, Titles(state.hosts)) is digest


def test_titles_are_worked_out_in_small_steps() -> None:
    keys = [key_of(f"api-{number // 2}", {"project": f"p{number % 2}"}) for number in range(400)]
    digest = Digest(LATER, up=tuple(keys))
    steps = sum(1 for _ in titling(digest, Titles(keys)))
    assert steps >= len(keys)


def test_the_titles_of_many_namesakes_are_remembered_once_however_often_another_comes() -> None:
    keys = [key_of("many", {"project": f"{number:03}"}) for number in range(100)]
    Titles(keys)(keys[0])
    tracemalloc.start()
    try:
        for number in range(20):
            known = [*keys, key_of("many", {"project": f"new-{number}"})]
            assert Titles(known)(known[-1]) == f"many (new-{number})"
        assert tracemalloc.get_traced_memory()[0] < 60_000  # bytes; all twenty take four times as much
    finally:
        tracemalloc.stop()


def test_alerts_with_titles_still_mention_people() -> None:
    down = Down(Host(PROD), NOON, new=False, doubtful=False)
    told = titled_alerts(
        AlertBatch(LATER, down=(down,), escalated=frozenset({PROD})), Titles([PROD, STAGING])
    )
    assert told.down[0].host.name == "api (prod)"
    assert told.needs_mention


def test_the_week_has_titles() -> None:
    state = state_after(closed("1", PROD), closed("2", STAGING), closed("3", "a.test"))
    week = summarize_week(visible_hosts(state, ["api"], EVERY_HOST, LATER), LATER)
    names = ("a.test", "api (prod)", "api (staging)")
    assert sorted(titled_week(week, Titles(state.hosts)).worst) == [(name, 10 * MINUTE) for name in names]


def test_a_configured_host_that_was_reported_is_not_counted_again() -> None:
    state = state_after(opened("1", PROD), closed("2", STAGING))
    assert count_hosts(state, LATER, ["api", "quiet"]).hosts == 3
    assert summarize(state, LATER, hosts=["api", "quiet"]).total == 3
