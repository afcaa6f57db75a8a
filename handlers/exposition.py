"""Numbers as text for Prometheus: https://prometheus.io/docs/instrumenting/exposition_formats/"""

from collections.abc import Iterable, Mapping

from vitals import Histogram

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
