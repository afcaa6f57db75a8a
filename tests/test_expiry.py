"""A certificate that nobody renews is asked about before it ends, in the digest and in /healthz."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digest.health import certificate_problem
from languages import ENGLISH, KOREAN
from slack.phrases import problem
from tests.builders import configured
from tests.certificates import Authority, Pair
from tests.test_handlers import Service

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return Authority(tmp_path_factory.mktemp("authority")).issue("ours")


def written(pair: Pair) -> dict[str, str]:
    return {"certificate": str(pair.certificate), "key": str(pair.key)}


def test_it_is_asked_two_weeks_before_and_after(tmp_path: Path, pair: Pair) -> None:
    config = configured(tmp_path, tls=written(pair))
    assert certificate_problem(config, NOW + 70 * DAY) is None
    for days in (80, 100):
        question = certificate_problem(config, NOW + days * DAY)
        assert question
        day = f"{NOW + 90 * DAY:%Y-%m-%d}"
        assert question == f"the certificate in {pair.certificate} ends on {day}: is it still renewed?"
        assert problem(question, ENGLISH).replace("`", "") == f"• {question}"
        assert "아직 갱신되고 있나요?" in problem(question, KOREAN)
    assert certificate_problem(configured(tmp_path), NOW + 100 * DAY) is None


async def test_health_asks_and_fails_nothing(
    tmp_path: Path, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = Service(tmp_path, tls=written(pair))
    monkeypatch.setattr(service.job, "_now", lambda: NOW + 80 * DAY)
    status, _, body = await service.request("GET", "/healthz")
    assert status == 200
    assert "is it still renewed?" in json.loads(body)["problems"][0]
    await service.close()
