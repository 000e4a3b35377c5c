"""Settle the run-offs of one product, or of several under one programme.

What fits one policy was taken of it on its way. A contract of the year sees what all policies of
all products are paid in a policy year; what it recovers of the year is each product's in the
proportion of what it was paid in it, in present value at that product's own interest. Recoveries of
each product stand on the grid of `sandbox/reinsurance/occurrences.py`, so that net and ceded are
gross to the last bit, of each and of all together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadValue
from sandbox.reinsurance import Contract, ExcessOfLoss, Settlement, StopLoss
from sandbox.reinsurance.occurrences import CEILING, STEP
from sandbox.reinsurance.proportional import Proportional
from sandbox.simulate.ceding import Taken, of_year

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RunOffs:
    """What the run-offs of a product bring before a programme.

    gross  [run] what its protected covers are paid, in the programme's currency
    taken  what contracts take of it, in its own
    rate   what one unit of its currency is worth in the programme's
    """

    gross: Floats
    taken: Taken
    rate: float = 1.0


def settle_run_offs(
    contracts: Sequence[Contract], products: Sequence[RunOffs]
) -> tuple[Settlement, ...]:
    """Give what the contracts make of each product, all products being settled together.

    Raises BadValue for amounts that are too large for the grid.
    """
    size = len(products[0].gross), len(contracts)
    most = float(sum((one.gross for one in products), np.zeros(size[0])).max(initial=0.0))
    if not most < CEILING:
        text = f"expected a run-off that pays less than {CEILING:.0f}, got {most:.0f}"
        raise BadValue(text)
    ceded = [np.zeros(size) for _ in products]
    left = [one.gross for one in products]
    for place, contract in enumerate(contracts):
        if of_year(contract):
            found = _of_the_year(contract, products)
        else:
            found = [one.taken.weighed[:, place] * one.rate for one in products]
        for number, recovered in enumerate(found):
            within = np.clip(recovered, 0.0, left[number])
            ceded[number][:, place] = np.floor(within / STEP) * STEP
            left[number] = left[number] - ceded[number][:, place]
    back = np.array([c.commission if isinstance(c, Proportional) else 0.0 for c in contracts])
    settled = []
    for one, recoveries, net in zip(products, ceded, left, strict=True):
        cost = one.taken.weighed[:, len(contracts) :] * one.rate
        premium = np.rint(cost / STEP) * STEP
        settled.append(
            Settlement(
                contracts=tuple(contract.name for contract in contracts),
                gross=one.gross,
                ceded=recoveries,
                net=net,
                gross_largest=None,
                net_largest=None,
                premium=premium,
                reinstated=np.zeros(size),
                commission=np.rint(premium * back / STEP) * STEP,
            )
        )
    return tuple(settled)


def added_up(settled: Sequence[Settlement]) -> Settlement:
    """Give the settlement of all products together; sums on the grid are exact."""
    first, *others = settled
    gross, ceded, premium, commission = first.gross, first.ceded, first.premium, first.commission
    for one in others:
        gross, ceded = gross + one.gross, ceded + one.ceded
        premium, commission = premium + one.premium, commission + one.commission
    net = gross
    for place in range(ceded.shape[1]):
        net = net - ceded[:, place]
    return replace(first, gross=gross, ceded=ceded, net=net, premium=premium, commission=commission)


def _of_the_year(contract: Contract, products: Sequence[RunOffs]) -> list[Floats]:
    """Give what a contract of the year recovers of each product, [run], before the grid."""
    rows = len(products[0].gross)
    found = [np.zeros(rows) for _ in products]
    for year in range(max(len(one.taken.worth) for one in products)):
        paid, premium = np.zeros(rows), np.zeros(rows)
        parts = [_in_year(one, year) for one in products]
        for own, due in parts:
            paid, premium = paid + own, premium + due
        if isinstance(contract, StopLoss):
            begins, height = contract.attachment * premium, contract.limit * premium
        else:
            assert isinstance(contract, ExcessOfLoss)  # noqa: S101 - as `of_year` says
            begins, height = np.array(contract.attachment), np.array(contract.limit)
        layer = np.minimum(np.maximum(paid - begins, 0.0), height)
        for total, one, (own, _) in zip(found, products, parts, strict=True):
            if year < len(one.taken.worth):
                share = np.divide(own, paid, out=np.zeros(rows), where=paid > 0.0)
                worth = float(one.taken.worth[year])
                total[:] += worth * contract.share * layer * share
    return found


def _in_year(one: RunOffs, year: int) -> tuple[Floats, Floats]:
    """Give what is paid and due in a policy year, [run], in the programme's currency."""
    yearly = one.taken.yearly
    if yearly is None or year >= yearly.shape[1]:
        return np.zeros(len(one.gross)), np.zeros(len(one.gross))
    return yearly[:, year, 0] * one.rate, yearly[:, year, 1] * one.rate
