"""A programme bound to the risks that it protects: its contracts as arrays, and what they cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from sandbox.kernels.reinsurance import Contracts
from sandbox.reinsurance.contract import Base, Cost
from sandbox.reinsurance.exposure import Exposure


@dataclass(frozen=True, eq=False)
class Bound:
    """Contracts in inuring order, and what each costs before reinstatements."""

    contracts: Contracts
    costs: tuple[Cost, ...]


def bind(stages: Sequence[Sequence[Base]], exposure: Exposure) -> Bound:
    """Bind contracts to risks: each stage is paid by what the stages before it leave of them.

    Raises BadValue where a contract needs a premium or a size of risks that is not known.
    """
    terms, costs, held = [], [], exposure
    for stage in stages:
        spared = np.ones(len(held.premium))
        for contract in stage:
            terms.append(contract.terms(held))
            costs.append(contract.cost(held))
            spared -= contract.shares(held.sum_insured, len(spared))
        held = held.left(np.maximum(spared, 0.0))
    most = max((len(one.prices) for one in terms), default=0)
    prices = np.zeros((len(terms), most))
    for row, one in zip(prices, terms, strict=True):
        row[: len(one.prices)] = one.prices
    numbers = chain.from_iterable([place] * len(stage) for place, stage in enumerate(stages))
    contracts = Contracts(
        kind=np.array([one.kind for one in terms], dtype=np.int64),
        stage=np.array(list(numbers), dtype=np.int64),
        attachment=np.array([one.attachment for one in terms]),
        limit=np.array([one.limit for one in terms]),
        share=np.array([one.share for one in terms]),
        deductible=np.array([one.deductible for one in terms]),
        annual=np.array([one.annual for one in terms]),
        by_time=np.array([one.by_time for one in terms], dtype=np.int64),
        premium=np.array([cost.premium for cost in costs]),
        priced=np.array([len(one.prices) for one in terms], dtype=np.int64),
        prices=prices,
    )
    return Bound(contracts, tuple(costs))
