"""Run-offs year by year: what the policies of a portfolio are paid in each of their policy years.

The same lives on the same ways as the run-offs, in the money of their years: no interest is taken
off. What falls due on an anniversary belongs to the year that begins on it, on the contract's last
day to the year that ends on it; what is paid at the end of a step to the year of that step.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from rating.engines.multistate.chain import Chain
from rating.engines.multistate.model import Model
from sandbox.execution import Execution
from sandbox.simulate.counted import CountedEvents
from sandbox.simulate.walk import walk_by_year

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
CLAIMS, PREMIUMS, SPENT = 0, 1, 2


@dataclass(frozen=True, eq=False)
class PolicyYears:
    """Run-offs by policy year, each [run, year], currency, without interest."""

    claims: Floats
    premium: Floats
    expenses: Floats

    @property
    def years(self) -> int:
        """How many policy years the longest contract has."""
        return int(self.claims.shape[1])


def simulate_policy_years(  # noqa: PLR0913, PLR0917 - each is a part of the run-offs
    model: Model,
    chain: Chain,
    weighed: Mapping[str, int],
    counted: Mapping[str, str],
    policies: Integers,
    runs: int,
    seed: int,
    keys: npt.NDArray[np.uint64],
    execution: Execution,
    inputs: Mapping[str, str],
) -> PolicyYears:
    """Simulate the run-offs once more, by year.

    chain    with premiums and expenses;  weighed: stream → CLAIMS, PREMIUMS or SPENT
    counted  stream → the stream whose flow so far its transitions are paid times
    """
    weights = np.zeros((3, chain.cells, len(chain.streams)))
    for place, stream in enumerate(chain.streams):
        if stream.name in weighed:
            weights[weighed[stream.name], :, place] = 1.0
    events = None
    if model.running:
        events = CountedEvents(model, policies, seed, keys, {}, by_year=True)
    found, followed = walk_by_year(
        chain,
        policies,
        runs,
        seed,
        weights,
        keys=keys,
        execution=replace(execution, progress=None),  # these runs are counted already
        inputs={**inputs, "by": "policy_year"},
        counted=counted,
        follows=None if events is None else events.years,
    )
    if events is not None:
        beside = events.by_year(followed)
        found[:, : beside.shape[1], CLAIMS] += beside[:, :, 0]
        found[:, : beside.shape[1], SPENT] += beside[:, :, 1]
    parts = (found[:, :, kind].copy() for kind in (CLAIMS, PREMIUMS, SPENT))
    return PolicyYears(*parts)


__all__ = ["CLAIMS", "PREMIUMS", "SPENT", "PolicyYears", "simulate_policy_years"]
