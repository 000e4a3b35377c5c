"""Speed of checking a large shelf against parsing its files; every product passes."""

import time

import pytest

from tests.benchmarks import shelf_workload as work

PARSING = "parsing the same files with PyYAML's C loader"
CONTENDERS = {
    "Covercast, definition": ("--no-cache", "--stage", "definition"),
    "Covercast, worked examples too": ("--no-cache",),
    "Covercast, nothing changed": (),
}
LIMITED = ("Covercast, definition", "Covercast, nothing changed")
"""Quotes and claims are calculated, not read: how long they take says nothing of reading."""


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    return work.generate(tmp_path_factory.mktemp("large") / "products")


@pytest.fixture(scope="module")
def cache(shelf, tmp_path_factory):
    """A cache of the whole shelf, filled before it is timed."""
    folder = tmp_path_factory.mktemp("cache")
    work.check(shelf, "--cache", str(folder))
    return folder


@pytest.mark.benchmark(group=work.ROW)
def test_parse(shelf, benchmark):
    benchmark.extra_info.update(row=work.ROW, contender=PARSING, role="limit")
    benchmark.pedantic(work.parse, args=(work.texts(shelf),), rounds=3)


@pytest.mark.parametrize("name", CONTENDERS)
@pytest.mark.benchmark(group=work.ROW)
def test_check(name, shelf, cache, benchmark):
    """A process of its own, start and imports included, against parsing just before."""
    options = CONTENDERS[name] or ("--cache", str(cache))
    texts = work.texts(shelf)
    start = time.perf_counter()
    work.parse(texts)
    parsing = time.perf_counter() - start
    size = benchmark.pedantic(work.check, args=(shelf, *options), rounds=1)
    note = f"{name}: {size} MiB, against {parsing:.2f} seconds of parsing just before."
    benchmark.extra_info.update(row=work.ROW, contender=name, role="ours", note=note)
    assert name not in LIMITED or benchmark.stats.stats.min <= work.LIMIT * parsing
