"""Reserve in a state: what is owed to those who are in it at a policy year's end, since so long.

V = benefits to come from there, whatever states follow, less the net premiums that fall due to them
again. The net premium is the level one of the basis, and never above what is charged. What falls
due that day is still to be paid. None where the contract is younger than the stay.
Source: Dickson, Hardy and Waters, Actuarial Mathematics for Life Contingent Risks, chapter 8
(policy values of multiple state models, Thiele).
"""

import numpy as np

from product_factory.clocks import Clocks
from product_factory.clocks import clocks as clocks_of
from product_factory.errors import BadInput
from product_factory.states import state_graph
from product_factory.valued import Valued
from rating.engines.multistate.backward import backward
from rating.engines.multistate.value import net_premium
from rating.values.valuing import Columns, Valuing


def columns(valuing: Valuing, one: Valued) -> Columns:
    """Give the reserve at the end of each policy year. Raises BadInput for a broken step."""
    declared, product = one.declared, valuing.product
    assert declared.basis is not None  # noqa: S101 - its kind needs one
    assert declared.during is not None  # noqa: S101 - its kind needs one
    model = valuing.model(declared.basis)
    clocks = clocks_of(product, product.bases[declared.basis], state_graph(product))
    steps = valuing.number(one, "since")[:, 0] * model.per_year
    if not (steps == np.floor(steps)).all() or (steps < 0.0).any():
        text = f"expected whole steps of a {model.basis.grid.step} of the basis '{declared.basis}'"
        raise BadInput.one(declared.place("since"), f"{one.path}.since", text)
    net = np.minimum(net_premium(model), valuing.premium)
    kept = _places(clocks, declared.during)
    found = backward(model, np.repeat(net[:, None], model.steps, axis=1), kept=(*kept.values(),))
    place = np.array([[*kept].index(min(int(n), max(kept))) for n in steps])
    worth = found.kept[place, np.arange(len(steps))]
    worth = valuing.yearly(worth, model.per_year)
    young = valuing.gone[None, :] * model.per_year < steps[:, None]
    return {one.name: np.where(young, np.nan, worth)}


def _places(clocks: Clocks, during: str) -> dict[int, int]:
    """Give steps in a state → place of the model's state, of those whose premiums are paid."""
    process, _, name = during.partition(".")
    number = [*clocks.graph.moving].index(process)
    state = clocks.graph.moving[process].index(name)
    found: dict[int, int] = {}
    for place, cell in enumerate(clocks.cells):
        living = clocks.graph.living[cell.state]
        plain = not any(living.paid) and not any(living.reduced) and not any(cell.left)
        others = living.stays[:number] + living.stays[number + 1 :]
        if living.stays[number] == state and plain and not living.waived and not any(others):
            found.setdefault(cell.since[number], place)
    return found
