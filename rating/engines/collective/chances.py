"""The chances of the choices among an event's marks, and what each mark depends on."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from product_factory.declared import Mark
from product_factory.errors import BadInput
from product_factory.expressions.bind import Binder
from product_factory.expressions.program import Builder
from product_factory.expressions.tree import Conditions, Expression
from product_factory.risk import ModelSpec, Risk, RiskCases, Shares
from product_factory.types import Type
from rating.engines.collective.cells import CellValues, RiskCells
from rating.engines.collective.happens import Given
from rating.payout.computed import DRAWN_TYPES

if TYPE_CHECKING:
    from rating.engines.collective.reader import Reader

Floats = npt.NDArray[np.float64]
RATIO = Type("ratio")
ALIKE = 1e-9
"""How far the sum of chances may lie from 1: rounding of the parts."""


@dataclass(frozen=True)
class GivenChoices:
    """The choices that a mark depends on.

    names  name → type, in the order drawn;  marks: their places in the plan, with their sizes
    """

    cells: RiskCells
    names: Mapping[str, Type]
    marks: Given

    @property
    def size(self) -> int:
        """How many combinations of choices there are."""
        found = 1
        for _, size in self.marks:
            found *= size
        return found

    def each(self) -> Iterator[CellValues]:
        """Give for each combination, the last choice fastest, what evaluates with it known."""
        for places in itertools.product(*(range(size) for _, size in self.marks)):
            known = zip(self.names.items(), places, strict=True)
            yield CellValues(
                self.cells, {name: (kind, float(place)) for (name, kind), place in known}
            )


def given_of(reader: "Reader", name: str, risk: Risk) -> GivenChoices:
    """Find the choices above a mark on which what a basis says of it depends."""
    marks = reader.process.marks
    above = itertools.takewhile(lambda known: known != name, marks)
    kinds = {known: marks[known].declared for known in above if marks[known].type in DRAWN_TYPES}
    scope = CellValues(reader.cells, {known: (kind, 0.0) for known, kind in kinds.items()}).scope
    builder = Builder()
    binder = Binder(builder)
    for part in _parts(risk):
        if isinstance(part, Conditions):
            binder.conditions(part, scope)
        else:
            binder.value(part, scope, RATIO)
    read = {entry.name for entry in builder.inputs}
    names = {known: kind for known, kind in kinds.items() if known in read}
    places = ((reader.payout.marks.index(known), len(marks[known].choices)) for known in names)
    return GivenChoices(reader.cells, names, tuple(places))


def _parts(risk: Risk) -> Iterator[Conditions | Expression]:
    """List the conditions and chances; parameters of a distribution read no marks."""
    if isinstance(risk, RiskCases):
        for conditions, inner in risk.lines:
            yield conditions
            yield from _parts(inner)
        if risk.otherwise is not None:
            yield from _parts(risk.otherwise)
    elif isinstance(risk, Shares):
        yield from (share for _, share in risk.shares)
    elif not isinstance(risk, ModelSpec):
        yield risk


def shares_of(reader: "Reader", name: str, mark: Mark, values: CellValues) -> Floats:
    """Give the chance of each choice of a mark: [cell, choice].

    Raises BadInput where they are no chances, or do not add up to 100%.
    """
    risk = reader.risk(name)
    shares = np.zeros((reader.cells.size, len(mark.choices)))
    left = np.ones(reader.cells.size, dtype=bool)
    _fill(reader, name, mark, values, risk, left, shares)
    wrong = (np.abs(shares.sum(axis=1) - 1.0) > ALIKE) | (shares < 0.0).any(axis=1)
    if wrong.any():
        cell = int(np.argmax(wrong))
        at = getattr(risk, "at", reader.basis.at)
        told = " and ".join(f"{share * 100:g}%" for share in shares[cell])
        text = f"expected chances of 0% or more that add up to 100%, got {told}"
        raise BadInput.one(at, reader.path(name), f"{text} at {reader.cells.shown(cell)}")
    return shares


def _fill(
    reader: "Reader",
    name: str,
    mark: Mark,
    values: CellValues,
    risk: Risk,
    mask: npt.NDArray[np.bool_],
    shares: Floats,
) -> None:
    if isinstance(risk, RiskCases):
        left = mask
        for conditions, inner in risk.lines:
            fits = left & values.holds(conditions)
            left = left & ~fits
            _fill(reader, name, mark, values, inner, fits, shares)
        if risk.otherwise is not None:
            _fill(reader, name, mark, values, risk.otherwise, left, shares)
    elif isinstance(risk, Shares):
        for choice, share in risk.shares:
            if choice not in mark.choices:
                text = f"expected one of {', '.join(mark.choices)}, got {choice}"
                raise BadInput.one(share.at, reader.path(name), text)
            shares[mask, mark.choices.index(choice)] = values.value(share, RATIO)[mask]
    elif mark.type == "yes_no" and not isinstance(risk, ModelSpec):
        chance = values.value(risk, RATIO)[mask]
        shares[mask, 0], shares[mask, 1] = 1.0 - chance, chance
    else:
        text = "expected shares such as {accidental: 100%}"
        raise BadInput.one(getattr(risk, "at", reader.basis.at), reader.path(name), text)
