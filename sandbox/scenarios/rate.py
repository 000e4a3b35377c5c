"""`{kind: rate, event: mortality.death, times: 115%}`: yearly rates of death, illness or lapse."""

from dataclasses import replace
from typing import Literal

from product_factory.assembled import RATED, AssembledProduct
from product_factory.errors import BadInput
from product_factory.strict import Plain, Share
from sandbox.open_change import FOR_EVER, Years
from sandbox.scenarios.change import EventChange, once
from sandbox.scenarios.shock import Shock
from sandbox.simulate.cohort import RateShock


class Rate(EventChange):
    """A yearly rate becomes rate × times + add, or `at_least`, in the policy years named.

    It stays within 0 … 1.
    """

    kind: Literal["rate"]
    times: Plain = 1.0
    add: Share = 0.0
    at_least: Share = 0.0
    policy_year: Years | None = None

    def on(self, shock: Shock, product: AssembledProduct) -> Shock:
        """Give the shock with this change. Raises BadInput for an event that does not fit."""
        if self.times < 0.0:
            text = f"expected 0% or more, got {self.times * 100:g}%"
            raise BadInput.one(self.place("times"), "times", text)
        first, last = 1, FOR_EVER
        if self.policy_year is not None:
            first, last = self.policy_year.at_least, self.policy_year.at_most
        if not 1 <= first <= last:
            text = f"expected policy years from 1 on, in order, got {first} to {last}"
            raise BadInput.one(self.place("policy_year"), "policy_year", text)
        changed = dict(shock.rates)
        for event in self.events(product, RATED):
            once(changed, event, self.place("event"))
            changed[event] = RateShock(self.times, self.add, first, last, self.at_least)
        return replace(shock, rates=changed)
