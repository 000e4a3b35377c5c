"""`{kind: severity, event: water_damage.occurrence, times: 110%}`: larger or smaller losses."""

from dataclasses import replace
from typing import ClassVar, Literal

from product_factory.assembled import AssembledProduct
from product_factory.strict import Plain
from sandbox.scenarios.change import EventChange, events_of, multiplies
from sandbox.scenarios.shock import Shock


class Severity(EventChange):
    """Each drawn severity is multiplied (a share of a value up to 100%), before any term applies.

    For a catalogue it is the intensity that is multiplied: the wind, not the damage. Without
    `event`, all collective processes are meant.
    """

    KINDS: ClassVar[tuple[str, ...]] = ("collective", "catalogue")

    kind: Literal["severity"]
    times: Plain

    def on(self, shock: Shock, product: AssembledProduct) -> Shock:
        """Give the shock with this change. Raises BadInput for an event that does not fit."""
        changed, scope = dict(shock.severity), self.scope(product)
        times = multiplies(self, self.times, scope)
        known = events_of(product)
        kinds = self.KINDS if self.event or self.cover else self.KINDS[:1]
        for event in self.events(product, kinds):
            if known[event] == "catalogue":
                self.of_storms(event, scope)
            changed[event] = (*changed.get(event, ()), times)
        return replace(shock, severity=changed)
