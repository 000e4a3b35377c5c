"""A run takes the blocks of its own inputs alone, and names the input that was another."""

import re

import pytest

from sandbox.execution import Execution, Store
from sandbox.run import simulate
from tests.sandbox.dependence.dependence_texts import file, reordering, shared
from tests.sandbox.shipped import product, small

TIED = r"tied \w+"


@pytest.mark.parametrize(
    ("first", "then", "why"),
    [
        (
            {},
            {"dependence": file(shared())},
            f"dependence was none, and is {TIED}; years of shared .*",
        ),
        (
            {"dependence": file(shared())},
            {"dependence": file(shared(cv="60%"))},
            f"dependence was {TIED}, and is {TIED}",
        ),
        (
            {"dependence": file(reordering())},
            {"dependence": file(reordering(lines="[home.fire, home.water_damage]"))},
            f"dependence was {TIED}, and is {TIED}",
        ),
        (
            {"dependence": file(shared()), "years": 30},
            {"dependence": file(shared()), "years": 40},
            "years of shared factors was 30, and is 40",
        ),
        ({"seed": 1}, {"seed": 2}, "seed was 1, and is 2"),
        (
            {"basis": "best_estimate"},
            {"basis": "pricing"},
            "basis was best_estimate, and is pricing",
        ),
    ],
)
def test_a_run_takes_no_blocks_of_another_and_says_what_was_another(tmp_path, first, then, why):
    told = []
    for asked in (first, then):
        told.clear()
        store = Store(tmp_path)
        execution = Execution(store=store, block=10, memory=1 << 40, tell=told.append)
        simulate(product("home"), small("home"), **({"years": 20} | asked), execution=execution)
        store.close()
    (line,) = (line for line in told if "of another run" in line)
    assert re.search(rf"of another run \({why}\); remove it", line)
    assert not any("are taken" in line for line in told)


def test_more_years_of_an_unshared_dependence_take_the_blocks_of_fewer(tmp_path):
    told = []
    for years in (20, 30):
        store = Store(tmp_path)
        execution = Execution(store=store, block=10, memory=1 << 40, tell=told.append)
        asked = {"years": years, "dependence": file(reordering()), "execution": execution}
        simulate(product("home"), small("home"), **asked)
        store.close()
    assert sum("2 of 3 blocks are taken" in line for line in told) == 1
