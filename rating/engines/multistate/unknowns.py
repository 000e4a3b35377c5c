"""Values that read one another: the premium of a contract and its cash values.

An amount may read the premium, which is worth what the amounts are worth; the cash value, which is
a share of a reserve on a basis of its own, whose amounts may read it in turn, at the step's end;
and the reserve at the step's end. What remains is one unknown a cell and basis: the premium that
the reserve's basis re-computes is the inner one, the premium of the contract the outer one. Each is
bracketed until benefits and premiums differ by no more than RESIDUAL of their value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledBasis, AssembledProduct
from product_factory.errors import BadInput
from product_factory.expressions.tree import Number
from product_factory.scopes import general_scope
from product_factory.types import Type
from product_factory.values import ValueOf
from rating.engines.multistate.amount import (
    CASH_VALUE,
    PREMIUM,
    PREMIUMS_PAID,
    RESERVE,
    Amount,
)
from rating.engines.multistate.backward import backward
from rating.engines.multistate.forward import expected
from rating.engines.multistate.grid import Cells, Grid
from rating.engines.multistate.in_force import in_force
from rating.engines.multistate.model import Model, OpenModel, open_model
from rating.engines.multistate.root import bracketed
from rating.engines.multistate.value import (
    falls_due,
    kept,
    modified_reserves,
    net_single_premium,
    pv_expenses,
)
from rating.steps.technical import Technical

Floats = npt.NDArray[np.float64]
KIND = "modified_reserve"
GROSS = "gross_premium"
NEAR = 0.02
"""How far from a good guess a premium is looked for first, as a share of it."""
SMALLEST = 1e-9
RATIO = Type("ratio")
OF_THE_PREMIUM = frozenset({PREMIUM, PREMIUMS_PAID})


def bound(
    product: AssembledProduct,
    basis: AssembledBasis,
    cells: Cells,
    premium: Floats | None = None,
) -> Model:
    """Bind a model whose promises may read premium, cash value and reserve.

    Where cells say how many of their years are over, it is that of contracts in force; values that
    promises read are those of the contract as it was issued.

    premium  [cell] the yearly premium that is charged; solved for where someone reads it and it is
             not given

    Raises BadInput for a cycle that no recursion resolves, naming it, and for a premium that does
    not exist, naming the cell.
    """
    opened = open_model(product, basis, cells)
    contract = Contract(product, cells)
    if premium is None and contract.reads_premium(opened):
        premium = contract.premium()
    return in_force(model_at(contract, opened, premium))


def model_at(contract: "Contract", opened: OpenModel, premium: Floats | None) -> Model:
    """Close a model at a premium, with the values of the contract that its payments read."""
    if RESERVE in opened.reads:
        return contract.recursive(opened, premium, None)
    known = {}
    if CASH_VALUE in opened.reads:
        known = {CASH_VALUE: at_steps(contract.cash_values(premium), opened, premium)}
    return opened.closed(premium, known)


def cash_values(product: AssembledProduct, cells: Cells, premium: Floats | None = None) -> Floats:
    """Cash value at the end of each policy year, in the cells' currency: [cell, year]."""
    return Contract(product, cells).values_at_premium(premium)


def at_steps(yearly: Floats, opened: OpenModel, premium: Floats | None = None) -> Floats:
    """Give values of year ends at each step's end: see `between_years`."""
    return between_years(yearly, opened.assumed.grid, opened.falls_due(premium))


def between_years(yearly: Floats, grid: Grid, due: Floats) -> Floats:
    """Give values of year ends at each step's end: between anniversaries on a straight line.

    A year begins with the value of the end before it, less what fell due that day.

    yearly  [cell, year];  due: [cell, step + 1] what falls due
    """
    ends = np.zeros((len(yearly), grid.years + 1))
    size = min(grid.years, yearly.shape[1])
    ends[:, 1 : size + 1] = yearly[:, :size]
    starts = ends - due[:, :: grid.per_year]
    starts[:, 0] = 0.0
    step = np.arange(grid.steps)
    year, part = step // grid.per_year, (step % grid.per_year + 1) / grid.per_year
    return starts[:, year] * (1.0 - part) + ends[:, year + 1] * part


@dataclass(frozen=True)
class _Waiting:
    """A payment that reads the value at its own step's end."""

    key: tuple[int, int]
    amount: Amount
    holds: Floats


