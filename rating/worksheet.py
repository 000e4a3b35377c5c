"""How a premium came about: every step's value, its formula, and the cell or law behind it.

The lines are made from the registers that priced the risk, so they cannot differ from it.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np

from product_factory.assembled import AssembledProduct
from product_factory.brought import all_brought
from product_factory.errors import At
from product_factory.expressions.operations import ITEM
from product_factory.expressions.program import Corner
from product_factory.numbers.rounding import round_half_up
from product_factory.tables import Table
from product_factory.types import Type
from rating.formula import conditions_written, written
from rating.missing import cells_below
from rating.plan import RatingPlan
from rating.quote import Quotation
from rating.steps import BoundStep, Compute, Round, Technical, Total
from rating.steps.decision import Decision

MODES = {"half_up": "half up", "half_even": "half to even", "up": "up", "down": "down"}


@dataclass(frozen=True)
class WorksheetLine:
    """One value: the step, the item where it is of items, how it came about and from where.

    cover    the cover that the step belongs to, or empty
    value    as the machine holds it; of a choice, the choice
    text     the value as a person writes it
    how      the formula, with names
    working  the same with values, or empty where there is nothing to add
    sources  `file:line` of what was read, with keys, or with the law it comes from
    """

    step: str
    item: str
    cover: str
    value: float | str
    text: str
    how: str
    working: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Worksheet:
    """A quotation explained. The last line's value is the premium.

    times, annualised  how many such premiums fall due in a year, and what they add up to
    """

    title: str
    product: str
    on: str
    given: tuple[tuple[str, str], ...]
    outcome: str
    times: int
    annualised: float
    decisions: tuple[tuple[str, str, str, str], ...]
    lines: tuple[WorksheetLine, ...]

    def as_dict(self) -> dict[str, object]:
        """Give the whole as plain values for JSON."""
        return asdict(self)


def worksheet(plan: RatingPlan, quotation: Quotation, language: str = "en") -> Worksheet:
    """Explain a quotation of this plan. language: zh or en, of titles and what decisions say."""
    maker = _Maker(plan, quotation)
    product = plan.product.product
    return Worksheet(
        title=getattr(product.title, language),
        product=f"{product.product} {product.version}",
        on=plan.product.on.isoformat(),
        given=tuple(maker.given()),
        outcome=quotation.outcome,
        times=quotation.times,
        annualised=round_half_up(quotation.annualised, 1.0, 100.0),
        decisions=tuple(
            (
                decided.outcome,
                decided.name,
                getattr(decided.says, language),
                maker.when(decided.name),
            )
            for decided in quotation.decisions
        ),
        lines=tuple(line for step in plan.values for line in maker.lines(step)),
    )


class _Maker:
    """Reads the registers of one quotation."""

    def __init__(self, plan: RatingPlan, quotation: Quotation) -> None:
        self.plan = plan
        self.quotation = quotation
        self.stops = frozenset(step.register for step in plan.values)
        self.steps = {step.name: step for step in plan.values}

    def given(self) -> Iterator[tuple[str, str]]:
        columns = self.quotation.risk.columns
        for name, reader in self.plan.readers.policy.items():
            yield name, reader.shown(float(columns[name][0]))
        for place, item in enumerate(self.quotation.items):
            for name, reader in self.plan.readers.items[item.partition(".")[0]].items():
                yield f"{item}.{name}", reader.shown(float(columns[name][place]))

    def when(self, name: str) -> str:
        step = next(step.step for step in self.plan.decisions if step.name == name)
        return conditions_written(step.when) if isinstance(step, Decision) else ""

    def lines(self, step: BoundStep) -> Iterator[WorksheetLine]:
        if step.level != ITEM:
            yield self.line(step, "", 0)
            return
        for place, item in enumerate(self.quotation.items):
            yield self.line(step, item, place)

    def line(self, step: BoundStep, item: str, place: int) -> WorksheetLine:
        value, kind = self.at(step.register, place), step.bound.type
        how, working = self.how(step, place)
        return WorksheetLine(
            step=step.name,
            item=item,
            cover=step.step.cover or "",
            value=shown(value, kind) if kind.kind == "choice" else value,
            text=self.text(step, value),
            how=how,
            working=working if working != how else "",
            sources=tuple(dict.fromkeys(self.sources(step, place))),
        )

    def at(self, register: int, place: int) -> float:
        values = self.quotation.registers[register]
        return float(values[min(place, values.size - 1)])

    def text(self, step: BoundStep, value: float) -> str:
        if isinstance(step.step, Round):
            return f"{value:.{step.step.decimals}f}"
        text = shown(value, step.bound.type)
        if step.bound.type.kind == "money":
            whole, _, cents = text.partition(".")
            return f"{whole}.{cents:0<2}"
        return text

    def how(self, step: BoundStep, place: int) -> tuple[str, str]:
        model = step.step
        if isinstance(model, Round):
            return f"{model.of} rounded {MODES[model.mode]} to {model.to}", ""
        if isinstance(model, Total):
            return f"{model.by} of {model.of}", self.summed(step, model)
        if not isinstance(model, Compute):
            return "", ""
        spelt = {operand.name: self.operand(operand.name, step, place) for operand in step.operands}
        return written(model.formula), written(model.formula, lambda name: spelt.get(name, name))

    def summed(self, step: BoundStep, model: Total) -> str:
        of = self.steps.get(model.of)
        values = self.quotation.registers[step.operands[0].register].tolist()
        parts = [self.text(of, value) if of else shown(value, step.bound.type) for value in values]
        return " + ".join(parts) if model.by == "sum" else ", ".join(parts)

    def operand(self, name: str, step: BoundStep, place: int) -> str:
        operand = next(entry for entry in step.operands if entry.name == name)
        value = self.at(operand.register, place)
        earlier = self.steps.get(name)
        return self.text(earlier, value) if earlier else shown(value, operand.bound.type)

    def sources(self, step: BoundStep, place: int) -> Iterator[str]:
        for cell in cells_below(self.plan.program, step.register, self.stops):
            name, _ = self.plan.program.cells[cell]
            line = self.plan.program.operations[cell - self._first]
            table, index = self.plan.tables[name], int(self.at(line.a, place))
            for corner in self.plan.program.spans.get(cell, ((),)):
                weight = self.weight(corner, place)
                if weight != 0.0:
                    yield _cell(table, index, corner, weight)
        product = self.plan.product
        if isinstance(step.step, Technical):
            yield from brought_by(product, step.step)
        for read in step.reads:
            if read.name in product.parameters:
                entry = product.parameters[read.name]
                yield f"{_at(entry.at)}  ({entry.name}, {entry.reference})"
            basis, _, key = read.name.partition(".")
            if basis in product.bases and key in ("interest", "loading"):
                expression = getattr(product.bases[basis], key)
                yield f"{_at(expression.at)}  ({read.name})"

    def weight(self, corner: Corner, place: int) -> float:
        """Give the share that a row has in the value between it and its neighbours."""
        weight = 1.0
        for span in corner:
            share = self.at(span.way, place) / self.at(span.width, place)
            weight *= share if span.upper else 1.0 - share
        return weight

    @property
    def _first(self) -> int:
        return len(self.plan.program.inputs) + len(self.plan.program.constants)


def brought_by(product: AssembledProduct, step: Technical) -> Iterator[str]:
    """Tell what a built rate was brought by: entries of its basis, and of that of its target."""
    target = None if step.target is None else step.target.basis
    for name in dict.fromkeys(one for one in (step.basis, target) if one in product.bases):
        of = "" if name == step.basis else f"{name}: "
        for found in all_brought(product, product.bases[str(name)]):
            said = f"{of}{found.key} x {found.factor:.6g}: {', '.join(found.parts)}"
            yield f"{_at(found.entry.at)}  ({said})"


def _at(at: At) -> str:
    return f"{at.file}:{at.line}"


def _cell(table: Table, index: int, corner: Corner, weight: float) -> str:
    """Name the row behind a cell; a step's cell that was carried on names the row it stands in.

    corner, weight  which of the rows that a value was found between, and its share
    """
    places = list(np.unravel_index(index, table.lines.shape)) if table.axes else []
    for span in corner:
        places[span.axis] += span.upper
    while table.lines[tuple(places)] == 0:
        moved = [n for n, axis in enumerate(table.axes) if axis.key == "step" and places[n] > 0]
        places[moved[-1]] -= 1
    labels = ", ".join(
        axis.labels[place] if axis.type.kind == "choice" else f"{axis.name} {axis.labels[place]}"
        for axis, place in zip(table.axes, places, strict=True)
    )
    if weight != 1.0:
        labels += f"; weight {plain(weight)}"
    line = int(table.lines[tuple(places)])
    return f"{table.file}:{line}" + (f"  ({labels})" if labels else "")


def shown(value: float, kind: Type) -> str:
    """Write a value: a choice by its name, a share in percent, else a number."""
    if kind.kind == "choice" and kind.of:
        return kind.of[int(value)]
    if kind.kind == "yes_no":
        return "yes" if value else "no"
    if kind.kind == "ratio":
        return f"{plain(value * 100)}%"
    return plain(value)


def plain(value: float) -> str:
    """Write a number with at most six decimals, none that are zero."""
    return f"{value:.6f}".rstrip("0").rstrip(".")
