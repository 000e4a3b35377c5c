"""Bind: product + basis + cells → what happens in a year, as arrays that price and sandbox share.

For each process of kind `collective`: the number of events of a policy, the chances of the choices
among its marks, and the distribution of each mark that is drawn. For each process of kind
`catalogue`: the events with their yearly rates, and the damage that each does to each item.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol, Self, TypeVar

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledBasis, AssembledProduct
from product_factory.declared import Mark
from product_factory.errors import At, BadInput, BadValue
from product_factory.expressions.tree import Expression, Name
from product_factory.numbers.hashing import hash64
from product_factory.process import Process
from product_factory.risk import ModelSpec, Risk, RiskCases, Shares
from product_factory.types import Type
from rating.engines.collective.cells import CellValues, RiskCells
from rating.frequencies import FREQUENCIES
from rating.payout import PayoutPlan, bind
from rating.severities import SEVERITIES, Severity

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
NUMBER, RATIO = Type("number"), Type("ratio")
ALIKE = 1e-9


class Model(Protocol):
    """A frequency or a severity, as far as both are made and told apart alike."""

    CODE: ClassVar[int]

    @classmethod
    def from_form(cls, **given: float) -> Self:
        """Return the model with these parameters; BadValue for any others."""

    def parameters(self) -> tuple[float, ...]:
        """Return what the kernels take after the code."""


Member = TypeVar("Member", bound=Model)


@dataclass(frozen=True)
class Chances:
    """A mark that is a choice: its place among the plan's marks, and the chances, cumulated."""

    mark: int
    cumulative: Floats


@dataclass(frozen=True)
class Draws:
    """A mark that is drawn from a distribution.

    mark        its place among the plan's item marks (each) or marks
    each        whether every item has one
    together    whether the items suffer in the same degree: one quantile for all
    code        [cell, item] kind of the severity, -1 where the mark is not known
    parameters  [cell, item, 3]
    most        the largest value: a ratio is at most 1, whatever its distribution says
    models      (code, *parameters) → the severity
    """

    name: str
    mark: int
    each: bool
    together: bool
    code: Integers
    parameters: Floats
    most: float
    models: Mapping[tuple[float, ...], Severity]


@dataclass(frozen=True)
class CollectiveProcess:
    """Events of a policy: how many a year, and their marks.

    event        its code in the payout plan
    stream       names its random numbers
    code, mean, second   [cell] frequency of one policy: kind, mean, and variance over mean
    """

    name: str
    event: int
    stream: int
    code: Integers
    mean: Floats
    second: Floats
    chances: tuple[Chances, ...]
    draws: tuple[Draws, ...]


@dataclass(frozen=True)
class CatalogueProcess:
    """Events of a catalogue, drawn for the whole portfolio.

    rates      [event] a year
    place      [cell] which place of `intensity`;  intensity: [event, place] in the mark's unit
    damage     [cell, item, 2] threshold and half-damage intensity; NaN where nothing is damaged
    mark       place of the damage among the plan's item marks
    intensity_mark  place of the intensity among the plan's marks, -1 for none
    """

    name: str
    event: int
    stream: int
    names: tuple[str, ...]
    rates: Floats
    place: Integers
    intensity: Floats
    damage: Floats
    mark: int
    intensity_mark: int
    chances: tuple[Chances, ...]


@dataclass(frozen=True)
class AnnualModel:
    """Everything that happens in a year to the policies of the cells, and how it is paid."""

    product: AssembledProduct
    basis: AssembledBasis
    cells: RiskCells
    payout: PayoutPlan
    collective: tuple[CollectiveProcess, ...]
    catalogue: tuple[CatalogueProcess, ...]


def annual_model(product: AssembledProduct, basis: AssembledBasis, cells: RiskCells) -> AnnualModel:
    """Bind a year. Raises BadInput at what is not known, no probability, or of the wrong kind."""
    payout = bind(product, basis)
    values = CellValues(cells)
    collective: list[CollectiveProcess] = []
    catalogue: list[CatalogueProcess] = []
    for alias, process in product.processes.items():
        reader = _Reader(product, basis, cells, payout, values, alias, process)
        if process.kind == "collective":
            collective += reader.collective()
        elif process.kind == "catalogue":
            catalogue.append(reader.catalogue())
        else:
            text = f"the collective engine reads events of a year, and '{alias}' is {process.kind}"
            raise BadInput.one(process.at, "kind", text)
    return AnnualModel(product, basis, cells, payout, tuple(collective), tuple(catalogue))


