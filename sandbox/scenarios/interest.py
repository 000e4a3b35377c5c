"""`{kind: interest, add: -0.5%}`: another yearly interest rate."""

from dataclasses import replace
from typing import Literal

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput
from product_factory.strict import Share
from sandbox.scenarios.change import Change
from sandbox.scenarios.shock import Shock


class Interest(Change):
    """`add` is added to the rate at which present values are taken."""

    kind: Literal["interest"]
    add: Share

    def on(self, shock: Shock, product: AssembledProduct) -> Shock:
        """Give the shock with this change. Raises BadInput for a product without interest."""
        if not product.long_term:
            text = f"{product.name} lasts a year and bears no interest to change"
            raise BadInput.one(self.at, "", text)
        if not -1.0 < self.add < 1.0:
            text = f"expected a change of less than 100%, got {self.add * 100:g}%"
            raise BadInput.one(self.place("add"), "add", text)
        return replace(shock, interest=shock.interest + self.add)
