"""The contract that is valued: its cells, premium and cash values, each computed once."""

from functools import cached_property

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput
from product_factory.valued import Valued
from product_factory.values import KEYS
from rating.engines.multistate.amount import CASH_VALUE
from rating.engines.multistate.grid import Cells, Grid
from rating.engines.multistate.model import Model, OpenModel, open_model
from rating.engines.multistate.unknowns import Contract, bound

Floats = npt.NDArray[np.float64]
Columns = dict[str, Floats]
"""Name of a figure → [cell, year] at the end of each policy year; NaN where there is none."""
DAYS_IN_YEAR = 365


class Valuing:
    """Cells of a product of many years, at the premium that is charged.

    premium  [cell] a year's;  gone: whole years in force, by policy year: at its end, or during it
    """

    def __init__(
        self, product: AssembledProduct, cells: Cells, premium: Floats, *, during: bool = False
    ) -> None:
        """Bind nothing yet: what nobody asks for is not computed."""
        self.product = product
        self.cells = cells
        self.premium = premium
        self.contract = Contract(product, cells)
        self._during = during
        self._opened: dict[str, OpenModel] = {}
        self._models: dict[str, Model] = {}

    @cached_property
    def cash(self) -> Floats:
        """Cash value at the end of each policy year: [cell, year]."""
        return self.contract.values_at_premium(self.premium)

    @property
    def has_cash(self) -> bool:
        """Whether the product says how its cash value is computed."""
        return CASH_VALUE in self.product.product.values

    @cached_property
    def grid(self) -> Grid:
        """The policy years of the contract: those of its cash value, else of its first basis."""
        first = next(iter(self.product.bases))
        opened = self.contract.of_values if self.has_cash else self.opened(first)
        return Grid(self.product, self.cells, opened.assumed.grid.term)

    @property
    def gone(self) -> Floats:
        """Whole years in force: [year]."""
        return np.arange(self.grid.years, dtype=np.float64) + (0.0 if self._during else 1.0)

    def opened(self, basis: str) -> OpenModel:
        """Bind a basis, amounts apart."""
        if basis not in self._opened:
            self._opened[basis] = open_model(self.product, self.product.bases[basis], self.cells)
        return self._opened[basis]

    def model(self, basis: str) -> Model:
        """Bind a basis at the premium."""
        if basis not in self._models:
            at = self.product.bases[basis]
            self._models[basis] = bound(self.product, at, self.cells, self.premium)
        return self._models[basis]

    def number(self, one: Valued, key: str, default: float = 1.0) -> Floats:
        """Evaluate what a value states, by policy year: [cell, year]."""
        said = getattr(one.declared, key)
        if said is None:
            return np.full((self.cells.size, self.grid.years), default)
        amount = self.grid.amount(said, one.scope, KEYS[key])
        level = np.repeat(self.premium[:, None], self.grid.years, axis=1)
        paid = np.cumsum(self.due, axis=1) * level
        unknown = {"premium": level, "premiums_paid": paid}
        odd = sorted(amount.reads - unknown.keys())
        if odd:
            circle = f"{one.name} → {key} → {odd[0]}"
            text = f"these values are defined by way of one another: {circle}"
            raise BadInput.one(said.at, f"{one.path}.{key}", text)
        return amount.whole(unknown)

    @property
    def due(self) -> Floats:
        """[cell, year] whether a premium is due in the policy year."""
        year = np.arange(self.grid.years)[None, :]
        return ((year < self.grid.pay[:, None]) & self.within).astype(np.float64)

    @property
    def within(self) -> npt.NDArray[np.bool_]:
        """[cell, year] whether the contract runs in the policy year."""
        year = np.arange(self.grid.years)[None, :]
        return np.asarray(year < self.grid.term[:, None])

    def yearly(self, steps: Floats, per_year: int) -> Floats:
        """Cut what stands at steps' starts and at the end to policy years' ends: [cell, year]."""
        ends = steps[:, per_year::per_year]
        found = np.full((self.cells.size, self.grid.years), np.nan)
        years = min(ends.shape[1], found.shape[1])
        found[:, :years] = ends[:, :years]
        return np.where(self.within, found, np.nan)
