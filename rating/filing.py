"""Filing tables: premium rates, and each value that is filed, one row a cell and policy year."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct
from product_factory.csv_text import lines_of
from product_factory.errors import At, BadInput
from product_factory.expressions.operations import ITEM
from product_factory.expressions.run import run
from product_factory.numbers.rounding import round_array
from product_factory.types import NUMERIC, read_literal, typed
from product_factory.valued import Valued, valued
from rating.cell_decisions import decide
from rating.domain import cells as accepted_cells
from rating.engines.multistate.amount import CASH_VALUE
from rating.engines.multistate.grid import Cells
from rating.plan import RatingPlan, bind
from rating.profit import Insured, reserves
from rating.steps import Round
from rating.steps.technical import Technical
from rating.values import Columns, Valuing, columns_of

Floats = npt.NDArray[np.float64]
CENTS = 100
CASH = "现金价值表 Cash values at the end of the policy year"
TITLES = {
    "modified_reserve": "修正准备金表 Modified reserves at the end of the policy year",
    "net_level": "均衡净保费准备金表 Net level reserves at the end of the policy year",
    "gross_premium": "毛保费准备金表 Gross premium reserves at the end of the policy year",
    "full_preliminary_term": "一年期完全修正准备金表 Full preliminary term reserves",
    "zillmer": "齐尔默准备金表 Zillmer reserves at the end of the policy year",
    "retrospective": "追溯法准备金表 Retrospective reserves at the end of the policy year",
    "statutory": "法定准备金表 Statutory reserves at the end of the policy year",
    "paid_up": "减额交清保险金额表 Paid-up sums insured at the end of the policy year",
    "extended_term": "展期保险表 Extended term at the end of the policy year",
    "in_state": "给付状态准备金表 Reserves in a state at the end of the policy year",
    "policy_loan": "保单贷款限额表 Largest policy loans at the end of the policy year",
}
"""Kinds of values that are filed: all but those that are no multiple of the sum insured."""
FACTOR = "系数 factor"
"""The unit of a number that has none."""
PREMIUMS, RESERVE = "premiums", "reserve"
"""The tables that are filed whatever a product declares, but for the reserve of one that does."""
TENFOLD, ROUNDINGS, ALIKE = 10.0, 3.0, 1e-9
"""A premium that is proportional is ten times as much for ten times the sum insured, but for so
many roundings, and for the last digits."""
TIMES = {"_years": "年 years", "_days": "天 days"}
"""How the columns of times end, and their units."""


@dataclass(frozen=True)
class FilingTable:
    """A table as it is filed.

    name, title, unit, note  what it holds;  columns, rows: texts, numbers as they are filed
    numbers                  the columns that hold numbers, each with its unit, empty for a key;
                             every other column holds words, whatever they look like
    """

    name: str
    title: str
    unit: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: Mapping[str, str] = field(default_factory=dict)

    def csv(self) -> str:
        """Write the table as CSV with its heading as comments."""
        head = [f"# title: {self.title}", f"# unit: {self.unit}", f"# {self.note}"]
        return "\n".join(head) + "\n" + lines_of([self.columns, *self.rows]).decode()


def filing_tables(product: AssembledProduct) -> tuple[FilingTable, ...]:
    """Make the tables of a long-term product, per the sum insured of its technical step.

    Raises BadInput for a product that an engine of life does not price, and for one two of whose
    tables have one name.
    """
    step = filed_step(product)
    if step is None:
        text = "filing tables are of a product whose rates the multistate engine builds"
        raise BadInput.one(product.product.at, "rating", text)
    apart(_named(product))
    return tuple(_Filed(product, step).tables())


def filed_step(product: AssembledProduct) -> Technical | None:
    """Give the step whose rates are filed; None for a product that no engine of life prices."""
    if not product.long_term:
        return None
    return next((s for s in product.files["rating"] if isinstance(s, Technical)), None)


class _Filed:
    """The cells of a product's rate table, with the values that are filed for each."""

    def __init__(self, product: AssembledProduct, step: Technical) -> None:
        plan = bind(product)
        self.product = product
        self.step = step
        self.names = (*step.axes, *_further(plan, step))
        axes = accepted_cells(product, self.names)
        size = len(next(iter(axes.values())))
        fixed = {
            name: np.full(size, read_literal(text, product.variables[name].type))
            for name, text in step.reference.items()
        }
        self.axes = axes
        self.cells = Cells({**axes, **fixed, "sum_insured": np.full(size, step.per)})
        self.premiums = _premiums(plan, self.cells)
        self.decided = decide(plan, axes, size)
        self.of_a_sum = "per" in step.model_fields_set
        larger = self.cells.columns["sum_insured"] * TENFOLD
        self.tenfold = _premiums(plan, Cells({**self.cells.columns, "sum_insured": larger}))
        units = [float(one.step.unit) for one in plan.values if isinstance(one.step, Round)]
        self.unit = max(units, default=0.0)

    def tables(self) -> Iterator[FilingTable]:
        product, step = self.product, self.step
        note = (
            f"version: {product.product.version}, on: {product.on}, basis: {step.basis}, "
            f"digest: {product.digest}"
        )
        if any(c.module.pays is not None and c.module.pays.lives for c in product.covers.values()):
            note += "; cash values hold what falls due that day, reserves do not"
        unit = product.product.currency
        unit += f" per {step.per:g} sum insured" if self.of_a_sum else " 每份保单 per policy"
        labels = [self._labels(axis) for axis in self.names]
        size = self.cells.size
        keys = [tuple(label[cell] for label in labels) for cell in range(size)]
        title = product.title.zh + " "
        rates = round_array(self.premiums, 1, CENTS)
        decided, declined = self.decided, self.decided.declined
        rows = [
            (*keys[cell], "" if declined[cell] else f"{rates[cell]:.2f}", *decided.row(cell))
            for cell in np.flatnonzero(decided.sold & np.isfinite(rates)).tolist()
        ]
        columns = (*self.names, "premium", *decided.columns)
        said = f"{title}费率表 Premium rates"
        told = "; ".join((note, *self._proportional(), *decided.note()))
        numbers = {**self._keys(), "premium": unit}
        yield FilingTable(PREMIUMS, said, unit, told, columns, tuple(rows), numbers)
        valuing = Valuing(product, self.cells, self.premiums)
        for one in _filed(product):
            said = CASH if one.name == CASH_VALUE else TITLES[one.declared.kind]
            told = f"{note}, values: {one.declared.kind} on {one.declared.basis or CASH_VALUE}"
            yield self._by_year(one.name, title + said, unit, told, keys, columns_of(valuing, one))
        if _holds_none(product):
            held = reserves(product, Insured(self.cells, np.ones(size), self.premiums), step.basis)
            within = np.where(valuing.within, held[:, 1:], np.nan)
            yield self._by_year(
                RESERVE, f"{title}{TITLES['net_level']}", unit, note, keys, {RESERVE: within}
            )

    def _proportional(self) -> Iterator[str]:
        """Say so where a premium is no multiple of its sum insured, as with a fee for a policy."""
        apart = np.abs(self.tenfold - TENFOLD * self.premiums)
        most = TENFOLD * ROUNDINGS * self.unit + ALIKE * np.abs(self.tenfold)
        if self.of_a_sum and (apart > most).any():
            of = f"those of a sum insured of {self.step.per:g} stand here"
            yield f"保费与保额不成正比 premiums are not proportional to the sum insured: {of}"

    def _by_year(
        self,
        name: str,
        title: str,
        unit: str,
        note: str,
        keys: list[tuple[str, ...]],
        values: Columns,
    ) -> FilingTable:
        """Lay figures out, a row a cell and policy year; a year that has none has no row."""
        rounded = {column: round_array(found, 1, CENTS) for column, found in values.items()}
        first = next(iter(values.values()))
        rows = [
            (*key, str(year + 1), *(_written(n, found[cell, year]) for n, found in rounded.items()))
            for cell, key in enumerate(keys)
            for year in np.flatnonzero(np.isfinite(first[cell])).tolist()
        ]
        columns = (*self.names, "policy_year", *values)
        numbers = {**self._keys(), "policy_year": ""} | {one: _unit(one, unit) for one in values}
        told = units_told({one: numbers[one] for one in values})
        return FilingTable(name, title, told, note, columns, tuple(rows), numbers)

    def _keys(self) -> dict[str, str]:
        """Name the axes that are numbers."""
        known = self.product.variables
        return {axis: "" for axis in self.names if known[axis].type.kind in NUMERIC}

    def _labels(self, axis: str) -> list[str]:
        kind = self.product.variables[axis].type
        column = self.axes[axis]
        if kind.chosen:
            return [kind.of[int(place)] for place in column]
        if kind.kind == "yes_no":
            return [typed(value, kind) for value in column]
        return [f"{value:g}" for value in column]


