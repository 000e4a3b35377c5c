"""Technical against tariff premium by segment: who pays less than is needed for them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledBasis, AssembledProduct
from product_factory.types import Type
from sandbox.adequacy.needed import dearer, needed
from sandbox.measures.measured import Z95
from sandbox.measures.spread import distrust
from sandbox.portfolio.expenses import expenses_of
from sandbox.portfolio.portfolio import Classes, Portfolio

Floats = npt.NDArray[np.float64]
MOST_VALUES, BANDS = 12, 6
"""A variable of more values than the first is cut into so many bands of about as many policies."""
SURE = 0.95
"""How sure all flags of one table together are."""


@dataclass(frozen=True)
class Segment:
    """A segment of a classification; amounts are of a year, or present values at issue.

    tariff      premium that is charged;  technical: what just covers cost and target on average
    error       Monte Carlo standard error of the technical premium; 0 where it is computed
    low, high   95% interval of tariff over technical
    underpriced, overpriced   whether that is beyond chance, for all segments of the table together
    relative    the ratio over that of the whole portfolio
    why         of an error that is not to be trusted, why; such a segment has no flag
    """

    by: str
    label: str
    policies: int
    tariff: float
    technical: float
    error: float
    underpriced: bool
    overpriced: bool
    relative: float = 1.0
    why: str = ""

    @property
    def ratio(self) -> float:
        """Tariff over technical premium; infinite where nothing was paid."""
        return _over(self.tariff, self.technical)

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval of the ratio."""
        reach = Z95 * self.error
        low = _over(self.tariff, self.technical + reach)
        return low, _over(self.tariff, self.technical - reach)


@dataclass(frozen=True)
class Cut:
    """A portfolio cut by one classification: what the rows of each segment brought and cost.

    policies  [segment];  premium: [segment];  rises: [segment], as in `Rows`
    fixed     [segment] expenses;  claims: [row, segment]; one row where they are computed
    """

    by: str
    labels: tuple[str, ...]
    policies: npt.NDArray[np.int64]
    premium: Floats
    rises: Floats
    fixed: Floats
    claims: Floats

    def technical(self, target: float) -> Floats:
        """Give the premium of each segment with which it is just covered on average."""
        cost = self.claims.mean(axis=0) + self.fixed
        technical = self.premium * (1.0 + needed(self.premium, cost, self.rises, target))
        # what rises with premium costs nothing where no premium is needed, but for rounding
        return np.where(cost > self.rises, technical, 0.0)

    def errors(self, target: float) -> Floats:
        """Give the standard error of each technical premium."""
        rows = len(self.claims)
        if rows == 1:
            return np.zeros(len(self.labels))
        spread = self.claims.std(axis=0, ddof=1) / math.sqrt(rows)
        kept = (self.premium * (1.0 - target) - self.rises) / self.premium
        return np.asarray(spread / kept, np.float64)

    def doubts(self) -> list[str]:
        """Say of each segment why its error is not to be trusted, or nothing."""
        if len(self.claims) == 1:
            return [""] * len(self.labels)
        return [distrust(column - column.mean()) for column in self.claims.T]

    def segments(self, target: float) -> tuple[Segment, ...]:
        """Judge every segment: the flags hold for all of them together (Bonferroni)."""
        technical, errors = self.technical(target), self.errors(target)
        needed_for_all = technical.sum() / self.premium.sum()
        whys = self.doubts()
        z = NormalDist().inv_cdf(1.0 - (1.0 - SURE) / 2.0 / len(self.labels))
        return tuple(
            Segment(
                by=self.by,
                label=label,
                policies=int(self.policies[n]),
                tariff=float(self.premium[n]),
                technical=float(technical[n]),
                error=float(errors[n]),
                underpriced=bool(self.premium[n] < technical[n] - z * errors[n]) and not whys[n],
                overpriced=bool(self.premium[n] > technical[n] + z * errors[n]) and not whys[n],
                relative=_over(float(self.premium[n] * needed_for_all), float(technical[n])),
                why=whys[n],
            )
            for n, label in enumerate(self.labels)
        )


def classified(product: AssembledProduct, by: Sequence[str], portfolio: Portfolio) -> Portfolio:
    """Give the portfolio with variables of many values in bands, under their own names."""
    classes: dict[str, Classes] = dict(portfolio.classes)
    for name in by:
        one = portfolio.classes.get(name)
        if one is None or one.type.chosen or len(np.unique(one.values)) <= MOST_VALUES:
            continue
        classes[name] = _banded(one, portfolio.cells.policies)
    return replace(portfolio, product=product, classes=classes)


