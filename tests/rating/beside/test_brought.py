"""Experience brought to the first policy year, beside a life: inflation goes on from there."""

import numpy as np
import pytest

from rating.engines.multistate.unknowns import bound
from tests.rating.beside.tiny_medical import BASES, MEAN, PER_CLAIM, medical, one_life

SPAN = "from: 2023-07-01, to: 2026-07-01, source: claims"
ENTRIES = f"""\
  experience:
    illness:
      treatment: {{development: 1.1, source: counts}}
      bill: {{trend: 8%, {SPAN}}}
"""
FACTOR = 1.08 ** (1096 / 365.25)


def yearly(product, basis):
    (running,) = bound(product, product.bases[basis], one_life()).running
    return running.amount[0]


def test_it_is_the_contract_whose_basis_states_the_figures_so_brought(tmp_path):
    plain = BASES.partition("best_estimate:")[0]
    brought = plain + ENTRIES + "untouched:\n  inherits: pricing\n  experience:\n"
    brought += "    illness: {treatment: {development: 1, source: none}, "
    brought += "bill: {development: 1, source: none}}\n"
    stated = plain.replace("mean: treatments", "mean: treatments * 1.1").replace(
        "mean: 3000", f"mean: {MEAN * FACTOR:.10f}"
    )
    product = medical(tmp_path / "brought", PER_CLAIM, **{"plain/bases.yaml": brought})
    same = medical(tmp_path / "stated", PER_CLAIM, **{"plain/bases.yaml": stated})
    before = medical(tmp_path / "before", PER_CLAIM, **{"plain/bases.yaml": plain})
    assert yearly(product, "pricing") == pytest.approx(yearly(same, "pricing"), rel=1e-9)
    # of two bases of one product, each has its own
    assert (yearly(product, "untouched") == yearly(before, "pricing")).all()
    grown = yearly(product, "pricing") / yearly(before, "pricing")
    # under the deductible the first year grows by more, and less so as inflation goes on
    assert grown[0] > 1.1 * FACTOR * 0.9
    assert (np.diff(grown) < 0.0).all()
