"""Filing tables: premium rates, cash values and reserves, one row a cell and policy year."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct
from product_factory.coverages.scheduled import SCHEDULED
from product_factory.errors import BadInput
from product_factory.expressions.run import run
from product_factory.numbers.rounding import round_array
from product_factory.types import read_literal, typed
from rating.domain import cells as accepted_cells
from rating.engines.multistate.grid import Cells
from rating.engines.multistate.unknowns import Contract
from rating.plan import RatingPlan, bind
from rating.profit import Insured, reserves
from rating.steps.technical import Technical

Floats = npt.NDArray[np.float64]
CENTS = 100


@dataclass(frozen=True)
class FilingTable:
    """A table as it is filed.

    name, title, unit, note  what it holds;  columns, rows: texts, numbers as they are filed
    """

    name: str
    title: str
    unit: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def csv(self) -> str:
        """Write the table as CSV with its heading as comments."""
        head = [f"# title: {self.title}", f"# unit: {self.unit}", f"# {self.note}"]
        lines = [",".join(self.columns), *(",".join(row) for row in self.rows)]
        return "\n".join([*head, *lines]) + "\n"


def filing_tables(product: AssembledProduct) -> tuple[FilingTable, ...]:
    """Make the tables of a long-term product, per the sum insured of its technical step.

    Raises BadInput for a product that an engine of life does not price.
    """
    step = next((s for s in product.files["rating"] if isinstance(s, Technical)), None)
    if step is None or not product.long_term:
        text = "filing tables are of a product whose rates the multistate engine builds"
        raise BadInput.one(product.product.at, "rating", text)
    return tuple(_Filed(product, step).tables())


class _Filed:
    """The cells of a product's rate table, with the values that are filed for each."""

    def __init__(self, product: AssembledProduct, step: Technical) -> None:
        self.product = product
        self.step = step
        axes = accepted_cells(product, step.axes)
        size = len(next(iter(axes.values())))
        fixed = {
            name: np.full(size, read_literal(text, product.variables[name].type))
            for name, text in step.reference.items()
        }
        self.axes = axes
        self.cells = Cells({**axes, **fixed, "sum_insured": np.full(size, step.per)})
        self.premiums = _premiums(bind(product), self.cells)

    def tables(self) -> Iterator[FilingTable]:
        product, step = self.product, self.step
        note = (
            f"version: {product.product.version}, on: {product.on}, basis: {step.basis}, "
            f"digest: {product.digest}"
        )
        if any(cover.module.kind == SCHEDULED.name for cover in product.covers.values()):
            note += "; cash values hold what falls due that day, reserves do not"
        unit = f"{product.product.currency} per {step.per:g} sum insured"
        labels = [self._labels(axis) for axis in step.axes]
        size = self.cells.size
        keys = [tuple(label[cell] for label in labels) for cell in range(size)]
        title = product.title.zh + " "
        rates = round_array(self.premiums, 1, CENTS)
        rows = [(*key, f"{rate:.2f}") for key, rate in zip(keys, rates, strict=True)]
        columns = (*step.axes, "premium")
        yield FilingTable(
            "premiums", f"{title}费率表 Premium rates", unit, note, columns, tuple(rows)
        )
        contract = Contract(product, self.cells)
        if "cash_value" in product.product.values:
            values = contract.values_at_premium(self.premiums)
            terms = contract.of_values.assumed.grid.term
            yield self._by_year(
                "cash_values",
                f"{title}现金价值表 Cash values at year end",
                unit,
                note,
                keys,
                values,
                terms,
            )
        held = reserves(product, Insured(self.cells, np.ones(size), self.premiums), step.basis)
        terms = (held.shape[1] - 1) * np.ones(size)
        if "cash_value" in product.product.values:
            terms = contract.of_values.assumed.grid.term
        yield self._by_year(
            "reserves",
            f"{title}准备金表 Reserves at year end",
            unit,
            note,
            keys,
            held[:, 1:],
            terms,
        )

    def _by_year(
        self,
        name: str,
        title: str,
        unit: str,
        note: str,
        keys: list[tuple[str, ...]],
        values: Floats,
        terms: Floats,
    ) -> FilingTable:
        rounded = round_array(values, 1, CENTS)
        rows = [
            (*key, str(year + 1), f"{rounded[cell, year]:.2f}")
            for cell, key in enumerate(keys)
            for year in range(min(int(terms[cell]), values.shape[1]))
        ]
        columns = (*self.step.axes, "policy_year", name.removesuffix("s"))
        return FilingTable(name, title, unit, note, columns, tuple(rows))

    def _labels(self, axis: str) -> list[str]:
        kind = self.product.variables[axis].type
        column = self.axes[axis]
        if kind.chosen:
            return [kind.of[int(place)] for place in column]
        if kind.kind == "yes_no":
            return [typed(value, kind) for value in column]
        return [f"{value:g}" for value in column]


def _premiums(plan: RatingPlan, cells: Cells) -> Floats:
    """Charge the tariff's premium, before bounds on the sum insured are looked at."""
    found = run(plan.program, cells.columns)[plan.premium.register]
    return np.broadcast_to(found, (cells.size,)).astype(np.float64)
