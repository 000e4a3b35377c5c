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
from sandbox.reinsurance.programme import ROUNDING
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
    stages: Sequence[Sequence[Contract]], products: Sequence[RunOffs]
) -> tuple[Settlement, ...]:
    """Give what the contracts make of each product, all products being settled together.

    stages  contracts side by side, one stage after another

    Raises BadValue for amounts that are too large for the grid, and for contracts of the year that
    recover, with those beside them, more than is paid.
    """
    contracts = [contract for stage in stages for contract in stage]
    size = len(products[0].gross), len(contracts)
    most = float(sum((one.gross for one in products), np.zeros(size[0])).max(initial=0.0))
    if not most < CEILING:
        text = f"expected a run-off that pays less than {CEILING:.0f}, got {most:.0f}"
        raise BadValue(text)
    _check_within(stages[-1], products)
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


def _check_within(stage: Sequence[Contract], products: Sequence[RunOffs]) -> None:
    """Refuse contracts of the year that recover, with those beside them, more than is paid."""
    of_years = [contract for contract in stage if of_year(contract)]
    if not of_years or len(stage) == 1:
        return
    worst, said = 0.0, ""
    for year in range(_years(products)):
        paid, premium, together = np.add.reduce(_in_year(products, year))
        for contract in of_years:
            together = together + _layer(contract, paid, premium)
        over = np.where(together - paid > ROUNDING * paid, together - paid, 0.0)
        run = int(np.argmax(over))
        if over[run] > worst:
            worst = float(over[run])
            when = f"policy year {year + 1} of run-off {run}"
            said = f"{worst:,.2f} more than {paid[run]:,.2f} in {when}"
    if worst > 0.0:
        names = " and ".join(f"'{contract.name}'" for contract in stage)
        raise BadValue(
            f"contracts side by side {names}: expected to recover at most the loss, got {said}"
        )


def _of_the_year(contract: Contract, products: Sequence[RunOffs]) -> list[Floats]:
    """Give what a contract of the year recovers of each product, [run], before the grid."""
    rows = len(products[0].gross)
    found = [np.zeros(rows) for _ in products]
    for year in range(_years(products)):
        parts = _in_year(products, year)
        paid, premium, _ = np.add.reduce(parts)
        recovered = _layer(contract, paid, premium)
        for total, one, (own, *_) in zip(found, products, parts, strict=True):
            if year < len(one.taken.worth):
                share = np.divide(own, paid, out=np.zeros(rows), where=paid > 0.0)
                total[:] += float(one.taken.worth[year]) * recovered * share
    return found


def _layer(contract: Contract, paid: Floats, premium: Floats) -> Floats:
    """Give what a contract recovers of what is paid in a policy year, [run]."""
    if isinstance(contract, StopLoss):
        begins, height = contract.attachment * premium, contract.limit * premium
    else:
        assert isinstance(contract, ExcessOfLoss)  # noqa: S101 - as `of_year` says
        begins, height = np.array(contract.attachment), np.array(contract.limit)
    return np.asarray(contract.share * np.minimum(np.maximum(paid - begins, 0.0), height))


def _years(products: Sequence[RunOffs]) -> int:
    return max(len(one.taken.worth) for one in products)


def _in_year(products: Sequence[RunOffs], year: int) -> list[tuple[Floats, Floats, Floats]]:
    """Give of each product what is paid, due, and taken beside contracts of the year, [run].

    In the money of the policy year, and the programme's currency.
    """
    found = []
    for one in products:
        yearly, none = one.taken.yearly, np.zeros(len(one.gross))
        if yearly is None or year >= yearly.shape[1]:
            found.append((none, none, none))
        else:
            paid, due, beside = (yearly[:, year, column] * one.rate for column in range(3))
            found.append((paid, due, beside))
    return found
