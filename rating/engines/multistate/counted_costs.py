"""The collective engine on the grid: cells × policy years, each year up to the end of each step."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledBasis, AssembledProduct
from product_factory.errors import BadInput
from product_factory.yearly import counted, of_a_year
from rating.engines.collective.annual import AnnualModel, annual_model
from rating.engines.collective.by_cover import cover_costs, part_of_a_year
from rating.engines.collective.cells import RiskCells
from rating.engines.collective.change import UNCHANGED, Change, changed, inflated
from rating.engines.collective.sequence import MANY_YEARS
from rating.engines.collective.terms import credits_waiting
from rating.engines.multistate.grid import Cells

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Costs = tuple[tuple[str, Floats, Floats], ...]
"""Column, what it pays for a step, by how much that may be off: [cell, step]."""
KEPT = 16
"""Costs that a product remembers: bases that differ in interest alone expect the same claims."""


def counted_costs(
    product: AssembledProduct,
    basis: AssembledBasis,
    cells: Cells,
    term: Floats,
    per_year: int,
    change: Change = UNCHANGED,
) -> Costs:
    """Compute what each cover is expected to pay for each step of a contract in force.

    term  [cell] years. Years that are over on the day that is time 0 cost nothing more.
    """
    basis = inflated(basis, change.inflation)
    risk = tuple((alias, basis.risk.get(alias)) for alias in counted(product))
    risks = tuple((name, column.tobytes()) for name, column in sorted(cells.columns.items()))
    over = b"" if cells.elapsed is None else cells.elapsed.tobytes()
    brought = tuple((alias, basis.experience.get(alias)) for alias in counted(product))
    stated = (risk, basis.inflation, brought, basis.leaves_out)
    key = (stated, risks, over, term.tobytes(), per_year, change.told)
    known: list[tuple[object, Costs]] = product.derive("costs of what is counted", list)
    for asked, costs in known:
        if asked == key:
            return costs
    found = _costs(product, basis, cells, term, per_year, change)
    known.append((key, found))
    del known[:-KEPT]
    return found


def year_cells(
    product: AssembledProduct,
    given: Cells,
    cell: Integers,
    year: Integers,
    policies: Integers,
    keys: npt.NDArray[np.uint64],
) -> RiskCells:
    """Give a row of risks for each policy year of a cell: cell, year, policies, keys are [row]."""
    columns = given.columns
    missing = [name for name in product.variables if name not in columns]
    if missing:
        text = f"'{missing[0]}' is not known to the collective engine here"
        raise BadInput.one(product.product.at, "", text)
    nothing = np.zeros((len(cell), max(1, len(product.items))), np.int64)
    risks = {name: columns[name][cell] for name in product.variables}
    rows = RiskCells(product, policies, risks, {}, nothing, keys, year.astype(np.float64))
    return rows if given.elapsed is None else replace(rows, elapsed=given.elapsed[cell])


def years_of(term: Floats, elapsed: Integers | None = None) -> tuple[Integers, Integers]:
    """List every policy year of every cell that is to come: the cell, and the year, of each row.

    term     [cell] years;  elapsed: [cell] how many of them are over; None: none
    """
    over = np.zeros(len(term), np.int64) if elapsed is None else elapsed
    years = np.maximum(np.ceil(term).astype(np.int64) - over, 0)
    cell = np.repeat(np.arange(len(term)), years)
    year = np.arange(len(cell)) - np.repeat(np.cumsum(years) - years, years) + 1
    return cell, year + over[cell]


def model_of_years(
    product: AssembledProduct,
    basis: AssembledBasis,
    cells: RiskCells,
    per_year: int,
    change: Change = UNCHANGED,
) -> AnnualModel:
    """Bind policy years. Raises BadInput where a step of a part of a year cannot be priced."""
    if product.items:
        text = "expected no items: what is counted by the year beside a life is of no item"
        raise BadInput.one(product.product.place("items"), "items", text)
    model = changed(annual_model(product, inflated(basis, change.inflation), cells), change)
    if per_year > 1:
        for cover in of_a_year(product).covers.values():
            if credits_waiting(model, cover):
                text = (
                    f"'{cover.alias}' credits a waiting period within a policy year, which steps "
                    f"of a year price; write grid: {{step: year}}, or leave out "
                    f"'{cover.alias}.waits' with a reason"
                )
                raise BadInput.one(basis.at, f"{basis.name}.leaves_out", text)
    return model


def _costs(
    product: AssembledProduct,
    basis: AssembledBasis,
    given: Cells,
    term: Floats,
    per_year: int,
    change: Change,
) -> Costs:
    cell, year = years_of(term, given.elapsed)
    rows = np.ones(len(cell), np.int64)
    nobody = np.zeros(len(cell), np.uint64)
    cells = year_cells(product, given, cell, year, rows, nobody)
    # the basis has its inflation already
    model = model_of_years(product, basis, cells, per_year, replace(change, inflation=0.0))
    steps = int(np.ceil(term).max()) * per_year
    found: dict[str, tuple[Floats, Floats]] = {}
    before: dict[str, tuple[Floats, Floats]] = {}
    for part in range(1, per_year + 1):
        share = part / per_year
        seen = model if part == per_year else part_of_a_year(model, share)
        costs = cover_costs(seen, MANY_YEARS)
        for place, name in enumerate(costs.names):
            nothing = (np.zeros((len(term), steps)), np.zeros((len(term), steps)))
            value, bound = found.setdefault(name, nothing)
            now, off = costs.value[:, place], costs.bound[:, place]
            was, was_off = before.get(name, (np.zeros_like(now), np.zeros_like(off)))
            at = (cell, (year - 1) * per_year + part - 1)
            value[at], bound[at] = now - was, off + was_off
            before[name] = (now, off)
    return tuple((name, value, bound) for name, (value, bound) in found.items())
