"""Build: technical steps → the rate tables that stand beside the product and are filed.

A table carries the digest of what it was built from and the version of its engine; a stale one is
an error wherever it is read.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput, either, nearest
from product_factory.numbers.rounding import round_array
from product_factory.types import YES_NO, Type, read_literal, typed
from rating.domain import cells as accepted_cells
from rating.engines.collective.payments import expected_payments
from rating.engines.multistate.grid import Cells, once
from rating.engines.multistate.model import Model
from rating.engines.multistate.unknowns import bound
from rating.engines.multistate.value import gross_premium, net_premium, net_single_premium
from rating.engines.versions import engine_label
from rating.steps.technical import AT_TARGET, Technical
from rating.target import premium_at_target

Floats = npt.NDArray[np.float64]
MONEY = Type("money")
DECIMALS, MONEY_DECIMALS, BOUND_DECIMALS = 6, 2, 4
COLLECTIVE = ("expected_payments",)
PROPORTIONAL = 1e-9
INSTEAD = "say 'at: {sum_insured: …}', or make it an axis"
MULTISTATE: dict[str, Callable[[Model], Floats]] = {
    "net_premium": net_premium,
    "net_single_premium": net_single_premium,
    "gross_premium": gross_premium,
}


@dataclass(frozen=True)
class Filed:
    """A column of a rate table, rounded to the decimals that are filed."""

    name: str
    values: Floats
    type: str
    decimals: int

    @classmethod
    def of(cls, name: str, values: Floats, kind: str, decimals: int) -> "Filed":
        """Round half up."""
        return cls(name, round_array(values, 1, 10**decimals), kind, decimals)


@dataclass(frozen=True)
class BuiltTable:
    """A rate table that was just built: its step's name, its text, the number of rows."""

    name: str
    text: str
    rows: int


def build(product: AssembledProduct) -> tuple[BuiltTable, ...]:
    """Build every rate table of a product. Raises BadInput where an engine cannot price a cell."""
    steps = [step for step in product.files["rating"] if isinstance(step, Technical)]
    return tuple(_table(product, step) for step in steps)


def stale(product: AssembledProduct) -> tuple[str, ...]:
    """Build again and name the tables whose text differs from what stands beside the product."""
    found = []
    for table in build(product):
        path = product.composed.filed / f"{table.name}.csv"
        if not path.is_file() or path.read_text(encoding="utf-8") != table.text:
            found.append(table.name)
    return tuple(found)


def _table(product: AssembledProduct, step: Technical) -> BuiltTable:
    figures = COLLECTIVE if step.engine == "collective" else (*MULTISTATE, AT_TARGET)
    if step.gives not in figures:
        hint = nearest(step.gives, figures)
        text = f"expected {either(figures)}, got {step.gives}{hint}"
        raise BadInput.one(step.place("gives"), "gives", text)
    columns = accepted_cells(product, step.axes)
    filed = _costs if step.engine == "collective" else _premiums
    what, values = filed(product, step, columns)
    lines = [
        f"# title: {product.title.en}, {what}",
        f"# source: built by the {step.engine} engine on the basis {step.basis}",
        "# status: built",
        f"# columns: {_header(product, step, values)}",
        f"# inputs: {product.inputs}",
        f"# engine: {engine_label(step.engine)}",
        ",".join((*step.axes, *(value.name for value in values))),
    ]
    labels = [_labels(product, axis, columns[axis]) for axis in step.axes]
    for row in range(len(values[0].values)):
        cells = [f"{value.values[row]:.{value.decimals}f}" for value in values]
        lines.append(",".join((*(label[row] for label in labels), *cells)))
    return BuiltTable(step.name, "\n".join(lines) + "\n", len(values[0].values))


def _premiums(
    product: AssembledProduct, step: Technical, columns: Mapping[str, Floats]
) -> tuple[str, list[Filed]]:
    per = f"per {step.per:g} sum insured" if "per" in step.model_fields_set else "of a policy"
    what = f"{step.gives.replace('_', ' ')} {per}"
    return what, [Filed.of(step.name, _rates(product, step, columns), "number", DECIMALS)]


