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
AIMS = {
    "rate 1,000,000 policies, 8 factors, codes": 2.0,
    "rate 1,000,000 policies, 8 factors, from Parquet": 1.3,
    "Poisson(50) lognormal(8, 1.8), deductible 2,000, limit 500,000:": 2.0,
    "Poisson(50) lognormal(8, 1.8), deductible 2,000, limit 500,000,": 1.3,
    "three-layer tower": 1.5,
    "10,000 life policies": 2.0,
    "10,000 disability incomes": 5.0,
}
"""How a row begins → how many times the limit of as many threads Covercast may take at most."""
GAIN = 0.9
"""The share of the limit's own gain by a second thread that two threads, or workers, are to have
where the row is of the sandbox."""
GAINING = "Poisson(50) lognormal(8, 1.8), deductible 2,000, limit 500,000,"


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
        yield from (line for told in judged(row, times) for line in (told, ""))
        notes = dict.fromkeys(info["note"] for *_, info in group if "note" in info)
        yield from (line for note in notes for line in (note, ""))


def judged(row, times):
    """Tell of each time of ours whether it reaches the aim of its row."""
    aim = next((aim for start, aim in AIMS.items() if row.startswith(start)), None)
    if aim is None:
        return
    limits = {name: time for name, (time, role) in times.items() if role == "limit"}
    found = []
    for name, (seconds, role) in times.items():
        threads = name.rpartition(", ")[2]
        like = [time for limit, time in limits.items() if limit.endswith(threads)]
        like = like or (list(limits.values()) if len(limits) == 1 else [])
        if role == "ours" and like:
            ratio = seconds / like[0]
            found.append(f"{name}: {ratio:.2f}, {'reached' if ratio <= aim else 'missed'}")
    yield f"Aim: {aim:g} times the limit at most. {'; '.join(found)}."
    if row.startswith(GAINING):
        yield gained(times)


def gained(times):
    """Tell what two threads or workers gain of what the limit gains by a second thread."""
    one = {role: time for name, (time, role) in times.items() if name.endswith(", 1 thread")}
    two = next(
        time for name, (time, role) in times.items() if role == "limit" and "2 threads" in name
    )
    best = one["limit"] / two
    found = []
    for name, (seconds, role) in times.items():
        if role == "ours" and not name.endswith(", 1 thread"):
            share = one["ours"] / seconds / best
            found.append(f"{name}: {share:.2f}, {'reached' if share >= GAIN else 'missed'}")
    return (
        f"Aim: {GAIN:g} of the limit's own gain by a second thread ({best:.2f}) at least. "
        f"{'; '.join(found)}."
    )


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
