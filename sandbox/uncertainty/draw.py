"""Assumptions drawn from their spreads: every draw is named by (seed, assumption, number)."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct
from product_factory.numbers.hashing import hash64
from product_factory.strict import Bilingual
from rating.kernels.random import stream_key
from sandbox.kernels.portfolio import policy_uniforms
from sandbox.scenarios import Scenario, shock_of
from sandbox.uncertainty.assumption import Assumption, distinct

Floats = npt.NDArray[np.float64]
LEAST, MOST = 2.0**-53, 1.0 - 2.0**-53
"""No number that is drawn lies outside of these."""


def drawn(assumptions: Sequence[Assumption], draws: int, seed: int) -> Floats:
    """Give [draw, assumption] values; another assumption or draw moves none of the others."""
    found, u = np.empty((draws, len(assumptions))), np.empty(draws)
    number = np.arange(draws, dtype=np.int64)
    for place, one in enumerate(assumptions):
        name = np.uint64(hash64(f"assumption {one.name}"))
        policy_uniforms(np.uint64(seed), name, 0, 0, number, u)
        found[:, place] = [one.value(share) for share in u.tolist()]
    return found


def seed_of(seed: int, draw: int) -> int:
    """Give the seed of the years of a draw, which no other draw has."""
    return int(stream_key(np.uint64(seed), np.uint64(hash64(f"years of draw {draw}"))))


def scenario_at(assumptions: Sequence[Assumption], values: Sequence[float]) -> Scenario:
    """Give the scenario in which every assumption has its value."""
    changes = tuple(one.change(value) for one, value in zip(assumptions, values, strict=True))
    title = Bilingual.model_construct(zh="", en="")
    return Scenario.model_construct(scenario="uncertainty", title=title, changes=changes)


def fit_to(product: AssembledProduct, assumptions: tuple[Assumption, ...]) -> None:
    """Raise BadInput, with its place, for what the product does not have or may not be drawn.

    Both ends of what may be drawn are held against the changes: what holds there holds between.
    """
    distinct(assumptions)
    for share in (LEAST, MOST):
        shock_of(scenario_at(assumptions, [one.value(share) for one in assumptions]), product)
