"""`{kind: severity, event: water_damage.occurrence, times: 110%}`: larger or smaller losses."""

from dataclasses import replace
from typing import Literal

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput
from product_factory.strict import Plain
from sandbox.scenarios.change import EventChange, once
from sandbox.scenarios.shock import Shock

KINDS = ("collective", "catalogue")


class Severity(EventChange):
    """Each drawn severity is multiplied (a share of a value up to 100%), before any term applies.

    For a catalogue it is the intensity that is multiplied: the wind, not the damage. Without
    `event`, all collective processes are meant.
    """

    kind: Literal["severity"]
    times: Plain

    def on(self, shock: Shock, product: AssembledProduct) -> Shock:
        """Give the shock with this change. Raises BadInput for an event that does not fit."""
        if self.times < 0.0:
            text = f"expected 0% or more, got {self.times * 100:g}%"
            raise BadInput.one(self.place("times"), "times", text)
        changed = dict(shock.severity)
        for event in self.events(product, KINDS if self.event else KINDS[:1]):
            once(changed, event, self.place("event"))
            changed[event] = self.times
        return replace(shock, severity=changed)