def apart(named: Iterable[tuple[str, str, At]]) -> None:
    """Refuse a table whose file would be another's, whatever the case of letters.

    named  of each table its name, what it is, and where it is declared
    """
    taken: dict[str, str] = {}
    for name, what, at in named:
        if other := taken.get(name.casefold()):
            text = f"expected another name than that of {other}, got '{name}'"
            raise BadInput.one(at, name, text)
        taken[name.casefold()] = what


def _filed(product: AssembledProduct) -> list[Valued]:
    """List the values that are filed."""
    return [one for one in valued(product).values() if one.declared.kind in TITLES]


def _holds_none(product: AssembledProduct) -> bool:
    """Tell whether a product declares no reserve, so that its net level one is filed."""
    filed = _filed(product)
    return all(one.name == CASH_VALUE or one.declared.family != RESERVE for one in filed)


def _named(product: AssembledProduct) -> Iterator[tuple[str, str, At]]:
    """Name every table of a product of life: those of all such products come first."""
    for name in (PREMIUMS, RESERVE) if _holds_none(product) else (PREMIUMS,):
        yield name, f"the table '{name}' that is filed of every product of life", product.product.at
    for step in product.files["rating"]:
        if isinstance(step, Technical):
            yield step.name, f"the built table '{step.name}'", step.place("name")
    for value in _filed(product):
        yield value.name, f"the values '{value.name}'", value.declared.at