def _banded(one: Classes, policies: npt.NDArray[np.int64]) -> Classes:
    """Cut values into bands of about as many policies, named by their least and largest value."""
    values, where = np.unique(one.values, return_inverse=True)
    count = np.bincount(where.ravel(), weights=policies.astype(np.float64))
    before = np.cumsum(count) - count
    band = np.minimum((before / count.sum() * BANDS).astype(np.int64), BANDS - 1)
    _, band = np.unique(band, return_inverse=True)
    labels = []
    for number in range(int(band.max()) + 1):
        inside = values[band == number]
        ends = dict.fromkeys(f"{end:.12g}" for end in (inside[0], inside[-1]))
        labels.append("-".join(ends))
    return Classes(band[where.ravel()].astype(np.float64), Type("choice", of=tuple(labels)))


def variables_of(product: AssembledProduct, portfolio: Portfolio) -> tuple[str, ...]:
    """Name every variable of the customer and every choice that tells policies apart."""
    return tuple(
        name
        for name in product.variables
        if name in portfolio.classes and len(np.unique(portfolio.classes[name].values)) > 1
    )


def annual_cuts(
    portfolio: Portfolio, basis: AssembledBasis, claims: Mapping[str, Floats], by: Sequence[str]
) -> tuple[Cut, ...]:
    """Cut a portfolio of annual contracts; claims: classification → [row, segment]."""
    cells = portfolio.cells
    free = expenses_of(cells, np.zeros(cells.size), basis)
    share = expenses_of(cells, portfolio.premiums, basis) - free
    found = []
    for name in by:
        grouping = portfolio.grouping((name,))
        count = cells.policies.astype(np.float64)
        size, place = len(grouping.labels), grouping.place
        rises = _added(share * count, place, size)
        found.append(
            Cut(
                by=name,
                labels=grouping.labels,
                policies=_added(count, place, size).astype(np.int64),
                premium=_added(portfolio.earned * count, place, size),
                rises=rises,
                fixed=_added(free * count, place, size) + rises,
                claims=claims[name],
            )
        )
    return tuple(found)


def computed_cuts(
    product: AssembledProduct, portfolio: Portfolio, basis: str, by: Sequence[str], more: float
) -> tuple[Cut, ...]:
    """Cut a portfolio of long-term contracts: present values by cell, without random numbers.

    more  by how much rates are higher where it is seen what cost rises by
    """
    from rating.cash_flows import Points  # noqa: PLC0415 - of long-term contracts alone
    from rating.cash_flows.project import basis_of, projected  # noqa: PLC0415 - as above

    columns = {name: column.astype(np.float64) for name, column in portfolio.cells.columns.items()}
    count = portfolio.cells.policies.astype(np.float64)
    number = np.arange(1, portfolio.cells.size + 1, dtype=np.int64)
    worth = []
    for one in (portfolio, dearer(portfolio, more)):
        points = Points(number, columns, count, one.premiums)
        parts = [
            flows.present for _, flows in projected(product, basis_of(product, basis), [points])
        ]
        present = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
        worth.append((present["pv_premiums"] * count, present["pv_net_cf"] * count, present))
    (premium, net, present), (higher, higher_net, _) = worth
    cost = premium - net
    rises = ((higher - higher_net) - cost) / more
    spent = (present["pv_expenses"] + present["pv_commissions"]) * count
    found = []
    for name in by:
        grouping = portfolio.grouping((name,))
        size, place = len(grouping.labels), grouping.place
        added = [_added(part, place, size) for part in (count, premium, rises, spent, cost - spent)]
        found.append(
            Cut(
                by=name,
                labels=grouping.labels,
                policies=added[0].astype(np.int64),
                premium=added[1],
                rises=added[2],
                fixed=added[3],
                claims=added[4][None, :],
            )
        )
    return tuple(found)


def _added(values: Floats, place: npt.NDArray[np.int64], size: int) -> Floats:
    """Add values by segment, cell after cell."""
    return np.asarray(np.bincount(place, weights=values, minlength=size), np.float64)


def _over(top: float, below: float) -> float:
    return top / below if below > 0.0 else math.inf
