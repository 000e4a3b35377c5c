"""The premium that reaches a target on a basis of its own, such as a margin on the best estimate.

Figures, of one policy sold, with the reserve of the pricing basis and never below the cash value:
    profit_margin       NPV of the signature over the present value of premiums
    npv_over_premium    NPV of the signature over the premium of a year
    irr                 the rate at which the signature is worth nothing
    new_business_value  premiums less claims and expenses at the interest of the basis, no reserves

NPV and present values are at the target's risk discount rate. Each is a straight line in the
premium as long as no benefit reads it, and solved for cell by cell until what is left is no more
than RESIDUAL of premiums, claims and expenses together.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput, nearest
from rating.engines.multistate.grid import Cells
from rating.engines.multistate.model import OpenModel, open_model
from rating.engines.multistate.profit_test import internal_rate
from rating.engines.multistate.root import DOUBLINGS, bracketed
from rating.engines.multistate.unknowns import Contract, model_at
from rating.profit import Insured, reserves, signatures
from rating.projection import Projection, project, to_start
from rating.steps.technical import Target, Technical

Floats = npt.NDArray[np.float64]
SAME = 1e-6
"""How near the rate of return must come to the one that was asked for."""


@dataclass(frozen=True)
class Tested:
    """A profit test of every cell by itself, per policy sold: [cell], in the product's currency.

    signature  [cell, year + 1];  npv, income: of it and of premiums at the risk discount rate
    value      new business value;  scale: premiums, claims and expenses together
    """

    premium: Floats
    signature: Floats
    npv: Floats
    income: Floats
    value: Floats
    scale: Floats


@dataclass(frozen=True)
class Kind:
    """A figure: what is short of a target (below 0 where it is not reached), and the figure."""

    short: Callable[[Tested, float], Floats]
    figure: Callable[[Tested], Floats]
    share: bool = True


def _over(top: Floats, bottom: Floats) -> Floats:
    return np.divide(top, bottom, out=np.full_like(top, -np.inf), where=bottom > 0.0)


def _rates(tested: Tested) -> Floats:
    found = [internal_rate(one).rate for one in tested.signature]
    return np.array([np.nan if rate is None else rate for rate in found])


KINDS: Mapping[str, Kind] = {
    "profit_margin": Kind(
        lambda at, wanted: at.npv - wanted * at.income, lambda at: _over(at.npv, at.income)
    ),
    "npv_over_premium": Kind(
        lambda at, wanted: at.npv - wanted * at.premium, lambda at: _over(at.npv, at.premium)
    ),
    # the signature is discounted at the rate that is asked for
    "irr": Kind(lambda at, _: at.npv, _rates),
    "new_business_value": Kind(
        lambda at, wanted: at.value - wanted, lambda at: at.value, share=False
    ),
}


def premium_at_target(product: AssembledProduct, step: Technical, cells: Cells) -> Floats:
    """Solve for the yearly premium of each cell.

    Raises BadInput for a basis that is not there, and for a target that no premium reaches, naming
    the cell and the best that was reached.
    """
    target = step.target
    assert target is not None  # noqa: S101 - the step holds that it is written
    if target.basis not in product.bases:
        text = f"unknown basis '{target.basis}'{nearest(target.basis, product.bases)}"
        raise BadInput.one(target.place("basis"), f"{step.name}.target.basis", text)
    kind = KINDS[target.figure]
    tester = _Tester(product, step, target, cells)

    def short(premium: Floats) -> tuple[Floats, Floats]:
        tested = tester.test(premium)
        return kind.short(tested, target.wanted), tested.scale

    least = tester.test(np.zeros(cells.size)).scale
    one = tester.test(np.ones(cells.size))
    guess = np.maximum(least / np.maximum(one.income, 1e-3), 1e-6)
    found, none = bracketed(short, guess)
    if target.figure == "irr":
        apart = np.abs(_rates(tester.test(found)) - target.wanted)
        none = none | ~(apart <= SAME * max(1.0, abs(target.wanted)))
    if none.any():
        cell = int(np.argmax(none))
        raise BadInput.one(target.place("is"), f"{step.name}.target", tester.missed(cell, guess))
    return found


class _Tester:
    """Tests the profit of cells at any premium; what does not depend on it is bound once."""

    def __init__(
        self, product: AssembledProduct, step: Technical, target: Target, cells: Cells
    ) -> None:
        self.product, self.step, self.target, self.cells = product, step, target, cells
        self.contract = Contract(product, cells)
        self.opened: OpenModel = open_model(product, product.bases[target.basis], cells)
        priced = open_model(product, product.bases[step.basis], cells)
        valued = "cash_value" in product.product.values
        self.moves = self.contract.reads_premium(priced) or (
            valued and self.contract.reads_premium(self.contract.of_values)
        )
        self._held: Floats | None = None

    def held(self, premium: Floats) -> Floats:
        """Give the reserve, [cell, year + 1]: once for all premiums unless something reads them."""
        if self._held is not None:
            return self._held
        sold = Insured(self.cells, np.ones(self.cells.size), premium)
        found = reserves(self.product, sold, self.step.basis)
        if not self.moves:
            self._held = found
        return found

    def test(self, premium: Floats) -> Tested:
        """Test the profit of each cell at its premium."""
        model = model_at(self.contract, self.opened, premium)
        flows = project(model, premium)
        discount = self.target.wanted if self.target.figure == "irr" else self.target.discount
        signature = signatures(flows, self.held(premium), model.assumed.interest)
        spent = flows.commissions + flows.expenses
        income, out = flows.pv(flows.premiums), flows.pv(flows.all_claims, at_end=True)
        return Tested(
            premium=premium,
            signature=signature,
            npv=_worth(signature, discount),
            income=_worth(_yearly(flows, flows.premiums), discount),
            value=income - flows.pv(spent) - out,
            scale=income + flows.pv(spent) + out,
        )

    def missed(self, cell: int, guess: Floats) -> str:
        """Say what a cell reached at best, over premiums of a fraction to a million times."""
        alone = {name: column[cell : cell + 1] for name, column in self.cells.columns.items()}
        inner = _Tester(self.product, self.step, self.target, Cells(alone))
        kind = KINDS[self.target.figure]
        best, at = -np.inf, 0.0
        for doubling in range(-DOUBLINGS // 2, DOUBLINGS + 1):
            premium = guess[cell : cell + 1] * 2.0**doubling
            reached = float(kind.figure(inner.test(premium))[0])
            if reached > best:
                best, at = reached, float(premium[0])

        def said(value: float) -> str:
            return f"{value * 100:.6g}%" if kind.share else f"{value:,.2f}"

        where = self.cells.shown(self.product, cell)
        text = f"no premium reaches {self.target.figure} {said(self.target.wanted)}"
        reached_at = f"; best {said(best)}, at a premium of {at:,.2f}"
        nothing = "; at no premium is there one rate of return"
        return f"{text} on {self.target.basis} at {where}" + (
            reached_at if np.isfinite(best) else nothing
        )


def _yearly(flows: Projection, amounts: Floats) -> Floats:
    return to_start(amounts, flows.v, flows.per_year)


def _worth(amounts: Floats, rate: float) -> Floats:
    """Value at time 0 of amounts [cell, time]: Horner's rule, from the last."""
    total = np.zeros(len(amounts))
    for time in reversed(range(amounts.shape[1])):
        total = total / (1.0 + rate) + amounts[:, time]
    return total


__all__ = ["KINDS", "premium_at_target"]