def units_told(units: Mapping[str, str]) -> str:
    """Write the units of columns: one where they share it, else each behind its column."""
    alike = set(units.values())
    return alike.pop() if len(alike) == 1 else "; ".join(f"{n}: {u}" for n, u in units.items())


def _unit(name: str, money: str) -> str:
    """Give the unit of a figure: a time, or money per the sum insured."""
    return next((TIMES[end] for end in TIMES if name.endswith(end)), money)


def _written(name: str, value: float) -> str:
    """Write a figure: times whole, money to the cent."""
    return f"{value:.0f}" if name.endswith(tuple(TIMES)) else f"{value:.2f}"


def _further(plan: RatingPlan, step: Technical) -> list[str]:
    """List what the premium reads beside the axes of its rate, such as an occupation.

    Raises BadInput for what has no list of values, and no value of the step that is filed.
    """
    below = plan.program.below(plan.premium.register)
    read = [one for place, one in enumerate(plan.program.inputs) if place in below]
    known = {*step.axes, *step.reference, "sum_insured"}
    for one in read:
        if one.level == ITEM:
            text = f"the premium reads '{one.name}' of items, whose premiums are not filed by cell"
            raise BadInput.one(step.place("axes"), step.name, text)
        if one.name not in known:
            try:
                plan.readers.policy[one.name].values()
            except BadInput:
                text = (
                    f"the premium reads '{one.name}' too, which has no list of values; say at "
                    f"which one tables are filed, at: {{{one.name}: …}}"
                )
                raise BadInput.one(step.place("axes"), step.name, text) from None
    names = {one.name for one in read} - known
    return [name for name in plan.product.variables if name in names]


def _premiums(plan: RatingPlan, cells: Cells) -> Floats:
    """Charge the tariff's premium, before bounds on the sum insured are looked at."""
    unread = {one.name: np.full(cells.size, np.nan) for one in plan.program.inputs}
    found = run(plan.program, unread | dict(cells.columns))[plan.premium.register]
    return np.broadcast_to(found, (cells.size,)).astype(np.float64)
