"""Sizes of the property tests, by the environment variable COVERCAST_PROFILE.

test:  what `make test` runs; small and the same at every run.
prove: what `make prove` runs; the sizes at which a law counts as proved.
"""

import gc
import os

import pytest
from hypothesis import HealthCheck, settings

# The first run of a kernel compiles it, which hypothesis would take for a slow test: no deadline,
# no complaint. `derandomize` draws the same examples at every run, so there is nothing to store.
settings.register_profile(
    "test",
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("prove", parent=settings.get_profile("test"), max_examples=250)

# A worker has a core to itself: threads of BLAS and OpenMP would wait for one another, busily, and
# fits of relativities take four times as long. They are counted when numpy is loaded, after this.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# Products and kernels live as long as the process: with the usual limits the collector looks
# through all of them again and again, a sixth of the time of tests that read rules.
gc.set_threshold(20_000, 10, 10)

PROFILE = os.environ.get("COVERCAST_PROFILE", "test")
settings.load_profile(PROFILE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long tests first; all others keep their order."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_report_header() -> str:
    return f"covercast profile: {PROFILE} ({settings.default.max_examples} examples a law)"
