"""`{kind: frequency, event: fire.occurrence, times: 120%}`: more or fewer events."""

from dataclasses import replace
from typing import ClassVar, Literal

from product_factory.assembled import AssembledProduct
from product_factory.strict import Plain
from sandbox.scenarios.change import EventChange, events_of, multiplies
from sandbox.scenarios.shock import Shock


class Frequency(EventChange):
    """The mean number of events a year is multiplied; without `event`, of collective processes.

    Counts are found by inversion of the same uniform numbers, so that more never become fewer.
    """

    KINDS: ClassVar[tuple[str, ...]] = ("collective", "catalogue")

    kind: Literal["frequency"]
    times: Plain

    def on(self, shock: Shock, product: AssembledProduct) -> Shock:
        """Give the shock with this change. Raises BadInput for an event that does not fit."""
        changed, scope = dict(shock.frequency), self.scope(product)
        times = multiplies(self, self.times, scope, nothing=False)
        known = events_of(product)
        kinds = self.KINDS if self.event or self.cover else self.KINDS[:1]
        for event in self.events(product, kinds):
            if known[event] == "catalogue":
                self.of_storms(event, scope)
            changed[event] = (*changed.get(event, ()), times)
        return replace(shock, frequency=changed)
