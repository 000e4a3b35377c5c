"""One assumption moved at a time, down and up, on the same reserve."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from product_factory.assembled import AssembledProduct
from rating.encode import encode_one, readers
from rating.engines.multistate.grid import Cells
from rating.engines.multistate.model import Model
from rating.plan import bind
from rating.profit import RISK_DISCOUNT, Insured, Profit, estimated, profit_tested, reserves
from rating.quote import quote
from sandbox.portfolio.generate import generate
from sandbox.simulate.cohort import CohortShock, RateShock, shocked

Change = Callable[[Model, float], Model]


@dataclass(frozen=True)
class Moved:
    """An assumption with what its lower and higher value do to the NPV of a policy sold."""

    name: str
    low: str
    high: str
    npv_low: float
    npv_high: float

    @property
    def swing(self) -> float:
        """How far the NPV moves between the two."""
        return abs(self.npv_high - self.npv_low)


@dataclass(frozen=True)
class ProfitTable:
    """A profit test and its sensitivities, the widest first.

    no_lapse  NPV where nobody surrenders
    """

    base: Profit
    moved: tuple[Moved, ...]
    no_lapse: float
    risk_discount: float

    @property
    def lapse_supported(self) -> bool:
        """Whether the product earns nothing unless policyholders leave."""
        return self.no_lapse < 0.0 <= self.base.test.npv


def _rates(kind: str) -> Change:
    """Multiply the rates of events of a kind: death, illness, recovery or lapse."""

    def change(model: Model, times: float) -> Model:
        named = [event for event in model.rates if nature_of(model, event) == kind]
        return shocked(model, CohortShock({event: RateShock(times) for event in named}))

    return change


def nature_of(model: Model, event: str) -> str:
    """Tell what an event is to a shock: lapse, mortality, incidence or recovery."""
    if event in model.assumed.acts:
        return "lapse"
    process = model.product.processes[event.partition(".")[0]]
    declared = process.events[event.partition(".")[2]]
    if process.kind == "decrement" or declared.kills:
        return "mortality"
    states = [*process.states]
    back = declared.to is not None and states.index(declared.to) < min(
        states.index(state) for state in declared.leaves
    )
    return "recovery" if back else "incidence"


def _interest(model: Model, add: float) -> Model:
    return shocked(model, CohortShock(interest_add=add))


def _expenses(model: Model, times: float) -> Model:
    spent = {
        name: amount if name == "premium" else amount * times
        for name, amount in model.assumed.spent.items()
    }
    return replace(model, assumed=replace(model.assumed, spent=spent))


MOVES: Mapping[str, tuple[Change, tuple[str, float], tuple[str, float]]] = {
    "mortality": (_rates("mortality"), ("-15%", 0.85), ("+15%", 1.15)),
    "incidence": (_rates("incidence"), ("-20%", 0.80), ("+20%", 1.20)),
    "recovery": (_rates("recovery"), ("-20%", 0.80), ("+20%", 1.20)),
    "lapse": (_rates("lapse"), ("-40%", 0.60), ("+40%", 1.40)),
    "expenses": (_expenses, ("-10%", 0.90), ("+10%", 1.10)),
    "interest": (_interest, ("-0.5%", -0.005), ("+0.5%", 0.005)),
}
"""What is moved and how far: shocks of C-ROSS II, rule 5; the rate's are those of rule 10.
Recovery, which leads to an earlier state of its process, as in Solvency II, article 156."""


def profit_of(
    product: AssembledProduct,
    insured: Insured,
    *,
    risk_discount: float = RISK_DISCOUNT,
    reserve_on: str = "pricing",
) -> ProfitTable:
    """Test the profit of what is sold. Raises BadInput for a basis that is not there."""
    model = estimated(product, insured)
    held = reserves(product, insured, reserve_on)

    def worth(at: Model) -> float:
        return profit_tested(at, insured, held, risk_discount).test.npv

    moved = []
    for name, (change, low, high) in MOVES.items():
        below, above = worth(change(model, low[1])), worth(change(model, high[1]))
        moved.append(Moved(name, low[0], high[0], below, above))
    moved = [one for one in moved if one.swing > 0.0]
    base = profit_tested(model, insured, held, risk_discount)
    return ProfitTable(
        base=base,
        moved=tuple(sorted(moved, key=lambda one: (-one.swing, one.name))),
        no_lapse=worth(_rates("lapse")(model, 0.0)),
        risk_discount=risk_discount,
    )


def insured(product: AssembledProduct, given: Mapping[str, object]) -> Insured:
    """Give one model point, or where nothing is given the product's own portfolio."""
    if not given:
        own = generate(product)
        return Insured(own.risks, own.cells.policies.astype(np.float64), own.premiums)
    premium = quote(bind(product), given).premium
    risk = encode_one(readers(product), given)
    cells = Cells({name: risk.columns[name] for name in product.variables})
    return Insured(cells, np.ones(1), np.array([premium]))
