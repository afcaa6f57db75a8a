"""A simulated year of looking at a page whose hosts go down and come back: nothing is left behind."""

import asyncio
import random
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from prove.size import times
from prove.test_year import Weight, weigh
from tests.builders import NOON, closed, opened
from tests.pages import PageService, pages_of, service_in

HOSTS = times(60, 600)
LOOKS = times(500, 20_000)
CHANGE_EVERY = 5  # looks
YEAR = timedelta(days=365)
LISTS = ("/", "/?sort=up", "/?sort=name", "/?view=wall", "/?q=", "/api/hosts", "/api/incidents", "/feed.xml")
OF_A_HOST = ("/host", "/api/host", "/badge.svg", "/badge.json", "/feed.xml", "/api/incidents.csv")


async def look(service: PageService, dice: random.Random) -> None:
    name = f"host-{dice.randrange(HOSTS + 5)}.test"  # some are unknown
    path = f"{dice.choice(OF_A_HOST)}?name={quote(name)}"
    if dice.random() < 0.5:
        path = dice.choice(LISTS)
        path += name[5:7] if path.endswith("=") else ""
    status, headers, _ = await service.get(path)
    assert status in (200, 404), path
    if "etag" in headers and dice.random() < 0.3:
        again, _, _ = await service.get(path, **{"If-None-Match": headers["etag"]})
        assert again in (200, 304, 404)


async def stream(service: PageService) -> None:
    """Somebody opens the page, and closes it again."""
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    writer.write(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await reader.readuntil(b"retry")
    writer.close()


async def live(folder: Path) -> list[Weight]:
    """Weights after each quarter of the year."""
    service, dice, weights = service_in(folder, at=NOON), random.Random(1), list[Weight]()
    for number in range(LOOKS):
        now = service.at = NOON + YEAR * number / LOOKS
        if number % CHANGE_EVERY == 0:
            host = f"host-{dice.randrange(HOSTS)}.test"
            incident = opened(f"{number}", host, started=now)
            ended = closed(f"{number}", host, started=now, ended=now + timedelta(minutes=30))
            await service.record(incident, ended)
        await look(service, dice)
        if number % 50 == 0:
            await stream(service)
        if number >= LOOKS / 4 * (len(weights) + 1) - 1:
            weights.append(weigh(folder / "state.json"))
    assert pages_of(service).boards.streams.has_room()
    await service.close()
    return weights


def test_a_year_of_looking_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.page_throttle.PAUSE_RATIO", 0)  # time is only simulated
    weights = asyncio.run(live(tmp_path))
    for weight in weights:
        print(weight)
    settled, last = weights[1], weights[-1]
    assert last.resident_kb < settled.resident_kb * 1.1 + 3_000
    assert last.descriptors <= settled.descriptors + 2
