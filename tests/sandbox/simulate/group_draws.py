"""Years of groups as a command prints them, to be compared with those of another process."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

import cli
from product_factory.assemble import assemble
from product_factory.assembled import AssembledProduct
from product_factory.shelf import open_shelf
from rating.engines.collective.annual import annual_model
from sandbox.laws.annual import cells_of
from sandbox.laws.profiles import Profile, profile_of
from sandbox.simulate.annual import simulate_annual
from tests.rating.group_accident import write_group

BUILDER, CLERK = {"age": 30, "sum_insured": 50_000}, {"age": 45, "sum_insured": 20_000}
OLDER = {"age": 61, "sum_insured": 300_000}
GROUPS = {
    "three alike and one apart": ("building", [BUILDER, BUILDER, CLERK, BUILDER]),
    "of one": ("office", [OLDER]),
    "of nine": ("office", [BUILDER, CLERK, OLDER] * 3),
}
SEED = 20260301


def works(folder: Path, **changed: str) -> AssembledProduct:
    """Assemble the group product in a folder."""
    return assemble(open_shelf(write_group(folder, **changed)), "works", cli.language())


def group(product: AssembledProduct, name: str) -> Profile:
    """Give one of the groups above."""
    trade, members = GROUPS[name]
    return profile_of(product, name, {"trade": trade, "items": {"member": members}})


def draws(policies: int, years: int) -> str:
    """Write what years of a cell of equal groups pay, every figure whole."""
    with TemporaryDirectory() as folder:
        product = works(Path(folder))
        cells = cells_of(product, group(product, "three alike and one apart"), policies)
        model = annual_model(product, product.bases["pricing"], cells)
        run = simulate_annual(model, np.zeros(1), years, SEED)
    return f"{run.claims} {[value.hex() for value in run.table.paid.ravel().tolist()]}"


if __name__ == "__main__":
    sys.stdout.write(draws(*map(int, sys.argv[1:])))
