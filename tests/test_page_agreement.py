"""Page, API, badges, feed, Slack and metrics say the same of any state."""

import asyncio
import json
import re
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from digest.headline import status_sentence
from digest.model import Digest
from hosts.incident import Incident
from hosts.model import Patch
from slack.headlines import headline
from tests.builders import IN_ENGLISH, NOON, reports, state_after, summarize, wish
from tests.pages import Element, PageService, cells_of, hosts, parsed, rows, service_in

NOW = NOON + timedelta(days=1)
BADGE = {"warning": "warning", "muted": "muted", "up": "up"}


class Told(NamedTuple):
    """What everything said at one moment."""

    page: Element
    api: dict[str, Any]
    badges: dict[str, str]  # the message of each host's; of all without a name
    feed: Element
    slack: str
    metrics: dict[str, float]


@given(
    st.lists(reports(), max_size=8),
    st.lists(st.sampled_from(["a.test", "*.test", "c policy", "x.test"]), max_size=2, unique=True),
    st.sampled_from([(), ("a.test",), ("new.test", "b.test")]),
)
def test_they_all_say_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    incidents: list[Incident],
    muted: list[str],
    watched: tuple[str, ...],
) -> None:
    state = state_after(*incidents, *map(wish, muted))
    digest = summarize(state, NOW, hosts=watched)

    async def look() -> Told:
        service = service_in(tmp_path_factory.mktemp("told"), at=NOW, hosts=list(watched))
        await service.change(lambda _: Patch(state.hosts, state.host_by_incident, state.mutes))
        try:
            return await ask_everywhere(service)
        finally:
            await service.close()

    told = asyncio.run(look())
    the_headline_is_the_digests(told, digest)
    counts_are_equal(told, digest)
    each_host_stands_alike(told)
    the_feed_ends_with_how_it_stands(told)


async def ask_everywhere(service: PageService) -> Told:
    api = json.loads((await service.get("/api/hosts"))[2])
    names = ["", *(host["name"] for host in api["hosts"])]
    badges = {name: (await service.get(f"/badge.json?name={quote(name)}"))[2] for name in names}
    families = text_string_to_metric_families((await service.get("/metrics"))[2].decode())
    return Told(
        page=await service.page(),
        api=api,
        badges={name: json.loads(badge)["message"] for name, badge in badges.items()},
        feed=parsed((await service.get("/feed.xml"))[2].partition(b"?>")[2]),
        slack=await service.answer("uptime check"),
        metrics={
            sample.labels["state"]: sample.value
            for family in families
            if family.name == "uptime_check_manager_hosts"
            for sample in family.samples
        },
    )


def the_headline_is_the_digests(told: Told, digest: Digest) -> None:
    sentence = status_sentence(digest, IN_ENGLISH.language, str)
    assert told.page.one("h1").text == sentence
    assert told.page.one("head").one("title").text.removeprefix(f"({len(digest.down)}) ") == sentence
    assert told.slack.splitlines()[0].strip("*").partition(" ")[2] == headline(digest, IN_ENGLISH)
    expected = f"{len(digest.down)} down" if digest.down else None
    assert expected is None or told.badges[""] == expected


def counts_are_equal(told: Told, digest: Digest) -> None:
    counts = {
        "down": len(digest.down),
        "warning": len(digest.warnings),
        "up": len(digest.up),
        "muted": digest.muted_count,
    }
    assert told.api["counts"] == counts
    assert {name: sum(row.has(class_=name) for row in rows(told.page)) for name in counts} == counts
    chips = [int(chip.one("b").text) for chip in told.page.one("ul", class_="chips").all("a")]
    assert chips == [sum(counts.values()), *counts.values()]
    metrics = dict(told.metrics)
    metrics["up"] += metrics.pop("unknown")  # configured hosts, before anything was received
    assert metrics == counts


def each_host_stands_alike(told: Told) -> None:
    assert hosts(told.page) == [host["name"] for host in told.api["hosts"]]
    for host in told.api["hosts"]:
        name, state = host["name"], host["state"]
        shown = cells_of(told.page, name)
        assert shown["state"].split()[1] == state
        known = [None if shown[f"d{days}"] == "–" else float(shown[f"d{days}"]) for days in (1, 7, 30, 90)]
        assert list(host["uptime"].values()) == known
        badge = told.badges[name]
        assert badge.startswith("down ") if state == "down" else badge in (BADGE[state], "unknown")
        assert (badge == "unknown") <= (state == "up" and known == [None] * 4)
    for sign, state in {"🔴": "down", "🟡": "warning"}.items():
        named = re.findall(rf"^{sign} `([^`]+)`", told.slack, re.MULTILINE)
        assert sorted(named) == sorted(h["name"] for h in told.api["hosts"] if h["state"] == state)


def the_feed_ends_with_how_it_stands(told: Told) -> None:
    latest: dict[str, str] = {}
    for entry in told.feed.all("entry"):
        name = unquote(entry.one("link").attributes["href"].partition("?name=")[2])
        latest.setdefault(name, entry.one("id").text.rpartition(":")[2])
    for host in told.api["hosts"]:
        if host["state"] != "muted":
            assert (latest.get(host["name"]) == "down") == (host["state"] == "down")
