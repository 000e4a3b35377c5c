"""Anti-selection: customers go where they are cheap, and the loss ratio drifts with the mix.

A segment whose tariff is low for its cost, beside the portfolio's, is cheap beside rivals who
charge what a risk costs. With an elasticity e, each year a segment's number of policies is
multiplied by (r / R) ** -e, where r is its tariff over technical premium and R that of the whole
portfolio; the total stays. A tariff that is in proportion to cost does not drift, whatever its
level.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadInput
from sandbox.adequacy.asked import Selection
from sandbox.adequacy.segments import Cut
from sandbox.measures.jackknife import jackknife
from sandbox.measures.measured import Z95

Floats = npt.NDArray[np.float64]
GROUPS = 50
"""The rows are left out in so many groups, to find the error."""


@dataclass(frozen=True)
class Drift:
    """What becomes of the mix, [year + 1, segment] shares of policies, and of the loss ratio.

    loss_ratio, error   [year + 1], the first as it is now;  change: [year + 1, 3] of the loss ratio
            since now, with its 95% interval
    """

    cut: Cut
    asked: Selection
    mix: Floats
    loss_ratio: Floats
    error: Floats
    change: Floats


def drift(cut: Cut, asked: Selection, target: float) -> Drift:
    """Follow the mix; errors by a jackknife that leaves out each group of rows in turn.

    The rows that say which segment is cheap also say what it costs, so that a segment that happened
    to cost much seems cheap and grows: the jackknife takes that bias off (Quenouille 1956).
    Raises BadInput for a segment that cost nothing, whose price nothing can be said of.
    """
    technical = cut.technical(target)
    if not (technical > 0.0).all():
        label = cut.labels[int(np.argmin(technical))]
        text = f"'{label}' of '{cut.by}' has no cost in {len(cut.claims):,} rows"
        raise BadInput.one(asked.place("by"), "by", f"{text}: its price cannot be told; take more")
    mix, ratio = _path(cut, asked, target, cut.claims.mean(axis=0))
    rows = len(cut.claims)
    groups = min(GROUPS, rows)
    moved = ratio - ratio[0]
    error, spread = np.zeros(len(ratio)), np.zeros(len(ratio))
    if groups > 1:
        edges = np.linspace(0, rows, groups + 1).astype(np.int64)
        total = cut.claims.sum(axis=0)
        left = []
        for first, last in pairwise(edges.tolist()):
            mean = (total - cut.claims[first:last].sum(axis=0)) / (rows - (last - first))
            left.append(_path(cut, asked, target, mean)[1])
        without = np.array(left)
        error = jackknife(without)
        away = without - without[:, :1]
        spread = jackknife(away)
        moved = groups * moved - (groups - 1) * away.mean(axis=0)
    change = np.column_stack([moved, moved - Z95 * spread, moved + Z95 * spread])
    return Drift(cut, asked, mix, ratio[0] + moved, error, change)


def _path(cut: Cut, asked: Selection, target: float, claims: Floats) -> tuple[Floats, Floats]:
    """Give the shares of policies and the loss ratio of each year."""
    one = Cut(cut.by, cut.labels, cut.policies, cut.premium, cut.rises, cut.fixed, claims[None, :])
    technical = one.technical(target)
    free = np.full(len(technical), np.inf)  # what costs nothing is left by all at once
    dear = np.divide(cut.premium, technical, out=free, where=technical > 0.0)
    policies = cut.policies.astype(np.float64)
    grown = np.ones(len(policies))
    mix, ratio = [], []
    for _ in range(asked.years + 1):
        mix.append(grown * policies / (grown * policies).sum())
        ratio.append(float((grown * claims).sum() / (grown * cut.premium).sum()))
        cost = (grown * technical).sum()
        if cost > 0.0:
            whole = (grown * cut.premium).sum() / cost
            grown = grown * (dear / whole) ** -asked.elasticity
        grown = grown * (policies.sum() / (grown * policies).sum())
    return np.array(mix), np.array(ratio)