@dataclass(frozen=True)
class _Reader:
    product: AssembledProduct
    basis: AssembledBasis
    cells: RiskCells
    payout: PayoutPlan
    values: CellValues
    alias: str
    process: Process

    def path(self, key: str) -> str:
        return f"{self.basis.name}.risk.{self.alias}.{key}"

    def risk(self, key: str) -> Risk:
        return self.basis.risk[self.alias][key]

    def spec(self, key: str, kinds: Mapping[str, object] | str) -> ModelSpec:
        risk = self.risk(key)
        known = (kinds,) if isinstance(kinds, str) else tuple(kinds)
        if not isinstance(risk, ModelSpec) or risk.kind not in known:
            expected = " or ".join(known)
            at = getattr(risk, "at", self.basis.at)
            raise BadInput.one(at, self.path(key), f"expected a distribution of kind {expected}")
        return risk

    def collective(self) -> list[CollectiveProcess]:
        found: list[CollectiveProcess] = []
        for event in self.process.events:
            spec = self.spec(event, FREQUENCIES)
            given = {
                name: self.values.value(_one(value), NUMBER) for name, value in spec.parameters
            }
            code, parameters, _ = self._members(FREQUENCIES, spec, given, event, -1, 2)
            name = f"{self.alias}.{event}"
            found.append(
                CollectiveProcess(
                    name=name,
                    event=self.payout.events.index(name),
                    stream=stream_of(name),
                    code=code,
                    mean=parameters[:, 0],
                    second=parameters[:, 1],
                    chances=self._chances(),
                    draws=self._draws(),
                )
            )
        return found

    def _members(
        self,
        family: Mapping[str, type[Member]],
        spec: ModelSpec,
        given: Mapping[str, Floats],
        key: str,
        item: int,
        width: int,
    ) -> tuple[Integers, Floats, dict[tuple[float, ...], Member]]:
        """Give the family member of each cell: code, parameters, and the members by both."""
        code = np.full(self.cells.size, -1, dtype=np.int64)
        parameters = np.full((self.cells.size, width), np.nan)
        made: dict[tuple[float, ...], Member] = {}
        for cell in range(self.cells.size):
            if item >= 0 and not self.cells.present[cell, item]:
                continue
            values = tuple(float(column[cell]) for column in given.values())
            if values not in made:
                try:
                    given_here = dict(zip(given, values, strict=True))
                    made[values] = family[spec.kind].from_form(**given_here)
                except BadValue as error:
                    text = f"{error} at {self.cells.shown(cell)}"
                    raise BadInput.one(spec.at, self.path(key), text) from None
            code[cell], parameters[cell] = made[values].CODE, made[values].parameters()
        by_code = {(float(one.CODE), *one.parameters()): one for one in made.values()}
        return code, parameters, by_code

    def _chances(self) -> tuple[Chances, ...]:
        found: list[Chances] = []
        for name, mark in self.process.marks.items():
            if mark.type not in ("choice", "yes_no") or mark.computed is not None:
                continue
            risk = self.risk(name)
            if not isinstance(risk, Shares):
                at = getattr(risk, "at", self.basis.at)
                raise BadInput.one(
                    at, self.path(name), "expected shares such as {accidental: 100%}"
                )
            shares = np.zeros(len(mark.of))
            for choice, expression in risk.shares:
                if choice not in mark.of:
                    text = f"expected one of {', '.join(mark.of)}, got {choice}"
                    raise BadInput.one(expression.at, self.path(name), text)
                value = self.values.value(expression, RATIO)
                if (value != value[0]).any():
                    text = "expected shares that are the same for every risk"
                    raise BadInput.one(expression.at, self.path(name), text)
                shares[mark.of.index(choice)] = value[0]
            if abs(float(shares.sum()) - 1.0) > ALIKE or (shares < 0.0).any():
                text = f"expected shares that add up to 100%, got {shares.sum() * 100:g}%"
                raise BadInput.one(risk.at, self.path(name), text)
            found.append(Chances(self.payout.marks.index(name), np.cumsum(shares)))
        return tuple(found)

    def _draws(self) -> tuple[Draws, ...]:
        found: list[Draws] = []
        for name, mark in self.process.marks.items():
            if mark.type in ("choice", "yes_no", "date") or mark.computed is not None:
                continue
            found.append(self._drawn(name, mark))
        return tuple(found)

    def _drawn(self, name: str, mark: Mark) -> Draws:
        each = mark.each == "item"
        items = range(len(self.product.items)) if each else (-1,)
        code = np.full((self.cells.size, len(items)), -1, dtype=np.int64)
        parameters = np.full((self.cells.size, len(items), 3), np.nan)
        models: dict[tuple[float, ...], Severity] = {}
        for place, item in enumerate(items):
            for mask, spec in self._cases(self.risk(name), item, name):
                given = {n: self.values.value(_one(v), NUMBER, item) for n, v in spec.parameters}
                if spec.kind not in SEVERITIES:
                    text = f"expected a severity such as lognormal, got {spec.kind}"
                    raise BadInput.one(spec.at, self.path(name), text)
                kind, values, members = self._members(SEVERITIES, spec, given, name, item, 3)
                models |= members
                code[mask, place] = kind[mask]
                parameters[mask, place] = values[mask]
        names = self.payout.item_marks if each else self.payout.marks
        most = 1.0 if mark.type == "ratio" else np.inf
        together = self._together(name)
        return Draws(name, names.index(name), each, together, code, parameters, most, models)

    def _cases(
        self, risk: Risk, item: int, key: str
    ) -> list[tuple[npt.NDArray[np.bool_], ModelSpec]]:
        """Give for each distribution the cells that it holds for."""
        left = np.ones(self.cells.size, dtype=bool)
        if isinstance(risk, ModelSpec):
            return [(left, risk)]
        if not isinstance(risk, RiskCases):
            at = getattr(risk, "at", self.basis.at)
            raise BadInput.one(
                at, self.path(key), "expected a distribution such as {kind: beta, …}"
            )
        found: list[tuple[npt.NDArray[np.bool_], ModelSpec]] = []
        for conditions, inner in risk.lines:
            fits = left & self.values.holds(conditions, item)
            left = left & ~fits
            found += [(fits & mask, spec) for mask, spec in self._cases(inner, item, key)]
        if risk.otherwise is not None:
            found += [(left & mask, spec) for mask, spec in self._cases(risk.otherwise, item, key)]
        return found

    def _together(self, mark: str) -> bool:
        """Tell whether one quantile serves all items: `together: {damage: same_quantile}`."""
        together = self.basis.risk[self.alias].get("together")
        if not isinstance(together, Shares):
            return False
        for name, value in together.shares:
            if name == mark:
                word = value.name if isinstance(value, Name) else ""
                if word not in ("same_quantile", "independent"):
                    text = "expected same_quantile or independent"
                    raise BadInput.one(value.at, self.path("together"), text)
                return word == "same_quantile"
        return False

    def catalogue(self) -> CatalogueProcess:
        # the wind field is compiled, and products without a catalogue do not wait for that
        from rating.engines.collective.catalogue import read_catalogue  # noqa: PLC0415

        (event,) = self.process.events
        name = f"{self.alias}.{event}"
        found = read_catalogue(self.product, self.cells, self.values, self)
        return CatalogueProcess(
            name=name,
            event=self.payout.events.index(name),
            stream=stream_of(name),
            chances=self._chances(),
            **found,
        )


def _one(value: Expression | tuple[Expression, ...]) -> Expression:
    if isinstance(value, tuple):
        raise BadInput.one(value[0].at if value else At(""), "", "expected one value, got a list")
    return value


def stream_of(name: str) -> int:
    """Give the 32-bit number that names a process among random numbers."""
    return hash64(f"process {name}") & 0xFFFFFFFF