def _costs(
    product: AssembledProduct, step: Technical, columns: Mapping[str, Floats]
) -> tuple[str, list[Filed]]:
    basis = product.bases[step.basis]
    known = {**columns, **_fixed(product, step, len(next(iter(columns.values()))))}
    payments = expected_payments(product, basis, known)
    cost = Filed.of(step.name, payments.value, "money", MONEY_DECIMALS)
    bound = Filed.of("bound", payments.bound, "money", BOUND_DECIMALS)
    return "expected payments of all covers a year", [cost, bound]


def _fixed(product: AssembledProduct, step: Technical, size: int) -> dict[str, Floats]:
    """Give the variables that are no axes, as the step states them."""
    return {
        name: np.full(size, read_literal(text, product.variables[name].type))
        for name, text in step.reference.items()
    }


def _rates(product: AssembledProduct, step: Technical, columns: Mapping[str, Floats]) -> Floats:
    """Compute the figure for every cell, and hold that it is proportional to the sum insured."""
    size = len(next(iter(columns.values())))
    fixed = _fixed(product, step, size)
    if "sum_insured" in {**columns, **fixed}:
        cells = Cells({**columns, **fixed})
        whole = _figure(product, step, cells)
        if "per" not in step.model_fields_set:
            return whole
        return whole * (step.per / once(product, cells, "sum_insured", MONEY))
    if "sum_insured" not in product.variables and "per" not in step.model_fields_set:
        return _figure(product, step, Cells({**columns, **fixed}))
    rates = []
    for multiple in (1.0, 2.0):
        insured = {"sum_insured": np.full(size, step.per * multiple)}
        rates.append(_figure(product, step, Cells({**columns, **fixed, **insured})))
    apart = np.abs(rates[1] - 2.0 * rates[0]) > PROPORTIONAL * np.abs(rates[1])
    if apart.any():
        cell = Cells(columns).shown(product, int(np.argmax(apart)))
        needs = "needs benefits in proportion to the sum insured"
        text = f"a rate per {step.per:g} {needs}, not so at {cell}; {INSTEAD}"
        raise BadInput.one(step.place("per"), "per", text)
    return rates[0]


def _figure(product: AssembledProduct, step: Technical, cells: Cells) -> Floats:
    """Compute the figure. Raises BadInput naming a cell where it is no premium."""
    if step.gives == AT_TARGET:
        found = premium_at_target(product, step, cells)
    else:
        found = MULTISTATE[step.gives](bound(product, product.bases[step.basis], cells))
    bad = ~(np.isfinite(found) & (found >= 0.0))
    if bad.any():
        cell = int(np.argmax(bad))
        text = f"expected 0 or more, got {found[cell]:.6g} at {cells.shown(product, cell)}"
        raise BadInput.one(step.place("gives"), f"{step.name}.{step.gives}", text)
    return found


def _header(product: AssembledProduct, step: Technical, values: Sequence[Filed]) -> str:
    keys = []
    for axis in step.axes:
        kind = product.variables[axis].type
        words = kind.of if kind.chosen else tuple(YES_NO) if kind.kind == "yes_no" else ()
        written = f", of: [{', '.join(words)}]" if words else f", type: {kind.kind}"
        keys.append(f"{axis}: {{key: exact{written}}}")
    keys += [f"{one.name}: {{type: {one.type}, decimals: {one.decimals}}}" for one in values]
    return "{" + ", ".join(keys) + "}"


def _labels(product: AssembledProduct, axis: str, column: Floats) -> list[str]:
    kind = product.variables[axis].type
    if kind.chosen:
        return [kind.of[int(place)] for place in column]
    if kind.kind == "yes_no":
        return [typed(value, kind) for value in column]
    return [f"{value:g}" for value in column]
