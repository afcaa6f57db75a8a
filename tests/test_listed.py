"""How people see what Google's own lists report: watched, formerly watched and unwatched hosts, lost webhooks."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
import pytest_asyncio

from digest.notifications import fingerprint, has_no_news
from digest.summary import HostCounts, count_hosts
from hosts.changes import resolve
from hosts.checks import Check
from hosts.model import DEFAULT, Change, State
from hosts.policies import Snooze
from hosts.reconciling import by_host, record_absent, watch_hosts
from hosts.snoozing import NamedSnooze, mark_closed, snooze_hosts
from languages import Locale
from slack.digest_message import render_text
from slack.text import JOINER
from tests.builders import (
    DAY,
    IN_ENGLISH,
    IN_KOREAN,
    MINUTE,
    NOON,
    STEVE,
    Step,
    closed,
    happen,
    opened,
    state_after,
    summarize,
    take_digest,
    wish,
    with_plain_dates,
)
from tests.pages import AFAR, HERE, Element, MakePage, PageService, cells_of, hosts, rows
from tests.test_page_api import DOCUMENT, check

NOW = NOON + 60 * MINUTE
ON = Check("1", "on.test", "start page", "https://on.test/", MINUTE, ("EUROPE", "USA_OREGON"))
OFF = Check("2", "off.test", "", "http://off.test/health", 5 * MINUTE, disabled=True)
GONE = Check("3", "gone.test", "gone", "https://gone.test/", MINUTE)
BY_STEVE = resolve("www.example.com", STEVE, NOW)


def look(*checks: Check) -> Change:
    """Google lists these checks, and no others for these hosts."""
    return watch_hosts(["on.test", "off.test", "gone.test"], by_host(checks), NOON - 2 * DAY)


def state(*steps: Step) -> State:
    return state_after(look(ON, OFF, GONE), *steps)


def lines(known: State, locale: Locale = IN_ENGLISH) -> list[str]:
    return with_plain_dates(render_text(summarize(known, NOW), locale)).splitlines()


class TestDigest:
    def test_a_watched_host_is_up_from_day_one_and_one_with_a_disabled_check_is_not(self) -> None:
        assert lines(state()) == [
            "*🟢 Both hosts up*",
            "✅ Up: `gone.test` `on.test`",
            "⏸️ Check disabled: `off.test`",
            "As of 2026-11-22 13:00 UTC",
        ]
        assert "⏸️ 체크 비활성: `off.test`" in lines(state(), IN_KOREAN)

    def test_a_watched_host_is_not_up_before_the_open_alerts_have_been_read(self) -> None:
        unread = watch_hosts(["on.test", "off.test"], by_host([ON, OFF]), None)
        found = lines(state_after(unread))
        assert found[0] == "*⚪ No incident has been received yet · 1 host watched*"
        assert "✅" not in str(found)
        assert lines(state_after(opened(), closed(), unread))[0].startswith("*🟢 Both hosts up")

    def test_each_channel_reports_once_that_a_host_is_no_longer_watched(self) -> None:
        known = state(take_digest, look(ON, OFF))
        assert "⚪ No longer watched: `gone.test`" in lines(known)
        assert "⚪ 더 이상 감시하지 않음: `gone.test`" in lines(known, IN_KOREAN)
        assert not has_no_news(summarize(known, NOW), known.record(DEFAULT), NOON, DAY)
        assert "gone.test" not in str(lines(happen(known, take_digest)))

    def test_a_configured_host_stays_listed_but_is_no_news(self) -> None:
        configured = ["on.test", "gone.test"]
        known = state(take_digest, look(ON, OFF))
        assert summarize(known, NOW, hosts=configured).still_gone == ()
        happen(known, take_digest)
        digest = summarize(known, NOW, hosts=configured)
        found = with_plain_dates(render_text(digest, IN_ENGLISH)).splitlines()
        assert found[0] == "*🟢 `on.test` is up*"
        assert "⚪ No longer watched: `gone.test`" in found
        assert fingerprint(digest) == fingerprint(summarize(known, NOW))
        counts = count_hosts(known, NOW, configured)
        assert (counts.up, counts.unknown) == (1, 2)

    def test_it_leaves_the_list_when_nothing_is_open_on_it_any_more(self) -> None:
        known = state(opened("a", "gone.test"), look(ON, OFF), take_digest)
        assert summarize(known, NOW).gone == ()
        found = lines(happen(known, closed("a", "gone.test")))
        assert found[0] == "*🟢 `on.test` is up · 1 closed*"
        assert "⚪ `gone.test` — closed at 12:10 UTC after 10 min · no longer watched" in found
        assert "⚪ No longer watched: `gone.test`" in found
        korean = lines(known, IN_KOREAN)
        assert "⚪ `gone.test` — 10분 만에 종료 (12:10 UTC) · 더 이상 감시하지 않음" in korean

    def test_what_closes_after_its_check_was_deleted_has_not_recovered_even_without_a_digest_in_between(
        self,
    ) -> None:
        known = state(opened("a", "gone.test"), take_digest, look(ON, OFF), closed("a", "gone.test"))
        assert "⚪ `gone.test` — closed at 12:10 UTC after 10 min · no longer watched" in lines(known)

    def test_what_closes_while_its_checks_are_disabled_has_not_recovered_even_once_they_are_on_again(
        self,
    ) -> None:
        off = GONE._replace(disabled=True)
        for again, also in (((ON, OFF, off), " · check disabled"), ((ON, OFF, GONE), "")):
            known = state(
                opened("a", "gone.test"), look(ON, OFF, off), closed("a", "gone.test"), look(*again)
            )
            assert f"⚪ `gone.test` — closed at 12:10 UTC after 10 min{also}" in lines(known)
            assert "up again" not in str(lines(known))

    def test_what_was_up_before_its_check_was_deleted_has_recovered(self) -> None:
        known = state(opened("a", "gone.test"), take_digest, closed("a", "gone.test"), look(ON, OFF))
        row = "🟢 `gone.test` — up again at 12:10 UTC after 10 min · no longer watched"
        assert row in lines(known)

    def test_the_end_of_a_mute_is_reported_once_with_the_hosts_status(self) -> None:
        known = state(opened("a", "gone.test"), closed("a", "gone.test"), look(ON, OFF))
        happen(known, *(wish(name, until=NOW) for name in known.hosts))
        assert [line for line in lines(known) if line.startswith("🔔")] == [
            "🔔 `gone.test` — no longer muted: no longer watched",
            "🔔 `off.test` — no longer muted: check disabled",
            "🔔 `on.test` — no longer muted: up",
        ]

    def test_a_newly_disabled_check_is_news(self) -> None:
        before, after = state(), state(look(ON._replace(disabled=True), OFF, GONE))
        assert fingerprint(summarize(before, NOW)) != fingerprint(summarize(after, NOW))

    def test_a_host_with_an_open_incident_is_down_whatever_happened_to_its_check(self) -> None:
        steps: list[Step] = [opened("a", "gone.test"), opened("b", "off.test"), look(ON, OFF)]
        assert [entry.host.name for entry in summarize(state(*steps), NOW).down] == ["gone.test", "off.test"]

    @pytest.mark.parametrize(
        ("steps", "row"),
        [
            ([opened(), closed(listed=True)], "🟢 `www.example.com` — up again at 12:10 UTC after 10 min, according to Google's list"),
            ([opened(listed=True), closed()], "🟢 `www.example.com` — up again at 12:10 UTC after 10 min"),
            ([opened(listed=True)], "🔴 `www.example.com` — down for 1 h · according to Google's list"),
            ([opened(listed=True), opened()], "🔴 `www.example.com` — down for 1 h"),
            ([opened("a", listed=True), opened("b")], "🔴 `www.example.com` — down for 1 h · incident and 1 more"),
            ([opened(listed=True), BY_STEVE], "⚪ `www.example.com` — resolved by steve"),
        ],
        ids=["lost close", "lost open", "open", "late webhook", "one of two", "ended by a person"],
    )  # fmt: skip
    def test_what_only_the_list_reports_is_marked(self, steps: list[Step], row: str) -> None:
        found = lines(state_after(*steps))
        assert any(line.startswith(row) and ("list" in row) == ("list" in line) for line in found), found

    def test_what_google_no_longer_knows_is_in_doubt_however_new(self) -> None:
        gone = state_after(opened(policy="www"), record_absent("0.abc"))
        assert lines(gone)[1:4] == [
            "*Was the close lost?*",
            "↳ If it is up again, type `uptime resolve www.example.com`",
            "🔴 `www.example.com` — down for 1 h · www · no longer known to Google",
        ]
        assert "Google 기록에 더는 없음" in "".join(lines(gone, IN_KOREAN))

    def test_hosts_are_counted(self) -> None:
        counts = count_hosts(state(opened("a", "on.test"), take_digest, look(ON, OFF)), NOW)
        assert counts == HostCounts(down=1, warning=0, up=0, muted=0, unknown=1, open_incidents=1)


@pytest_asyncio.fixture
async def service(make_page: MakePage) -> PageService:
    service = make_page(at=NOW, page={"open": True})
    await service.change(look(ON, OFF, GONE))
    await service.record(opened("0", "gone.test"), closed("0", "gone.test", listed=True))
    await service.record(opened("1", "new.test", listed=True))
    await service.change(look(ON, OFF))
    return service


@pytest_asyncio.fixture
async def snoozed(service: PageService) -> PageService:
    """`on.test` is snoozed for an hour."""
    await service.change(snooze_hosts(["on.test"], {"on.test": NOW + 60 * MINUTE}))
    return service


async def answered(service: PageService, path: str, schema: str, who: Mapping[str, str] = HERE) -> Any:
    """What programs get, which is as the document promises."""
    _, _, body = await service.ask("GET", path, who)
    found = json.loads(body)
    check(found, DOCUMENT["components"]["schemas"][schema])
    return found


def notes(page: Element) -> dict[str, list[str]]:
    return {row.attributes["data-host"]: [note.text for note in row.all(class_="note")] for row in rows(page)}


class TestReplies:
    @pytest.mark.parametrize(
        ("host", "said"),
        [
            ("on.test", "🟢 `on.test` is up.\n📈 Uptime: 24 h 100 % · since 2026-11-20 12:00 UTC 100 %\n"),
            ("on.test", "\n🔍 start page · `https://on.test/` · every 1 min from EUROPE, USA_OREGON"),
            ("off.test", "⚪ `off.test` — check disabled\n🔍 `http://off.test/health` · every 5 min "),
            ("off.test", " · every 5 min from all regions · check disabled"),
            ("gone.test", "⚪ `gone.test` — no longer watched\n1 earlier incident, newest first:\n"),
            ("new.test", ", according to Google's list"),
        ],
    )
    async def test_about_a_host(self, service: PageService, host: str, said: str) -> None:
        assert said in with_plain_dates(await service.answer(f"uptime check {host}")).replace(JOINER, "")

    async def test_the_history_has_what_the_list_reported_and_a_mute_has_nothing_to_wait_for(
        self, service: PageService
    ) -> None:
        answer = with_plain_dates(await service.answer("uptime history gone.test"))
        assert answer.endswith("recovered, according to Google's list · no longer watched")
        assert "no data about `off.test`" in await service.answer("uptime remove off.test until up")


class TestPage:
    async def test_the_list_has_a_group_for_unwatched_hosts(self, service: PageService) -> None:
        page = await service.page()
        assert cells_of(page, "off.test")["state"] == "◌ not watched"
        expected = {"new.test": ["according to Google's list"], "on.test": [], "off.test": ["check disabled"]}
        assert (hosts(page), notes(page)) == ([*expected], expected)
        assert hosts(await service.page("/?state=unwatched")) == ["off.test"]

    async def test_a_configured_host_whose_check_was_deleted_is_in_it(self, make_page: MakePage) -> None:
        service = make_page(at=NOW, hosts=["gone.test"])
        await service.change(look(ON, GONE))
        await service.change(look(ON), take_digest)
        page = await service.page()
        assert hosts(page) == ["on.test", "gone.test"]
        assert cells_of(page, "gone.test")["state"] == "◌ not watched"
        assert notes(page)["gone.test"] == ["no longer watched"]

    async def test_without_any_there_is_no_such_chip(self, make_page: MakePage) -> None:
        service = make_page(at=NOW)
        await service.record(opened())
        chips = [link.text for link in (await service.page()).one("nav").all("a")]
        assert chips == ["All 1", "Down 1", "Warnings 0", "Up 0", "Muted 0"]
        assert "unwatched" not in (await answered(service, "/api/hosts", "Hosts"))["counts"]

    async def test_the_page_of_a_host_lists_its_checks_for_those_who_may_see_them(
        self, service: PageService
    ) -> None:
        page = await service.page("/host?name=on.test")
        check = "start page · https://on.test/ · every 1 min from EUROPE, USA_OREGON"
        assert [item.text for item in page.all("li")] == [check]
        _, _, body = await service.ask("GET", "/host?name=on.test", AFAR)
        assert b"EUROPE" not in body
        page = await service.page("/host?name=gone.test")
        assert "no longer watched" in page.one("header").text
        assert "recovered, according to Google's list" in page.one("table").text

    async def test_what_closes_after_its_last_check_was_deleted_has_not_recovered(
        self, make_page: MakePage
    ) -> None:
        service = make_page(at=NOW)
        await service.change(look(ON, OFF, GONE))
        await service.record(opened("a", "gone.test"))
        await service.change(look(ON, OFF), take_digest)
        await service.record(closed("a", "gone.test"))
        for command in ("check", "history"):
            assert ", closed (no longer watched)" in await service.answer(f"uptime {command} gone.test")
        page = await service.page("/host?name=gone.test")
        assert "closed (no longer watched)" in page.one("table").text
        assert "back for" not in (await service.page("/?state=unwatched")).text
        for path, schema in (("/api/host?name=gone.test", "WholeHost"), ("/api/incidents", "Incidents")):
            incidents = (await answered(service, path, schema))["incidents"]
            assert [each["ended_by"] for each in incidents] == ["check"]

    async def test_what_closes_while_its_checks_are_disabled_has_not_recovered(
        self, make_page: MakePage
    ) -> None:
        service = make_page(at=NOW)
        await service.change(look(ON, OFF, GONE))
        await service.record(opened("a", "on.test"), opened("b", "on.test"))
        await service.change(look(ON._replace(disabled=True), OFF, GONE))
        await service.record(closed("a", "on.test"), closed("b", "on.test", listed=True))
        await service.change(look(ON, OFF, GONE))
        for command in ("check", "history"):
            assert ", closed (check disabled)" in await service.answer(f"uptime {command} on.test")
        assert "closed (check disabled)" in (await service.page("/host?name=on.test")).one("table").text
        incidents = (await answered(service, "/api/incidents", "Incidents"))["incidents"]
        assert [incident["ended_by"] for incident in incidents] == ["check", "check"]

    async def test_a_snoozed_host_is_not_called_up(self, snoozed: PageService) -> None:
        page = await snoozed.page()
        assert cells_of(page, "on.test")["state"] == "◌ snoozed"
        assert notes(page)["on.test"] == ["snoozed until 22 Nov 14:00"]
        assert "snoozed" in (await snoozed.page("/host?name=on.test")).one("header").text
        for host in ("on.test", "off.test"):
            _, _, badge = await snoozed.get(f"/badge.svg?name={host}")
            assert b">up<" not in badge


class TestApi:
    async def test_programs_get_the_checks_and_what_only_the_list_reported(
        self, service: PageService
    ) -> None:
        found = await answered(service, "/api/hosts", "Hosts")
        assert found["counts"] == {"down": 1, "warning": 0, "up": 1, "muted": 0, "unwatched": 1}
        new, on, off = found["hosts"]
        assert new["incidents"][0]["listed"]
        (check,) = on["checks"]
        assert (check.pop("period"), check.pop("regions")) == (60, ["EUROPE", "USA_OREGON"])
        assert check == {"id": "1", "name": "start page", "target": "https://on.test/", "disabled": False}
        assert (on["uptime"]["24h"], off["uptime"]["24h"], off["state"]) == (100, None, "unwatched")
        assert "start page" not in str(await answered(service, "/api/hosts", "Hosts", AFAR))

    async def test_programs_read_until_when_a_host_is_snoozed(self, snoozed: PageService) -> None:
        found = await answered(snoozed, "/api/hosts", "Hosts")
        assert found["counts"]["unwatched"] == 2
        assert {host["name"]: (host["state"], host.get("snoozed_until")) for host in found["hosts"]} == {
            "new.test": ("down", None),
            "on.test": ("unwatched", "2026-11-22T14:00:00Z"),
            "off.test": ("unwatched", None),
        }
        await answered(snoozed, "/api/host?name=on.test", "WholeHost")

    async def test_what_closed_under_a_snooze_says_so(self, snoozed: PageService) -> None:
        named = [NamedSnooze(Snooze("s", "", frozenset(), NOON, NOW), frozenset({"p"}))]
        await snoozed.record(closed("9", "on.test", policy="p"))
        await snoozed.change(mark_closed(["on.test"], named))
        found = await answered(snoozed, "/api/incidents?name=on.test", "Incidents")
        assert found["incidents"][0]["ended_by"] == "snooze"
        assert "closed (snoozed)" in (await snoozed.page("/host?name=on.test")).one("table").text
