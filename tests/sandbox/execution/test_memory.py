"""What may be taken: the system's word, that of every control group, or the user's own."""

import re
import subprocess
import sys

import pytest

from product_factory.errors import BadValue
from sandbox.execution.memory import available, bytes_of, peak, resident, said
from tests.the_command import ROOT, inside

GIB = float(1 << 30)


@pytest.mark.parametrize(
    ("text", "size"),
    [("2G", 2 * GIB), ("1.5 GiB", 1.5 * GIB), ("512m", GIB / 2), ("4KB", 4096), ("17", 17)],
)
def test_a_size_is_read_in_powers_of_1024(text, size):
    assert bytes_of(text) == size


@pytest.mark.parametrize("text", ["", "G", "-1G", "2 X", "0", "1e9", "2G2"])
def test_what_is_no_size_is_told(text):
    with pytest.raises(BadValue, match=f"memory: expected a size such as 2G or 800M, got {text}"):
        bytes_of(text)


def test_a_size_is_said_to_three_digits():
    assert [said(size) for size in (2.5 * GIB, 3 << 20, 2048)] == ["2.50 GiB", "3.00 MiB", "2 KiB"]


def machine(root, **files):
    """Lay out what a system tells: path with __ for / → text."""
    for name, text in {"proc__meminfo": "MemAvailable: 8388608 kB\n", **files}.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return available(root)


def test_without_groups_it_is_what_the_system_says_is_available(tmp_path):
    assert machine(tmp_path) == 8 * GIB
    assert available(tmp_path / "nowhere") == float("inf")


def group(limit, use, cached=0):
    return {"memory.max": limit, "memory.current": use, "memory.stat": f"inactive_file {cached}\n"}


def test_a_container_has_what_its_group_and_those_above_leave(tmp_path):
    base = "sys__fs__cgroup__"
    files = {"proc__self__cgroup": "0::/pod/box\n"}
    files |= {f"{base}pod__box__{n}": str(t) for n, t in group("max", 1).items()}
    files |= {f"{base}pod__{n}": str(t) for n, t in group(4 << 30, 3 << 30, 1 << 30).items()}
    assert machine(tmp_path, **files) == 2 * GIB


def test_the_older_groups_are_read_too_and_their_way_of_saying_none(tmp_path):
    base = "sys__fs__cgroup__memory__"
    files = {"proc__self__cgroup": "5:cpu:/a\n4:memory:/a\n"}
    limit, use = f"{base}a__memory.limit_in_bytes", f"{base}a__memory.usage_in_bytes"
    files |= {limit: str(3 << 30), use: str(1 << 30)}
    files |= {f"{base}memory.limit_in_bytes": "9223372036854771712"}
    assert machine(tmp_path, **files) == 2 * GIB


def test_this_process_holds_something_and_never_more_than_its_peak():
    assert 0.0 < resident() <= peak()


def test_a_run_that_does_not_fit_is_told_before_the_work():
    done = inside("simulate", "home", "--years", "10000000", "--memory", "100M")
    assert done.returncode == 2
    assert done.stderr.startswith("memory: expected a run that fits in 100.00 MiB, got one of 10,0")
    assert inside("simulate", "home", "--memory", "much").stderr == (
        "memory: expected a size such as 2G or 800M, got much\n"
    )


PEAK = """
import sys, cli
from sandbox.execution.memory import peak
sys.argv = ["covercast", *sys.argv[1:]]
try:
    cli.main()
finally:
    print("peak", peak(), file=sys.stderr)
"""
"""The peak of this program alone: what `getrusage` tells counts the process that started it."""


@pytest.mark.long
def test_no_more_memory_is_taken_than_was_stated(tmp_path):
    book = tmp_path / "book.csv"
    book.write_text("age,sex,ssi,deductible\n32,M,member,10000\n")
    run = ["simulate", "million_medical", str(book), "--years", "200000", "-o", str(tmp_path / "o")]
    done = subprocess.run(
        [sys.executable, "-c", PEAK, *run], cwd=ROOT, capture_output=True, text=True, check=True
    )
    stated = re.search(r"memory: at most (\S+ \w+), of", done.stderr)
    peaked = re.search(r"peak (\d+)", done.stderr)
    assert stated, done.stderr
    assert peaked
    assert 0.3 * bytes_of(stated[1]) < int(peaked[1]) <= bytes_of(stated[1])
