"""Reads what a basis says of one process: frequencies, chances, distributions of marks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledBasis, AssembledProduct
from product_factory.brought import brought
from product_factory.declared import Mark
from product_factory.errors import BadInput, BadValue
from product_factory.expressions.tree import Name
from product_factory.inflation import price_level
from product_factory.process import Process
from product_factory.risk import ModelSpec, Risk, RiskCases, Shares
from product_factory.types import Type
from rating.engines.collective.cells import CellValues, RiskCells
from rating.engines.collective.chances import given_of, shares_of
from rating.engines.collective.columns import Key, columns
from rating.engines.collective.counts import count_of
from rating.engines.collective.happens import Chances, CollectiveProcess, Draws, stream_of
from rating.engines.collective.sizes import Sizes, size_columns, size_of
from rating.frequencies import FREQUENCIES, Frequency
from rating.payout import PayoutPlan, computed_marks
from rating.payout.computed import DRAWN_TYPES
from rating.severities import Size

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
NUMBER, RATIO = Type("number"), Type("ratio")
ALIKE = 1e-9


@dataclass(frozen=True)
class Reader:
    """One process of a product under one basis, for the cells."""

    product: AssembledProduct
    basis: AssembledBasis
    cells: RiskCells
    payout: PayoutPlan
    values: CellValues
    alias: str
    process: Process

    def path(self, key: str) -> str:
        """Give the path of a key for messages."""
        return f"{self.basis.name}.risk.{self.alias}.{key}"

    def risk(self, key: str) -> Risk:
        """Give what the basis says of an event or mark."""
        return self.basis.risk[self.alias][key]

    def spec(self, key: str, kinds: Mapping[str, object] | str) -> ModelSpec:
        """Give a distribution of one of some kinds. Raises BadInput for anything else."""
        risk = self.risk(key)
        known = (kinds,) if isinstance(kinds, str) else tuple(kinds)
        if not isinstance(risk, ModelSpec) or risk.kind not in known:
            expected = " or ".join(known)
            at = getattr(risk, "at", self.basis.at)
            raise BadInput.one(at, self.path(key), f"expected a distribution of kind {expected}")
        return risk

    def collective(self, event: str) -> CollectiveProcess:
        """Read an event that is counted, of those of its process."""
        name = f"{self.alias}.{event}"
        return CollectiveProcess(
            name=name,
            event=self.payout.events.index(name),
            stream=stream_of(name),
            counts=self._counts(event),
            chances=self.chances(),
            draws=self._draws(),
        )

    def _counts(self, event: str) -> tuple[Frequency, ...]:
        """Give the frequency of each cell."""
        spec = self.spec(event, FREQUENCIES)
        given = columns(
            spec,
            FREQUENCIES,
            "a frequency such as poisson",
            lambda value: self.values.value(value, NUMBER),
            self.path(event),
        )
        made: dict[Key, Frequency] = {}
        factor = self._brought(event)
        for cell in range(self.cells.size):
            known = given.key(cell)
            if known not in made:
                try:
                    count = count_of(given, cell)
                    made[known] = count if factor == 1.0 else count.scaled(factor)
                except BadValue as error:
                    text = f"{error} at {self.cells.shown(cell)}"
                    raise BadInput.one(spec.at, self.path(event), text) from None
        return tuple(made[given.key(cell)] for cell in range(self.cells.size))

    def chances(self) -> tuple[Chances, ...]:
        """Read the chances of every mark that is a choice."""
        found: list[Chances] = []
        for name, mark in self.process.marks.items():
            if mark.type not in DRAWN_TYPES or mark.computed is not None:
                continue
            given = given_of(self, name, self.risk(name))
            rows = [shares_of(self, name, mark, values) for values in given.each()]
            place = self.payout.marks.index(name)
            found.append(Chances(place, given.marks, np.cumsum(np.stack(rows), axis=2)))
        return tuple(found)

    def _draws(self) -> tuple[Draws, ...]:
        found: list[Draws] = []
        computed = computed_marks(self.product, self.basis, self.alias)
        for name, mark in self.process.marks.items():
            if mark.type in DRAWN_TYPES or name in computed:
                continue
            if mark.type == "date":
                at = getattr(self.risk(name), "at", self.basis.at)
                raise BadInput.one(at, self.path(name), "expected a day that is computed")
            found.append(self._drawn(name, mark))
        return tuple(found)

    def _drawn(self, name: str, mark: Mark) -> Draws:
        each = mark.each == "item"
        items = range(len(self.product.items)) if each else (-1,)
        given = given_of(self, name, self.risk(name))
        code = np.full((given.size, self.cells.size, len(items)), -1, dtype=np.int64)
        parameters = np.full((*code.shape, 3), np.nan)
        sizes = Sizes()
        for number, values in enumerate(given.each()):
            for place, item in enumerate(items):
                for mask, spec in self.cases(self.risk(name), item, name, values):
                    kind, found = self._sizes(sizes, spec, values, name, item)
                    code[number, mask, place] = kind[mask]
                    parameters[number, mask, place] = found[mask]
        names = self.payout.item_marks if each else self.payout.marks
        return Draws(
            name=name,
            mark=names.index(name),
            given=given.marks,
            each=each,
            together=self._together(name),
            code=code,
            parameters=parameters,
            most=1.0 if mark.type == "ratio" else np.inf,
            factor=self._grown(mark) * self._brought(name),
            models=sizes.models,
            pieces=sizes.pieces,
        )

    def _brought(self, key: str) -> float:
        """Give what brings an event or mark from its experience to the period priced."""
        found = brought(self.product, self.basis, self.alias, key)
        return 1.0 if found is None else found.factor

    def _grown(self, mark: Mark) -> Floats:
        """Give by how much a size has grown up to the year of each cell, from the first to come."""
        if self.cells.years is None or mark.type != "money":
            return np.ones(self.cells.size)
        years = self.cells.years_to_come
        level = price_level(self.product, self.basis, int(years.max()))
        return level[years.astype(np.int64) - 1]

    def _sizes(
        self, sizes: Sizes, spec: ModelSpec, values: CellValues, key: str, item: int
    ) -> tuple[Integers, Floats]:
        """Give the severity of each cell: code and parameters, gathered in `sizes`."""
        code = np.full(self.cells.size, -1, dtype=np.int64)
        parameters = np.full((self.cells.size, 3), np.nan)
        given = size_columns(spec, lambda value: values.value(value, NUMBER, item), self.path(key))
        made: dict[Key, tuple[float, ...]] = {}
        for cell in range(self.cells.size):
            if item >= 0 and not self.cells.present[cell, item]:
                continue
            known = given.key(cell)
            if known not in made:
                try:
                    size = size_of(given, cell)
                except BadValue as error:
                    text = f"{error} at {self.cells.shown(cell)}"
                    raise BadInput.one(spec.at, self.path(key), text) from None
                self._with_means((size,), spec, key)
                made[known] = sizes.add(size)
            code[cell], parameters[cell] = int(made[known][0]), made[known][1:]
        return code, parameters

    def _with_means(self, models: Iterable[Size], spec: ModelSpec, key: str) -> None:
        """Refuse a severity without a mean: what it costs has no expected value to be priced."""
        for model in models:
            try:
                model.moment(1)
            except BadValue as error:
                raise BadInput.one(spec.at, self.path(key), str(error)) from None

    def cases(
        self, risk: Risk, item: int, key: str, values: CellValues | None = None
    ) -> list[tuple[npt.NDArray[np.bool_], ModelSpec]]:
        """Give for each distribution the cells that it holds for; values: with known choices."""
        values = values or self.values
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
            fits = left & values.holds(conditions, item)
            left = left & ~fits
            found += [(fits & mask, spec) for mask, spec in self.cases(inner, item, key, values)]
        if risk.otherwise is not None:
            found += [
                (left & mask, spec) for mask, spec in self.cases(risk.otherwise, item, key, values)
            ]
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
