"""`{kind: premium, times: 95%}`: what policies pay, for the same risks and promises."""

from dataclasses import replace
from typing import Literal

from product_factory.assembled import AssembledProduct
from product_factory.strict import Plain
from sandbox.scenarios.change import Segmented, multiplies
from sandbox.scenarios.shock import Shock


class Premium(Segmented):
    """The premium of each policy is multiplied, in all its years: the rate is another.

    What depends on the premium moves with it: commissions, and amounts that read it.
    """

    kind: Literal["premium"]
    times: Plain

    def on(self, shock: Shock, product: AssembledProduct) -> Shock:
        """Give the shock with this change. Raises BadInput for what is no fact of the policy."""
        one = multiplies(self, self.times, self.scope(product), nothing=False)
        return replace(shock, premium=(*shock.premium, one))
