"""Forward with numpy and in the kernel: the same list of figures, the same bits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rating.engines.multistate import forward, project
from rating.engines.multistate.forward import SURELY, Asked, run_forward, run_in_blocks
from rating.engines.multistate.project import occupancy, present_values
from tests.rating.engines.chains import random_chain

seeds = st.integers(0, 2**32 - 1)
WIDTHS = (1, 3, 256)


def pulled(random, many, states, columns):
    """So many sums of random pulls, some of none: where each begins, and the pulls."""
    sizes = random.integers(0, 12, many)
    pulls = np.stack(
        [random.integers(0, states, sizes.sum()), random.integers(0, columns, sizes.sum())], axis=1
    )
    return np.cumsum([0, *sizes]), pulls


def random_asked(seed):
    """Rates that need be no probabilities; every other figure takes chances whole."""
    random = np.random.default_rng(seed)
    living, cells, steps, columns = (int(n) for n in random.integers(1, 9, 4))
    counts = bool(random.integers(0, 2))
    states = 2 * living if counts else living
    arrives, pulls = pulled(random, states, states, columns)
    tells, figures = pulled(random, 6, states, columns)
    for figure in range(0, 6, 2):
        figures[tells[figure] : tells[figure + 1], 1] = SURELY
    rates = random.uniform(0.0, 1.0, (cells, steps, columns))
    owed = random.integers(0, 2, (cells, steps)).astype(np.float64)
    free = random.integers(0, 2, living) if counts else np.zeros(0, np.int64)
    start = random.uniform(0.0, 1.0, (cells, states))
    return Asked(states, start, rates, arrives, pulls, tells, figures, owed, free)


@given(seed=seeds, side=st.sampled_from(WIDTHS))
def test_numpy_and_the_kernel_run_the_same_list_to_the_same_bits(seed, side):
    """Also one cell as many, and however many of them stand side by side."""
    asked = random_asked(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forward, "width", lambda _numbers: side)
        assert run_in_blocks(asked).tobytes() == run_forward(asked).tobytes()


@given(seed=seeds, states=st.integers(1, 4), threads=st.integers(1, 3))
def test_neither_neighbours_nor_threads_change_a_bit(seed, states, threads):
    chain = random_chain(seed, states)
    alone = np.concatenate([present_values(chain.part(c, c + 1)) for c in range(chain.cells)])
    there = np.concatenate([occupancy(chain.part(c, c + 1))[0] for c in range(chain.cells)])
    for side in WIDTHS:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(project, "width", lambda _numbers, side=side: side)
            assert present_values(chain, threads).tobytes() == alone.tobytes()
            assert occupancy(chain).tobytes() == there.tobytes()
