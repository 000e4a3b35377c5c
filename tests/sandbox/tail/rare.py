"""A product with a peril that is rare and heavy, whose year is known by Fourier transform."""

from functools import cache
from pathlib import Path

import cli
from product_factory.assemble import assemble
from product_factory.assembled import AssembledProduct
from product_factory.shelf import open_shelf
from rating.aggregate import ClaimTerms, lump
from rating.aggregate.fourier import all_by_fourier
from rating.aggregate.lattice import Lattice
from rating.frequencies import Poisson
from rating.severities import Lognormal
from tests.rating.engines.tiny_year import tiny
from tests.shelf_files import write_files

POLICIES, OFTEN, RARE = 200, 4.0, 1e-3
"""Policies; events of a bike and of a phone in a year, of all of them together."""
USUAL, HEAVY = 1_000.0, 100_000.0
"""The mean bill of each; of a phone it may be ten times as much as a bike's bad year."""
POINTS, STEP = 1 << 16, 40.0

BASES = """
pricing:
  loading: 35%
  risk:
    bike:
      damage: {kind: poisson, mean: MANY}
      cause: {accident: 100%}
      bill: {kind: lognormal, mean: USUAL, cv: 1}
      more: {kind: lognormal, mean: 100, cv: 1}
    phone:
      damage: {kind: poisson, mean: FEW}
      cause: {accident: 100%}
      bill: {kind: lognormal, mean: HEAVY, cv: 1}
      more: {kind: lognormal, mean: 100, cv: 1}
best_estimate:
  inherits: pricing
"""


def rare_shop(folder: Path, rare: float = RARE) -> AssembledProduct:
    """Assemble it: every bill is paid whole. rare: events of the rare peril in a year."""
    tiny(folder, lines="    - {share: 100%}", phone_lines="    - {share: 100%}")
    bases = BASES.replace("MANY", f"{OFTEN / POLICIES:.12g}").replace("USUAL", f"{USUAL:g}")
    bases = bases.replace("FEW", f"{rare / POLICIES:.12g}").replace("HEAVY", f"{HEAVY:g}")
    root = folder / "products" / "tiny"
    files = {
        "bases.yaml": bases,
        "rating.yaml": "- {name: payable, kind: compute, is: 60}\n",
        "portfolio.yaml": f"policies: {POLICIES}\nseed: 1\nmix: {{age: {{40: 100%}}}}\n",
    }
    write_files(root, files)
    return assemble(open_shelf(root.parent), "tiny", cli.language())


@cache
def year_of(rare: float = RARE) -> Lattice:
    """Give the distribution of a year; a bill is beyond the lattice with a chance of 1e-5."""
    parts = [
        (Poisson(count), lump(Lognormal.from_form(mean=mean, cv=1.0), ClaimTerms(), STEP, POINTS))
        for count, mean in ((OFTEN, USUAL), (rare, HEAVY))
    ]
    return all_by_fourier(parts, POINTS)


def mean_of(rare: float = RARE) -> float:
    """Give the mean of a year."""
    return OFTEN * USUAL + rare * HEAVY
