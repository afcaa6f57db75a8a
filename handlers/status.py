"""`/healthz`, `/livez`, and `/metrics` in the text format of Prometheus.

The last is written by hand because the program has three dependencies, and the client library would be a
fourth. https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from tornado.web import HTTPError

from config import Status
from digest.health import Stats, in_english, last_incident_at
from digest.job import DigestJob
from handlers.auth import may_see_status
from handlers.base import BaseHandler
from hosts.problems import Problem
from hosts.times import stamp
from state.histogram import Histogram
from state.store import Store
from turns import turn
from version import VERSION

FORBIDDEN = (
    "not for this address: add it to status.addresses (if it is a proxy's, to trusted_proxies instead), "
    "or send status.token as a Bearer token"
)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
PREFIX = "uptime_check_manager_"
# Everything that can happen, so that every series exists from the start.
DELIVERY_RESULTS = ("recorded", "unchanged", "ignored", "refused", "unauthorized", "unsaved")
POST_RESULTS = ("taken", "failed")
POLL_RESULTS = ("succeeded", "failed")
LISTED_CHANGES = ("opened", "closed", "absent")
Sample = tuple[str, Mapping[str, str], float]  # the suffix of its name, its labels, its value


class StatusHandler(BaseHandler):
    """Responds with 403 to strangers."""

    def initialize(self, *, status: Status, store: Store, job: DigestJob, stats: Stats) -> None:
        self.status = status
        self.store = store
        self.job = job
        self.stats = stats

    async def prepare(self) -> None:
        """Give each request a turn of its own, since counting many hosts takes one."""
        if not may_see_status(self.request, self.status):
            raise HTTPError(403, reason=FORBIDDEN)
        self.set_header("Cache-Control", "no-store")
        await turn()


class HealthHandler(StatusHandler):
    """Answers /healthz: can the program do its job?"""

    def get(self) -> None:
        """200 while deliveries are saved, digests are posted and the configuration is valid; else 503.

        Whether Google still delivers is only a question: it is listed, but does not make this a 503.
        """
        problems, failures = self.job.problems(), self.job.failures()
        counts = self.job.host_counts()
        failing = is_failing(problems, failures)
        self.set_status(503 if failing else 200)
        self.reply(
            status="failing" if failing else "ok",
            problems=[*map(in_english, problems), *failures],
            hosts={**counts.by_state(), "open_incidents": counts.open_incidents},
            last_delivery=stamp(self.job.last_delivery()),
            last_incident=stamp(last_incident_at(self.store.state)),
            last_digest=stamp(self.job.last_digest()),
            last_write=stamp(self.store.saved_at),
            **({"last_list_poll": stamp(self.stats.google.seen_at)} if self.stats.google.asked else {}),
            waiting_messages=self.job.waiting(),
            used_from_the_next_start=self.stats.restart_required,
            started=stamp(self.stats.started),
            version=VERSION,
        )


def is_failing(problems: Iterable[Problem], failures: Collection[str]) -> bool:
    return bool(failures) or any(problem.is_failure for problem in problems)


class LiveHandler(StatusHandler):
    """For supervisors that replace unhealthy machines, which would fix nothing that /healthz reports."""

    def get(self) -> None:
        self.reply(status="alive")


def family(name: str, kind: str, meaning: str, samples: Iterable[Sample]) -> str:
    """Format a metric; names get `PREFIX`, except `process_*`, which are common."""
    name = name if name.startswith("process_") else PREFIX + name
    lines = [f"# HELP {name} {meaning}", f"# TYPE {name} {kind}"]
    for suffix, labels, value in samples:
        # No value needs escaping: all are words of this program.
        inner = ",".join(f'{label}="{text}"' for label, text in labels.items())
        lines.append(f"{name}{suffix}{f'{{{inner}}}' if inner else ''} {value!r}")
    return "\n".join([*lines, ""])


def by(label: str, counts: Mapping[str, int], values: Iterable[str]) -> list[Sample]:
    """Make a sample for each value of a label."""
    return [("", {label: value}, counts[value]) for value in values]


def gauge(name: str, meaning: str, value: float) -> str:
    """Format a gauge without labels."""
    return family(name, "gauge", meaning, [("", {}, value)])


def timestamp(name: str, meaning: str, moment: datetime | None) -> str:
    return gauge(f"{name}_timestamp_seconds", meaning, moment.timestamp()) if moment else ""


def histogram(name: str, meaning: str, values: Histogram) -> str:
    bounds, counts = [*(f"{bound:g}" for bound in values.bounds), "+Inf"], values.cumulative()
    buckets: list[Sample] = [("_bucket", {"le": le}, n) for le, n in zip(bounds, counts, strict=True)]
    ends: list[Sample] = [("_sum", {}, values.total), ("_count", {}, counts[-1])]
    return family(name, "histogram", meaning, [*buckets, *ends])


class MetricsHandler(StatusHandler):
    """Answers /metrics in the text format of Prometheus."""

    def get(self) -> None:
        self.set_header("Content-Type", CONTENT_TYPE)
        self.write("".join(self._metrics()))

    def _metrics(self) -> Iterator[str]:
        yield from self._delivery_metrics()
        yield from self._save_metrics()
        yield from self._post_metrics()
        yield from self._process_metrics()
        if self.stats.google.asked:
            yield from self._list_metrics()

    def _delivery_metrics(self) -> Iterator[str]:
        samples = by("result", self.stats.deliveries, DELIVERY_RESULTS)
        yield family("deliveries_total", "counter", "Deliveries from Google, by result.", samples)
        meaning = "When the last delivery with the right credentials arrived."
        yield timestamp("last_delivery", meaning, self.job.last_delivery())
        meaning = "When the latest incident began or ended, according to Google."
        yield timestamp("last_incident", meaning, last_incident_at(self.store.state))
        hosts = self.job.host_counts()
        states = hosts.by_state()
        samples = by("state", states, states)
        yield family("hosts", "gauge", "Hosts by state; a muted host counts as muted only.", samples)
        yield gauge("open_incidents", "Incidents that are open.", hosts.open_incidents)

    def _save_metrics(self) -> Iterator[str]:
        store = self.store
        yield histogram("write_seconds", "How long each save of the state took.", store.writes)
        yield histogram("batch_changes", "How many changes shared each save.", store.batches)
        yield family("failed_writes_total", "counter", "Saves that failed.", [("", {}, store.failures)])
        yield gauge("writes_failing", "1 while the state cannot be saved.", int(store.problem() is not None))

    def _post_metrics(self) -> Iterator[str]:
        posts = self.job.posts()
        kinds = [(kind, result) for kind in ("digest", "alerts") for result in POST_RESULTS]
        samples = [("", {"kind": kind, "result": result}, posts[kind, result]) for kind, result in kinds]
        yield family("posts_total", "counter", "Digests and alerts, by result.", samples)
        meaning = "Digests and alerts that are due but not posted yet."
        yield gauge("waiting_messages", meaning, self.job.waiting())
        meaning = "The due time of the last digest that was posted."
        yield timestamp("last_digest", meaning, self.job.last_digest())

    def _list_metrics(self) -> Iterator[str]:
        view = self.stats.google
        polls, changes = by("result", view.polls, POLL_RESULTS), by("incident", view.changed, LISTED_CHANGES)
        yield family("list_polls_total", "counter", "Polls of Google's lists.", polls)
        yield family("list_changes_total", "counter", "Incidents whose webhook had been lost.", changes)
        yield gauge("lists_failing", "1 while Google's lists cannot be read.", int(bool(view.failing_since)))
        if found := view.examination:
            yield gauge("google_to_fix", "Findings of the doctor that need fixing.", found.to_fix)
        yield timestamp("last_list_poll", "When all of Google's lists were last read.", view.seen_at)

    def _process_metrics(self) -> Iterator[str]:
        yield histogram("loop_lag_seconds", "How late the loop woke up, tried every second.", self.stats.lag)
        failing = int(is_failing(self.job.problems(), self.job.failures()))
        yield gauge("failing", "1 while /healthz answers 503.", failing)
        is_rejected = int(self.stats.config_problem is not None)
        yield gauge("config_problem", "1 while an edited configuration is not in use.", is_rejected)
        started = self.stats.started.timestamp()
        yield gauge("process_start_time_seconds", "When the process started.", started)
        yield family("build_info", "gauge", "The version.", [("", {"version": VERSION}, 1)])
