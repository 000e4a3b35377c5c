"""The programme of a product of long-term contracts, put to the run-offs of its policies.

Amounts are present values on the day on which a run-off begins. What fits one policy, a part of it
or a layer of what one event of its life pays, is taken policy by policy; a layer of the year and a
stop loss are taken of what all policies are paid in a policy year, in the money of that year, and
are settled at its end; see `sandbox/run_off_settlement.py`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput, BadValue
from product_factory.yearly import by_year
from rating.engines.multistate.model import Model
from sandbox.above import Above
from sandbox.loss_table import LossTable
from sandbox.portfolio.portfolio import Portfolio
from sandbox.protection import programme_file, sums_insured
from sandbox.reinsurance import Programme, Settlement, net_table
from sandbox.reinsurance_file import Reinsurance, programme_of
from sandbox.reinsurance_file.base import ContractLine, NonProportionalLine, ProportionalLine
from sandbox.reinsurance_file.excess_of_loss import BY_YEAR, ExcessOfLossLine
from sandbox.reinsurance_file.facultative import FacultativeLine
from sandbox.run_off_settlement import RunOffs, settle_run_offs
from sandbox.simulate.ceding import Ceding
from sandbox.simulate.cohort import CohortRun
from sandbox.simulate.risk_premium import Agreed, agreed, values_at_steps

Floats = npt.NDArray[np.float64]
OF_EVENTS = "expected covers that pay an amount at an event of a life"


@dataclass(frozen=True, eq=False)
class RunOffProtection:
    """A programme with the policies that it protects."""

    file: Reinsurance
    programme: Programme
    ceding: Ceding

    def gross(self, table: LossTable) -> Floats:
        """Give what the protected covers are paid, [run]."""
        gross = np.zeros(table.years)
        for name in self.ceding.covers:
            gross += table.paid[:, table.columns.index(name)]
        return gross

    def settled(self, run: CohortRun) -> tuple[LossTable, Settlement]:
        """Settle run-offs that were simulated with `ceding`. BadInput for amounts too large."""
        assert run.taken is not None  # noqa: S101 - it was asked for
        alone = RunOffs(self.gross(run.table), run.taken)
        try:
            (settlement,) = settle_run_offs(self.ceding.stages, [alone])
        except BadValue as error:
            raise BadInput.one(self.file.place("contracts"), "contracts", str(error)) from None
        settlement = self.programme.swept(settlement, run.table.premium)
        return net_table(run.table, settlement, self.ceding.covers), settlement


def run_off_protection(
    portfolio: Portfolio, model: Model, above: Above | None = None
) -> RunOffProtection | None:
    """Bind the programme of a product of long-term contracts, None where it has none.

    above  a programme in the place of its own

    Raises BadInput for what `fit_run_offs` refuses, for a value that the product does not have, and
    for a layer of payments that fall due at dates.
    """
    file = fit_run_offs(portfolio.product, above)
    if file is None:
        return None
    covers = tuple(name for name in dict.fromkeys(file.covers) if name in model.columns)
    for line in file.lines:
        for flow in model.flows:
            if _by_event(line) and flow.column in covers and flow.amount.any():
                text = f"{flow.column} pays at due dates, not at an event"
                _refuse(line, _by_event(line), f"{text}; {OF_EVENTS}")
    programme = programme_of(file)
    product, premiums = portfolio.product, portfolio.premiums
    terms: dict[str, Agreed] = {}
    for line in file.lines:
        if isinstance(line, ProportionalLine) and line.risk_premium and line.basis not in terms:
            if "cash_value" not in product.product.values:
                text = "is of what is above the cash value, which the product's 'values' do not say"
                _refuse(line, "risk_premium", text)
            terms[line.basis] = agreed(product, line.basis, premiums, model, line.place("basis"))
    rate = 1.0 if above is None else above.rate
    sums = sums_insured(portfolio, file)
    ceding = Ceding(
        programme.stages,
        covers,
        None if sums is None else sums * rate,
        file.premium_share or 0.0,
        file.place("contracts"),
        values_at_steps(product, premiums, model) if terms else None,
        terms,
        {
            line.name: line.where.holds(product, portfolio.cells.columns)
            for line in file.lines
            if isinstance(line, FacultativeLine) and line.where is not None
        },
        rate,
    )
    return RunOffProtection(file, programme, ceding)


def fit_run_offs(product: AssembledProduct, above: Above | None = None) -> Reinsurance | None:
    """Give the programme of a product of long-term contracts, None where it has none.

    above  a programme in the place of its own

    Raises BadInput for a cover that the product does not pay, and for contracts that need what
    run-offs do not have: events that meet many, dates, a premium of a year for good. Nothing is
    computed for that.
    """
    file = programme_file(product) if above is None else above.file
    if file is None:
        return None
    counted = [name for name in file.covers if by_year(product, product.covers[name])]
    last = file.contracts[-1]
    for stage in file.contracts:
        for line in stage:
            if isinstance(line, FacultativeLine) and line.where is not None:
                line.where.check(product)
            for key, text in _unfit(line, counted, last=stage is last):
                _refuse(line, key, text)
    return file


def _refuse(line: ContractLine, key: str, text: str) -> None:
    raise BadInput.one(line.place(key), key, f"'{line.name}': {text}")


def _by_event(line: ContractLine) -> str:
    """Name the key by which a contract goes by what one event pays, or nothing."""
    if isinstance(line, ExcessOfLossLine) and line.per == "risk":
        return "per"
    on_risk = isinstance(line, ProportionalLine) and line.risk_premium is not None
    return "risk_premium" if on_risk else ""


def _unfit(line: ContractLine, counted: Sequence[str], *, last: bool) -> Iterator[tuple[str, str]]:
    """Say of a contract by key why it does not fit long-term contracts.

    counted  the covers that pay for events counted by the year
    """
    key = _by_event(line)
    if key:
        yield from (
            (key, f"{name} pays for events counted by the year; {OF_EVENTS}") for name in counted
        )
    if not isinstance(line, NonProportionalLine):
        return
    if isinstance(line, ExcessOfLossLine) and line.per == "event":
        text = "lives meet their own events, and no event meets many lives"
        yield "per", f"{text}; expected per: risk or per: year, got event"
    for term in BY_YEAR:
        if term in line.model_fields_set:
            text = "needs dated events of all contracts in a year; run-offs have none"
            yield term, f"{term} {text}"
    if line.premium:
        text = "contracts run off, so a premium of each year ends with no date; expected 'rate'"
        yield "premium", text
    if key:
        return
    if not last:
        text = "goes by the year of all policies, and what it leaves belongs to none of them"
        yield "kind", f"{text}; expected it after all other contracts"
    for name in counted:
        text = f"{name} pays for events counted by the year, of which no total by policy year is"
        yield "kind", f"{text} kept; expected covers of the life alone"
