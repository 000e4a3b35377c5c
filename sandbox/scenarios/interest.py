"""`{kind: interest, add: -0.5%}`: another yearly interest rate, or a path of it by policy year."""

from dataclasses import replace
from typing import Literal

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput
from product_factory.strict import Share
from sandbox.scenarios.change import Timed, adds
from sandbox.scenarios.shock import Shock


class Interest(Timed):
    """`add` is added to the rate at which present values are taken."""

    kind: Literal["interest"]
    add: Share

    def absent(self, product: AssembledProduct) -> bool:
        """Tell whether a product has no interest."""
        return not product.long_term

    def on(self, shock: Shock, product: AssembledProduct) -> Shock:
        """Give the shock with this change. Raises BadInput for a product without interest."""
        if not product.long_term:
            text = f"{product.name} lasts a year and bears no interest to change"
            raise BadInput.one(self.at, "", text)
        one = adds(self, self.add, self.scope(product))
        return replace(shock, interest=(*shock.interest, one))
