"""The table, for the terminal and for docs/performance.md."""

import os
import platform
import statistics
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- figures: make bench -->", "<!-- end of figures -->"


@dataclass(frozen=True)
class Row:
    """Measured values; `required` and `target` are upper bounds, or lower ones if `at_least`.

    Where `required` is None, there is no requirement.
    """

    measurement: str
    values: list[float]
    required: float | None
    target: float
    at_least: bool = False

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def spread(self) -> str:
        if len(self.values) < 4:
            return ""
        low, _, high = statistics.quantiles(self.values, n=4)
        return f" [{low:.2f}-{high:.2f}]"

    def verdict(self) -> str:
        for bound, word in ((self.target, "reached"), (self.required, "met")):
            if bound is not None and (self.median >= bound if self.at_least else self.median <= bound):
                return word
        return "" if self.required is None else "missed"

    def cells(self) -> list[str]:
        sign = "≥" if self.at_least else "≤"
        return [
            self.measurement,
            f"{self.median:.2f}{self.spread()}",
            "" if self.required is None else f"{sign} {self.required:g}",
            f"{sign} {self.target:g}",
            self.verdict(),
        ]


def show(rows: list[Row]) -> None:
    for measurement, value, required, target, verdict in (row.cells() for row in rows):
        print(f"{verdict:8} {value:24} required {required:8} target {target:8} {measurement}")


def write(rows: list[Row]) -> None:
    """Put the table between the two marks of the document."""
    before, _, rest = DOCUMENT.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    heading = "| measurement | median [quartiles] | required | target | |\n|---|---|---|---|---|"
    table = "\n".join(f"| {' | '.join(row.cells())} |" for row in rows)
    system = f"{platform.system()} {platform.release().partition('-')[0]}, Python {platform.python_version()}"
    when = f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} processors, {system}: `make bench`"
    DOCUMENT.write_text(f"{before}{BEGIN}\n{when}\n\n{heading}\n{table}\n{END}{after}")
