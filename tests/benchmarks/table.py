"""Turns what pytest-benchmark measured into the tables of docs/benchmarks.md.

    python -m tests.benchmarks.table MEASURED.json PAGE.md

A time is the shortest of its rounds (whatever else the machine does can only add to it), and is
there to form ratios against the limits of its row.
"""

import json
import platform
import sys
from importlib.metadata import version
from itertools import groupby
from pathlib import Path

INTRODUCTION = (
    "Written by `make bench`: peers, the limit and Covercast in one run on one machine, "
    "compilation excluded. Only the ratios are to be trusted. Each contender's answer is checked "
    "before its time counts."
)
PACKAGES = ("numpy", "numba", "pandas", "polars", "aggregate", "gemact", "lossmodels", "lifelib")
PAL = "proteusllp-actuarial-library"


def tables(measured):
    """The Markdown tables, one a row of DESIGN, contenders from slow to fast."""
    runs = [
        (run["extra_info"]["row"], -run["stats"]["min"], run["extra_info"])
        for run in measured["benchmarks"]
    ]
    runs.sort(key=lambda run: run[:2])
    for row, runs_of_row in groupby(runs, key=lambda run: run[0]):
        group = list(runs_of_row)
        times = {info["contender"]: (-minus, info["role"]) for _, minus, info in group}
        limits = sorted(name for name, (_, role) in times.items() if role == "limit")
        yield f"## {row[0].upper()}{row[1:]}"
        yield ""
        yield f"| contender | | seconds | {' | '.join(f'times {name}' for name in limits)} |"
        yield f"|---|---|---:|{'---:|' * len(limits)}"
        for name, (seconds, role) in times.items():
            ratios = " | ".join(f"{seconds / times[limit][0]:.2f}" for limit in limits)
            yield f"| {name} | {role} | {seconds:.4f} | {ratios} |"
        yield ""
        notes = dict.fromkeys(info["note"] for *_, info in group if "note" in info)
        yield from (line for note in notes for line in (note, ""))


def page(measured):
    names = [f"{name} {version(name)}" for name in PACKAGES] + [f"PAL {version(PAL)}"]
    cores = measured["machine_info"]["cpu"].get("count", "?")
    machine = f"Python {platform.python_version()}, {platform.machine()}, {cores} cores"
    return "\n".join(
        [
            "# Benchmarks",
            "",
            INTRODUCTION,
            "",
            f"{machine}; {', '.join(names)}.",
            "",
            *tables(measured),
        ]
    )


def main(source, target):
    text = page(json.loads(Path(source).read_text("utf-8")))
    Path(target).write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main(*sys.argv[1:])
