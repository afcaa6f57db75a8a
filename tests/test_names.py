"""Names, end to end: in config.yaml, from Google, in Slack, in the state file and in what is posted."""

import itertools
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from hosts.identity import key_of
from hosts.incident import NamedBy
from slack.alert_message import render_alerts
from tests.builders import IN_ENGLISH, encoded, opened, read_incident, state_after, wish
from tests.command_line import run
from tests.job_rig import JobRig
from tests.program import Program
from tests.service import Service
from tests.support import incident_body


@asynccontextmanager
async def answering(folder: Path, **keys: Any) -> AsyncIterator[Service]:
    service = Service(folder, **keys)
    yield service
    await service.close()


def service(project: str, state: str = "open", *, name: str = "api", **labels: str) -> dict[str, Any]:
    """What Google sends of a Cloud Run service that fails its uptime check."""
    labels = {"project_id": project, "service_name": name, "location": "eu", **labels}
    return incident_body(
        f"0.{'.'.join(labels.values())}",
        state,
        resource={"type": "cloud_run_revision", "labels": labels},
        metric={"type": "monitoring.googleapis.com/uptime_check/check_passed", "labels": {}},
        summary="",
    )


def rows(text: str) -> set[str]:
    """The names in code spans."""
    return set(text.split("`")[1::2])


async def test_a_host_is_one_host_however_it_is_written(tmp_path: Path) -> None:
    keys = {
        "hosts": ["https://shop.example.com:8443/health", "xn--mnchen-3ya.example"],
        "alerts": {"hosts": ["https://shop.example.com/"]},
    }
    async with answering(tmp_path, **keys) as program:
        for number, spelling in enumerate(
            ("SHOP.example.com", "shop.example.com.", "\u200eshop.example.com")
        ):
            answer = await program.deliver(incident_body(f"0.{number}", host=spelling))
            assert answer == (200, {"result": "recorded", "host": "shop.example.com"})
        await program.deliver(incident_body("0.9", host="münchen.example"))
        said = await program.answer("uptime check")
        assert "Both hosts down" in said
        assert "`münchen.example`" in said
        for typed in ("xn--mnchen-3ya.example", "MÜNCHEN.example", "https://mu\u0308nchen.example/x"):
            assert "`münchen.example` has been down for" in await program.answer(f"uptime check {typed}")


async def test_an_alert_goes_out_whatever_its_host_is_called_by(rig: JobRig) -> None:
    names = ["https://www.example.com/", "*.xn--mnchen-3ya.example", "api (prod)"]
    rig.start(alerts={"hosts": names, "hold": "0s"})
    munich = "shop.xn--mnchen-3ya.example"
    reports: list[dict[str, Any]] = [incident_body("0.1"), incident_body("0.2", host=munich)]
    for report in (*reports, service("staging"), service("prod")):
        await rig.deliver(read_incident(**report["incident"]))
    await rig.run(1)
    (batch,) = rig.sender.alert_batches
    text = str(render_alerts(batch, IN_ENGLISH, ()))
    assert rows(text) == {"www.example.com", "shop.münchen.example", "api (prod)"}
    assert "project=" not in text


THREE = [service("prod"), service("staging"), service("staging", location="us")]
APART = {"api (prod)", "api (staging/eu)", "api (us)"}


@pytest.mark.parametrize("order", [*itertools.permutations(THREE)])
async def test_things_of_one_name_are_distinguished_whatever_comes_first(
    tmp_path: Path, order: Sequence[dict[str, Any]]
) -> None:
    first, *others = order
    async with answering(tmp_path, hosts=["api", "quiet"]) as program:
        assert (await program.deliver(first))[1] == {"result": "recorded", "host": "api"}
        alone = await program.answer("uptime down")
        assert "1 of 2 hosts down" in alone
        assert rows(alone) >= {"api"}
        for report in others:
            await program.deliver(report)
        down = await program.answer("uptime down")
        assert "3 of 4 hosts down" in down
        assert rows(down) >= APART
    async with answering(tmp_path, hosts=["api", "quiet"]) as program:
        assert rows(await program.answer("uptime down")) >= APART


