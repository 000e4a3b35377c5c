"""What contracts on risk premium go by: the cash value of a policy, and the price's chances.

Both are agreed when a contract is made, so that no scenario moves them.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct
from product_factory.errors import At, BadInput, nearest
from rating.engines.multistate.model import Model
from rating.engines.multistate.moves import Transitions, transitions
from rating.engines.multistate.unknowns import between_years, bound, cash_values
from rating.engines.multistate.value import falls_due

Floats = npt.NDArray[np.float64]
Known = tuple[str, str, tuple[tuple[str, str], ...], str, int]
"""A transition on any basis: its states, its event with its marks, which of several alike."""


@dataclass(frozen=True, eq=False)
class Agreed:
    """What a contract on risk premium goes by.

    rates  [cell, step, transition] chance of a step on its basis
    worth  [step] what 1 that an event of the step pays is worth at the step's start, on that basis
    """

    rates: Floats
    worth: Floats


def values_at_steps(product: AssembledProduct, premiums: Floats, model: Model) -> Floats:
    """Give the cash value of a policy of each cell at each step's end: [cell, step].

    premiums  [cell] a year's, of one policy

    Raises BadInput where the product does not say how it is computed.
    """
    grid = model.assumed.grid
    yearly = cash_values(product, grid.cells, premiums)
    due = np.zeros((grid.cells.size, grid.steps + 1))
    due[:, :-1] = model.assumed.on_grid(falls_due(model)[:, :-1])
    return model.assumed.of_grid(between_years(yearly, grid, due))


def agreed(product: AssembledProduct, basis: str, premiums: Floats, model: Model, at: At) -> Agreed:
    """Give what is agreed on a basis for the cells of a model.

    premiums  [cell] a year's, of one policy

    Raises BadInput where the product has no basis of that name, or one of other steps, or one on
    which a contract ends earlier than it does here.
    """
    if basis not in product.bases:
        text = f"unknown basis '{basis}'{nearest(basis, product.bases)}"
        raise BadInput.one(at, "basis", text)
    try:
        priced = bound(product, product.bases[basis], model.assumed.grid.cells, premiums)
    except BadInput as error:
        raise BadInput.one(at, "basis", f"'{basis}' prices no such contracts: {error}") from None
    if priced.per_year != model.per_year:
        text = (
            f"'{basis}' has {priced.per_year} steps a year, and the run's '{model.basis.name}' "
            f"{model.per_year}; expected a 'basis' of as many"
        )
        raise BadInput.one(at, "basis", text)
    unknown = [name for name in model.states if name not in priced.states]
    if unknown:
        text = (
            f"'{basis}' knows no state '{unknown[0]}' of the run's '{model.basis.name}'; expected "
            "a 'basis' that credits the same waiting periods and gaps"
        )
        raise BadInput.one(at, "basis", text)
    here, there = (one.within.sum(axis=1).astype(np.int64) for one in (model, priced))
    if (there < here).any():
        cell = int(np.argmax(here - there))
        years = [-(-int(steps[cell]) // model.per_year) for steps in (here, there)]
        text = (
            f"'{basis}' ends a contract after {years[1]} years that lasts {years[0]} on the run's "
            f"'{model.basis.name}', at {model.cells.shown(product, cell)}; expected a 'basis' of "
            "as long a life"
        )
        raise BadInput.one(at, "basis", text)
    laid, own = transitions(priced), transitions(model)
    place = {known: row for row, known in _named(priced, laid)}
    rates = np.zeros((model.cells.size, model.steps, len(own.way)))
    for row, known in _named(model, own):
        if known in place:
            rates[:, :, row] = laid.rates[:, : model.steps, laid.rate_of[place[known]]]
    worth = np.ones(model.steps) if priced.assumed.at_start else priced.assumed.discounts
    return Agreed(rates, worth[: model.steps])


def _named(model: Model, laid: Transitions) -> Iterator[tuple[int, Known]]:
    """Name the transitions that events bring, so that another basis knows them."""
    seen = Counter[tuple[str, str, tuple[tuple[str, str], ...], str]]()
    for row, number in enumerate(laid.way.tolist()):
        if number < 0:
            continue
        way, target = model.ways[number], int(laid.target[row])
        ends = "" if target < 0 else model.states[target]
        marks = tuple(sorted(way.marks.items()))
        name = model.states[int(laid.source[row])], way.event, marks, ends
        yield row, (*name, seen[name])
        seen[name] += 1