class Contract:
    """The values of cells of a product, each bound once."""

    def __init__(self, product: AssembledProduct, cells: Cells) -> None:
        """Bind nothing yet: what nobody reads is not computed."""
        self.product = product
        self.cells = replace(cells, elapsed=None)
        self._of_values: OpenModel | None = None
        self._guess: Floats | None = None  # of the inner premium, from the outer one tried before

    @property
    def declared(self) -> ValueOf:
        """How the product says that the cash value is computed."""
        product = self.product
        declared = product.product.values.get(CASH_VALUE)
        if declared is None:
            text = "a cover pays the cash value, and 'values' does not say how it is computed"
            raise BadInput.one(product.product.at, "values", text)
        if declared.kind != KIND:
            text = f"expected {KIND}, got {declared.kind}"
            raise BadInput.one(declared.at, "values.cash_value.kind", text)
        return declared

    @property
    def of_values(self) -> OpenModel:
        """The model of the cash value's basis."""
        if self._of_values is None:
            basis = self.product.bases[self.declared.basis or ""]
            self._of_values = open_model(self.product, basis, self.cells)
        return self._of_values

    def reads_premium(self, opened: OpenModel) -> bool:
        """Tell whether the amounts of a model depend on the premium of the contract."""
        if OF_THE_PREMIUM & opened.reads:
            return True
        return CASH_VALUE in opened.reads and bool(OF_THE_PREMIUM & self.of_values.reads)

    def premium(self) -> Floats:
        """Solve for the gross premium of the contract on the basis that the tariff builds it on.

        Raises BadInput where the tariff builds none, or where no premium pays for the benefits.
        """
        basis = self._priced_on()
        opened = open_model(self.product, basis, self.cells)
        first = self._at(opened, np.ones(self.cells.size))
        seen = expected(first)
        left = kept(first, seen)

        def short(premium: Floats) -> tuple[Floats, Floats]:
            at = self._at(opened, premium)
            worth = net_single_premium(at, seen) + pv_expenses(at, seen)
            return premium * left - worth, worth

        # benefits grow with the premium: it is at least what pays for those of a premium of 0
        least = short(np.zeros(self.cells.size))[1] / left
        found, none = bracketed(short, least * (1.0 + NEAR), NEAR)
        if none.any():
            cell = self.cells.shown(self.product, int(np.argmax(none)))
            text = f"no premium pays for the benefits, which grow with it as fast, at {cell}"
            raise BadInput.one(basis.at, f"{basis.name}.loading", text)
        return found

    def _at(self, opened: OpenModel, premium: Floats) -> Model:
        known = {}
        if CASH_VALUE in opened.reads:
            known = {CASH_VALUE: at_steps(self.cash_values(premium), opened, premium)}
        return opened.closed(premium, known)

    def values_at_premium(self, premium: Floats | None = None) -> Floats:
        """Give the cash values, the premium solved for where they read it and it is not given."""
        if premium is None and OF_THE_PREMIUM & self.of_values.reads:
            premium = self.premium()
        return self.cash_values(premium)

    def falls_due(self, premium: Floats | None) -> Floats:
        """Give what falls due at the end of each policy year and is in its cash value."""
        per_year = self.of_values.assumed.grid.per_year
        return self.of_values.falls_due(premium)[:, per_year::per_year]

    def _priced_on(self) -> AssembledBasis:
        product = self.product
        for step in product.files["rating"]:
            if isinstance(step, Technical) and step.gives == GROSS:
                return product.bases[step.basis]
        text = f"an amount reads the premium, and no technical step gives the {GROSS}"
        raise BadInput.one(product.product.at, "rating", text)

    def cash_values(self, premium: Floats | None) -> Floats:
        """Give the cash value at the end of each policy year: [cell, year].

        What falls due that day is in it, in full: who leaves has not been paid it.
        """
        opened = self.of_values
        grid = opened.assumed.grid
        said = self.declared.share or Number(1.0, "", "100%", self.declared.at)
        share = grid.amount(said, general_scope(self.product), None)
        if share.reads:
            circle = f"{CASH_VALUE} → share → {min(share.reads)}"
            text = f"these values are defined by way of one another: {circle}"
            raise BadInput.one(self.declared.place("share"), "values.cash_value.share", text)
        part = share.whole({})
        if {CASH_VALUE, RESERVE} & opened.reads:
            reserve, due = self._recursion(opened, premium, part)[1:]
        else:
            closed = opened.closed(premium)
            reserve, due = modified_reserves(closed), falls_due(closed)
        last = slice(grid.per_year - 1, None, grid.per_year)
        owed = due[:, 1:][:, last]
        ends = reserve[:, 1:][:, last] - owed
        return np.where(ends > 0.0, part[:, last] * ends, 0.0) + owed

    def recursive(self, opened: OpenModel, premium: Floats | None, part: Floats | None) -> Model:
        """Close a model whose amounts read its own reserve at the step's end."""
        known = {}
        if CASH_VALUE in opened.reads and part is None:
            known = {CASH_VALUE: at_steps(self.cash_values(premium), opened, premium)}
        _, reserve, _ = self._recursion(opened, premium, part, known)
        return opened.closed(premium, {**known, RESERVE: reserve[:, 1:]})

    def _recursion(
        self,
        opened: OpenModel,
        premium: Floats | None,
        part: Floats | None,
        known: Mapping[str, Floats] | None = None,
    ) -> tuple[Floats, Floats, Floats]:
        """Solve for the premium that a basis re-computes, and the reserve that it leads to.

        Beside them, what falls due at each time in the first state.

        part  [cell, step] share of the reserve that is the cash value; None: it is known
        """
        if opened.assumed.grid.per_year > 1:
            text = "expected steps of a year where an amount reads the value of its own step's end"
            raise BadInput.one(opened.basis.at, f"{opened.basis.name}.grid.step", text)
        if opened.assumed.at_start:
            text = "expected benefits at the end where an amount reads the value of its step's end"
            raise BadInput.one(opened.basis.at, f"{opened.basis.name}.grid.benefits", text)
        if opened.assumed.spent["claim_payment"].any():
            text = "a basis whose payments read its own reserve knows no expense per claim_payment"
            raise BadInput.one(opened.basis.at, f"{opened.basis.name}.expenses", text)
        nothing = np.zeros_like(opened.assumed.within)
        start = opened.closed(premium, {CASH_VALUE: nothing, RESERVE: nothing, **(known or {})})
        seen = expected(start)
        left, spent = kept(start, seen), pv_expenses(start, seen)
        waiting = tuple(_waiting(opened, own=part is not None))
        paid = start.premium[:, None] * start.paid
        due = falls_due(start)

        def amounts(step: int, value: Floats) -> dict[tuple[int, int], Floats]:
            owed = due[:, step + 1]
            own = None
            if part is not None:
                own = np.maximum(value - owed, 0.0) * part[:, step] + owed
            unknown = {
                PREMIUM: start.premium,
                PREMIUMS_PAID: paid[:, step],
                CASH_VALUE: own
                if own is not None
                else (known or {}).get(CASH_VALUE, nothing)[:, step],
                RESERVE: value,
            }
            return {one.key: one.amount.at(step, unknown) * one.holds[:, step] for one in waiting}

        def short(gross: Floats) -> tuple[Floats, Floats]:
            net = gross[:, None] * (1.0 - start.assumed.loading)
            at_issue = backward(start, net, amounts).first[:, 0] + spent
            return -at_issue, gross * left + np.abs(at_issue)

        guess, spread = self._guess, NEAR
        if guess is None:
            guess, spread = (net_single_premium(start, seen) + spent) / left, 1.0
        gross, none = bracketed(short, np.maximum(guess, SMALLEST), spread)
        self._guess = gross
        if none.any():
            cell = self.cells.shown(self.product, int(np.argmax(none)))
            text = f"no premium on this basis pays for its values at {cell}"
            raise BadInput.one(opened.basis.at, opened.basis.name, text)
        net = gross[:, None] * (1.0 - start.assumed.loading)
        return gross, backward(start, net, amounts).first, due


def _waiting(opened: OpenModel, *, own: bool) -> list[_Waiting]:
    read = {RESERVE, CASH_VALUE} if own else {RESERVE}
    found = []
    for number, way in enumerate(opened.ways):
        for place, one in enumerate(way.promised):
            if isinstance(one.amount, Amount) and read & one.amount.reads:
                found.append(_Waiting((number, place), one.amount, one.holds))
    return found