async def test_titles_that_distinguish_things_can_be_typed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with answering(tmp_path) as program:
        for report in THREE:
            await program.deliver(report)
        which = rows(await program.answer("uptime check api"))
        assert {f"uptime check {title}" for title in APART} <= which
        for typed, said in (
            ("check API (Prod)", "`api (prod)` has been down for"),
            ("remove api (us) for 2h new release", "`uptime restore api (us)`"),
            ("removed", "`api (us)`"),
            ("history", "`api (us)` — "),
            ("history api (us)", "🔕 muted"),
            ("resolve api (prod)", "`api (prod)`"),
            ("log", "`api (us)`"),
            ("log", "`api (prod)`"),
            ("restore api (us)", "`api (us)`"),
        ):
            assert said in await program.answer(f"uptime {typed}")
        await program.deliver(service("staging", "closed"))
        assert APART & rows(await program.answer("uptime down")) == {"api (us)"}
    assert "api (prod/eu) is down" in caplog.text
    assert '"host": "api (staging/us)"' in caplog.text


async def test_a_name_removed_before_it_was_reported_is_muted_from_the_start(tmp_path: Path) -> None:
    async with answering(tmp_path, hosts=["api"]) as program:
        await program.answer("uptime remove api for 2h being built")
        await program.deliver(service("prod"))
        assert "1 host muted" in await program.answer("uptime check")
        assert "down" in await program.answer("uptime removed")
        assert "has been down" in await program.answer("uptime restore api")
        assert "`api` is down" in await program.answer("uptime check")


def test_a_preview_distinguishes_them_too(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.state_file.parent.mkdir()
    hosts = [key_of("api", {"project": project}) for project in ("prod", "staging")]
    program.state_file.write_bytes(encoded(state_after(*(opened(host, host) for host in hosts))))
    told = run(program, "--preview").printed.decode()
    assert "api (prod)" in told
    assert "api (staging)" in told


CHECK = incident_body(
    "0.4",
    resource={"type": "", "labels": {"project_id": "prod"}},
    condition_name="",
    metric={"labels": {"check_id": "dep-3F"}},
)


async def test_a_check_keeps_its_capitals_and_may_be_typed_without(tmp_path: Path) -> None:
    async with answering(tmp_path) as program:
        assert (await program.deliver(CHECK))[1]["host"] == "dep-3F"
        assert "`dep-3F`" in await program.answer("uptime check")
        assert "`dep-3F` has been down for" in await program.answer("uptime check dep-3f")


async def test_a_state_of_an_earlier_version_keeps_its_hosts_and_duplicates_none(tmp_path: Path) -> None:
    before = state_after(
        opened("0.1", "xn--mnchen-3ya.example"),
        opened("0.2", "münchen.example"),
        opened("0.prod.api.eu", "api", named_by=NamedBy.RESOURCE),
        opened("0.4", "dep-3f", named_by=NamedBy.CHECK),
        wish("xn--mnchen-3ya.example"),
    )
    file, keys = tmp_path / "state.json", {"hosts": ["münchen.example", "api"]}
    file.write_bytes(encoded(before))
    async with answering(tmp_path, **keys) as program:
        said = await program.answer("uptime check")
        assert "Both hosts down · 1 muted" in said
        assert "`münchen.example`" in said
        for report in (service("prod", "closed"), service("staging"), CHECK):
            await program.deliver(report)
        said = await program.answer("uptime check")
        assert "2 of 3 hosts down" in said
        assert {"api (prod)", "api (staging)", "dep-3F"} <= rows(said)
    async with answering(tmp_path, **keys) as program:
        assert rows(await program.answer("uptime check")) == rows(said)
        assert "xn--" not in file.read_text()
