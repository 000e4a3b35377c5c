"""`{kind: frequency, event: fire.occurrence, times: 120%}`: more or fewer events."""

from dataclasses import replace
from typing import Literal

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput
from product_factory.strict import Plain
from sandbox.scenarios.change import EventChange, once
from sandbox.scenarios.shock import Shock

KINDS = ("collective", "catalogue")


class Frequency(EventChange):
    """The mean number of events a year is multiplied; without `event`, of collective processes.

    Counts are found by inversion of the same uniform numbers, so that more never become fewer.
    """

    kind: Literal["frequency"]
    times: Plain

    def on(self, shock: Shock, product: AssembledProduct) -> Shock:
        """Give the shock with this change. Raises BadInput for an event that does not fit."""
        if not self.times > 0.0:
            text = f"expected more than 0%, got {self.times * 100:g}%"
            raise BadInput.one(self.place("times"), "times", text)
        changed = dict(shock.frequency)
        for event in self.events(product, KINDS if self.event else KINDS[:1]):
            once(changed, event, self.place("event"))
            changed[event] = self.times
        return replace(shock, frequency=changed)
