"""`{kind: volume, times: 130%}`: more or fewer policies of the same kinds."""

from dataclasses import replace
from typing import Literal

from product_factory.assembled import AssembledProduct
from product_factory.strict import Plain
from sandbox.scenarios.change import Segmented, multiplies
from sandbox.scenarios.shock import Shock


class Volume(Segmented):
    """The number of policies is multiplied: business grows or shrinks, at the same rate.

    Policies stay whole: a cell's number goes up or down by a number of its own, right on average.
    """

    kind: Literal["volume"]
    times: Plain

    def on(self, shock: Shock, product: AssembledProduct) -> Shock:
        """Give the shock with this change. Raises BadInput for what is no fact of the policy."""
        one = multiplies(self, self.times, self.scope(product), nothing=False)
        return replace(shock, volume=(*shock.volume, one))
