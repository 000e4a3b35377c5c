"""`{kind: inflation, add: 2%}`: what the events of a year cost grows faster, year after year."""

from dataclasses import replace
from typing import Literal

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput
from product_factory.strict import Share
from product_factory.yearly import counted
from sandbox.scenarios.change import Timed, adds
from sandbox.scenarios.shock import Shock


class Inflation(Timed):
    """`add` is added to the inflation of losses in every policy year from the second on."""

    kind: Literal["inflation"]
    add: Share

    def absent(self, product: AssembledProduct) -> bool:
        """Tell whether a product has no inflation."""
        return not (product.long_term and counted(product))

    def on(self, shock: Shock, product: AssembledProduct) -> Shock:
        """Give the shock with this change. Raises BadInput for a product without inflation."""
        if not product.long_term:
            text = f"{product.name} lasts a year, in which nothing grows; expected 'severity'"
            raise BadInput.one(self.at, "", text)
        if not counted(product):
            text = f"{product.name} has no events that are counted by the year beside a life"
            raise BadInput.one(self.at, "", text)
        one = adds(self, self.add, self.scope(product))
        return replace(shock, inflation=(*shock.inflation, one))
