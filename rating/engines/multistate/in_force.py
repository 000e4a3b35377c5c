"""A model of contracts in force: as it stands on the day on which some of their years are over.

Time 0 is that day. A contract whose first k policy years are over has at time t what it has at time
k + t from its issue: the rates of its policy year and attained age, amounts, premiums due, periods
that it has waited. It is known to be in force, in the first state, where clocks have run on and
nothing has happened yet, and to have paid every premium that fell due before. Of what falls due on
the very day nothing is paid yet.

What a basis states by time is of the day, not of the issue: the first year of its interest, of the
growth of its expenses and of its inflation is the year to come.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadInput
from rating.engines.multistate.assumed import shared
from rating.engines.multistate.grid import ELAPSED
from rating.engines.multistate.model import Begun, Model, Payment, Way
from rating.engines.multistate.placed import from_step

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def in_force(model: Model) -> Model:
    """Give a model from its day on; the same where its cells say of no year that it is over.

    Raises BadInput naming a cell of which no year is left.
    """
    elapsed = model.cells.elapsed
    if elapsed is None:
        return model
    first, lasts = elapsed * model.per_year, model.within.sum(axis=1).astype(np.int64)
    left = lasts - first
    if (left <= 0).any():
        cell = int(np.argmin(left))
        years = -(-int(lasts[cell]) // model.per_year)
        shown = model.cells.shown(model.product, cell)
        text = f"expected less than {years}, the policy years of the contract, at {shown}"
        raise BadInput.one(model.product.product.at, ELAPSED, text)
    steps = -(-int(left.max()) // model.per_year) * model.per_year
    return _Later(model, first, min(steps, model.steps)).model()


@dataclass(frozen=True)
class _Later:
    """Moves the arrays of a model; first: [cell] the step that becomes the first of so many."""

    was: Model
    first: Integers
    steps: int

    def model(self) -> Model:
        was, assumed = self.was, self.was.assumed
        spent = {kind: self._moved(amount) for kind, amount in assumed.spent.items()}
        spent["claim"] = spent["claim"] * self._worth
        later = replace(
            assumed,
            within=self._moved(assumed.within),
            due=self._moved(assumed.due),
            by_situation=shared(
                [
                    {event: self._moved(rate) for event, rate in rates.items()}
                    for rates in assumed.by_situation
                ]
            ),
            loading=self._moved(assumed.loading),
            spent=spent,
            begun=self.first,
        )
        flows = (
            replace(flow, amount=from_step(flow.amount, self.first, self.steps + 1))
            for flow in was.flows
        )
        runs = (
            replace(one, amount=self._moved(one.amount), bound=self._moved(one.bound))
            for one in was.running
        )
        return replace(
            was,
            assumed=later,
            ways=tuple(map(self._way, was.ways)),
            flows=tuple(flows),
            running=tuple(one.times(self._worth) for one in runs),
            begun=Begun(self._state(), self._paid()),
        )

    def _moved(self, values: Floats) -> Floats:
        return from_step(values, self.first, self.steps)

    @property
    def _worth(self) -> Floats:
        """What is paid at a step's start is worth at its end, over what it was: [cell, step]."""
        brought = self.was.assumed.brought
        if brought is None:
            return np.ones((len(self.first), self.steps))
        old = self._moved(np.broadcast_to(brought, self.was.within.shape))
        found = np.ones_like(old)
        return np.divide(brought[None, : self.steps], old, out=found, where=old != 0.0)

    def _way(self, way: Way) -> Way:
        act = way.event in self.was.assumed.acts
        return replace(
            way,
            holds=None if way.holds is None else self._moved(way.holds),
            payments=tuple(self._payment(one, act=act) for one in way.payments),
        )

    def _payment(self, one: Payment, *, act: bool) -> Payment:
        worth = 1.0 if act else self._worth
        each = None if one.each is None else self._moved(one.each) * worth
        return replace(one, amount=self._moved(one.amount) * worth, each=each)

    def _state(self) -> Integers:
        """Give the state in which nothing has happened since the issue: [cell]."""
        state, onward = np.zeros(len(self.first), np.int64), np.array(self.was.onward, np.int64)
        for step in range(int(self.first.max())):
            state = np.where(step < self.first, onward[state], state)
        return state

    def _paid(self) -> Floats:
        """Give how many premiums have fallen due before: [cell]."""
        before = np.arange(self.was.steps)[None, :] < self.first[:, None]
        return np.asarray((self.was.due * before).sum(axis=1), np.float64)


__all__ = ["in_force"]
