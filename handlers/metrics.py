"""Numbers as text for Prometheus: https://prometheus.io/docs/instrumenting/exposition_formats/"""

from collections.abc import Iterable, Iterator, Mapping

from config import Status
from digest.job import DigestJob
from digest.stats import Stats
from handlers.status import StatusHandler
from state.histogram import Histogram
from state.store import Store
from version import VERSION

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
PREFIX = "uptime_check_manager_"
Labels = Mapping[str, str]
Samples = Iterable[tuple[Labels, float]]


def family(name: str, kind: str, meaning: str, samples: Samples) -> str:
    """One metric of all its labels; its name is completed by `PREFIX`, unless it is one of every process."""
    whole = _whole(name)
    return "".join([_head(whole, kind, meaning), *(_line(whole, labels, value) for labels, value in samples)])


def gauge(name: str, meaning: str, value: float) -> str:
    """A family of one, without labels."""
    return family(name, "gauge", meaning, [({}, value)])


def histogram(name: str, meaning: str, counted: Histogram) -> str:
    whole = _whole(name)
    bounds = [*(f"{bound:g}" for bound in counted.bounds), "+Inf"]
    counts = counted.cumulative()
    buckets = (_line(f"{whole}_bucket", {"le": le}, n) for le, n in zip(bounds, counts, strict=True))
    ends = (_line(f"{whole}_sum", {}, counted.total), _line(f"{whole}_count", {}, counts[-1]))
    return "".join([_head(whole, "histogram", meaning), *buckets, *ends])


def _whole(name: str) -> str:
    return name if name.startswith("process_") else PREFIX + name


def _head(name: str, kind: str, meaning: str) -> str:
    return f"# HELP {name} {meaning}\n# TYPE {name} {kind}\n"


def _line(name: str, labels: Labels, value: float) -> str:
    inner = ",".join(f'{label}="{text}"' for label, text in labels.items())  # all of them are our own words
    return f"{name}{{{inner}}} {value!r}\n" if inner else f"{name} {value!r}\n"


# All that can happen to a delivery, so that each series is there from the start.
RESULTS = ("recorded", "unchanged", "ignored", "refused", "unauthorized", "unsaved")
POSTS = [(kind, result) for kind in ("digest", "alerts") for result in ("taken", "failed")]


class MetricsHandler(StatusHandler):
    def initialize(self, *, status: Status, store: Store, job: DigestJob, stats: Stats) -> None:
        self.status = status
        self.store = store
        self.job = job
        self.stats = stats

    def get(self) -> None:
        self.set_header("Content-Type", CONTENT_TYPE)
        self.write(
            "".join([*self._of_deliveries(), *self._of_saves(), *self._of_digests(), *self._of_process()])
        )

    head = get

    def _of_deliveries(self) -> Iterator[str]:
        counted = self.stats.deliveries
        samples = [({"result": result}, counted[result]) for result in RESULTS]
        yield family("deliveries_total", "counter", "What became of deliveries from Google.", samples)
        if last_delivery_at := self.stats.last_delivery_at:
            meaning = "When the last delivery with the right credentials came, since the process started."
            yield gauge("last_delivery_timestamp_seconds", meaning, last_delivery_at.timestamp())
        if latest := self.job.last_incident():
            meaning = "When the latest incident began or ended, as Google says."
            yield gauge("last_incident_timestamp_seconds", meaning, latest.timestamp())
        counts = self.job.host_counts()
        hosts = {
            "down": counts.down,
            "warning": counts.warning,
            "up": counts.up,
            "hidden": counts.muted,
        }
        stand = [({"state": state}, number) for state, number in hosts.items()]
        yield family("hosts", "gauge", "Hosts by how they stand; hidden ones apart.", stand)
        yield gauge("open_incidents", "Incidents that are open.", counts.open_incidents)

    def _of_saves(self) -> Iterator[str]:
        store = self.store
        yield histogram("write_seconds", "How long each save of the state took.", store.writes)
        yield histogram("batch_changes", "How many changes shared each save.", store.batches)
        yield family("failed_writes_total", "counter", "Saves that failed.", [({}, store.failures)])
        yield gauge("writes_failing", "1 while the state cannot be saved.", int(store.problem() is not None))

    def _of_digests(self) -> Iterator[str]:
        posts = self.job.posts()
        samples = [({"kind": kind, "result": result}, posts[kind, result]) for kind, result in POSTS]
        yield family("posts_total", "counter", "Digests and alerts that were taken, and failed.", samples)
        meaning = "Digests and alerts that are due and were not taken."
        yield gauge("waiting_messages", meaning, self.job.waiting())
        if at := self.job.last_digest():
            meaning = "The due time of the last digest that was taken."
            yield gauge("last_digest_timestamp_seconds", meaning, at.timestamp())

    def _of_process(self) -> Iterator[str]:
        yield histogram("loop_lag_seconds", "How late the loop woke up, tried every second.", self.stats.lag)
        bad = int(self.stats.config_problem is not None)
        yield gauge("config_problem", "1 while an edited configuration is not in use.", bad)
        started = self.stats.started.timestamp()
        yield gauge("process_start_time_seconds", "When the process started.", started)
        yield family("build_info", "gauge", "The version.", [({"version": VERSION}, 1)])
