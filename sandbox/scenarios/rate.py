"""`{kind: rate, event: mortality.death, times: 115%}`: yearly rates of death, illness or lapse."""

from dataclasses import replace
from typing import ClassVar, Literal

from product_factory.assembled import RATED, AssembledProduct
from product_factory.strict import Plain, Share
from sandbox.scenarios.change import EventChange, multiplies
from sandbox.scenarios.shock import RateChange, Shock


class Rate(EventChange):
    """A yearly rate becomes rate × times + add, or `at_least`.

    It stays within 0 … 1.
    """

    KINDS: ClassVar[tuple[str, ...]] = tuple(RATED)

    kind: Literal["rate"]
    times: Plain = 1.0
    add: Share = 0.0
    at_least: Share = 0.0

    def on(self, shock: Shock, product: AssembledProduct) -> Shock:
        """Give the shock with this change. Raises BadInput for an event that does not fit."""
        events = self.events(product, self.KINDS)
        changed, scope = dict(shock.rates), self.scope(product)
        multiplies(self, self.times, scope)
        one = RateChange(self.times, self.add, self.at_least, scope)
        for event in events:
            changed[event] = (*changed.get(event, ()), one)
        return replace(shock, rates=changed)
