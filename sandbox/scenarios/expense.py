"""`{kind: expense, times: 110%, inflation: 1%}`: the insurer's own costs."""

from dataclasses import replace
from typing import Literal

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput, either, nearest
from product_factory.strict import Plain, Share, Texts
from sandbox.scenarios.change import Placed, multiplies
from sandbox.scenarios.shock import ALONE, ExpenseChange, Shock


class Expenses(Placed):
    """Expenses are multiplied: all, or those of some kinds, the words after `per` of a basis.

    inflation  added to the yearly growth that each expense states (`grows`, else none) in each
               policy year in which it acts, from the second on; the level reached stays
    """

    kind: Literal["expense"]
    per: Texts = ()
    times: Plain = 1.0
    inflation: Share = 0.0

    def on(self, shock: Shock, product: AssembledProduct) -> Shock:
        """Give the shock with this change. Raises BadInput for a kind that is unknown."""
        for name in self.per:
            if name not in ALONE:
                text = f"expected {either(ALONE)}, got '{name}'{nearest(name, ALONE)}"
                raise BadInput.one(self.place("per"), "per", text)
        times = multiplies(self, self.times, self.scope(product))
        if not -1.0 < self.inflation < 1.0:
            text = f"expected a change of less than 100%, got {self.inflation * 100:g}%"
            raise BadInput.one(self.place("inflation"), "inflation", text)
        if self.inflation and not product.long_term:
            text = f"{product.name} lasts a year, in which nothing grows; expected no 'inflation'"
            raise BadInput.one(self.place("inflation"), "inflation", text)
        one = ExpenseChange(times, self.inflation, self.per)
        return replace(shock, expenses=(*shock.expenses, one))
