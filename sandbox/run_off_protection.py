"""The programme of a product of long-term contracts, put to the run-offs of its policies.

Amounts are present values at issue, as all of a run-off. What fits one policy, a part of it or a
layer of what one event of its life pays, is taken policy by policy; a layer of the year and a stop
loss are taken of what all policies are paid in a policy year, in the money of that year, and are
settled at its end. Recoveries stand on the grid of `sandbox/reinsurance/occurrences.py`, so that
net and ceded are gross to the last bit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput
from product_factory.yearly import by_year
from rating.engines.multistate.model import Model
from sandbox.loss_table import LossTable
from sandbox.portfolio.portfolio import Portfolio
from sandbox.protection import programme_file, sums_insured
from sandbox.reinsurance import Contract, ExcessOfLoss, Programme, Settlement, StopLoss, net_table
from sandbox.reinsurance.occurrences import CEILING, STEP
from sandbox.reinsurance.programme import ROUNDING
from sandbox.reinsurance.proportional import Proportional
from sandbox.reinsurance_file import Reinsurance, programme_of
from sandbox.reinsurance_file.base import ContractLine, NonProportionalLine, ProportionalLine
from sandbox.reinsurance_file.excess_of_loss import BY_YEAR, ExcessOfLossLine
from sandbox.reinsurance_file.facultative import FacultativeLine
from sandbox.simulate.ceding import Ceding, Taken, of_year
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

    def settled(self, run: CohortRun) -> tuple[LossTable, Settlement]:
        """Settle run-offs that were simulated with `ceding`. BadInput for amounts too large."""
        table, covers = run.table, self.ceding.covers
        assert run.taken is not None  # noqa: S101 - it was asked for
        gross = np.zeros(table.years)
        for name in covers:
            gross += table.paid[:, table.columns.index(name)]
        if not gross.max(initial=0.0) < CEILING:
            text = f"expected a run-off that pays less than {CEILING:.0f}, got {gross.max():.0f}"
            raise BadInput.one(self.file.place("contracts"), "contracts", text)
        contracts = self.ceding.contracts
        self._within(run.taken)
        ceded, left = np.zeros((table.years, len(contracts))), gross
        for place, contract in enumerate(contracts):
            found = np.clip(_recovered(contract, place, run.taken), 0.0, left)
            ceded[:, place] = np.floor(found / STEP) * STEP
            left = left - ceded[:, place]
        premium = np.rint(run.taken.weighed[:, len(contracts) :] / STEP) * STEP
        back = [c.commission if isinstance(c, Proportional) else 0.0 for c in contracts]
        settlement = Settlement(
            contracts=tuple(contract.name for contract in contracts),
            gross=gross,
            ceded=ceded,
            net=left,
            gross_largest=None,
            net_largest=None,
            premium=premium,
            reinstated=np.zeros(ceded.shape),
            commission=np.rint(premium * np.array(back) / STEP) * STEP,
        )
        settlement = self.programme.swept(settlement, table.premium)
        return net_table(table, settlement, covers), settlement

    def _within(self, taken: Taken) -> None:
        """Refuse contracts of the year that recover, with those beside them, more than is paid."""
        stage = self.ceding.stages[-1]
        if taken.yearly is None or len(stage) == 1:
            return
        paid, together = taken.yearly[:, :, 0], taken.yearly[:, :, 2].copy()
        for contract in stage:
            if of_year(contract):
                together += _of_years(contract, taken.yearly)
        over = together - paid
        if (over > ROUNDING * paid).any():
            run, year = np.unravel_index(int(np.argmax(over)), over.shape)
            names = " and ".join(f"'{contract.name}'" for contract in stage)
            text = (
                f"contracts side by side {names}: expected to recover at most the loss, got "
                f"{over[run, year]:,.2f} more than {paid[run, year]:,.2f} in policy year "
                f"{year + 1} of run-off {run}"
            )
            raise BadInput.one(self.file.place("contracts"), "contracts", text)


def _recovered(contract: Contract, place: int, taken: Taken) -> Floats:
    """Give what a contract recovers of each run, [run], before it is put on the grid."""
    if not of_year(contract) or taken.yearly is None:
        return taken.weighed[:, place]
    total, yearly = np.zeros(len(taken.weighed)), _of_years(contract, taken.yearly)
    for year, worth in enumerate(taken.worth.tolist()):
        total += worth * yearly[:, year]
    return total


def _of_years(contract: Contract, yearly: Floats) -> Floats:
    """Give what a contract of the year recovers, [run, policy year], in the money of the year."""
    paid, premium = yearly[:, :, 0], yearly[:, :, 1]
    if isinstance(contract, StopLoss):
        begins, height = contract.attachment * premium, contract.limit * premium
    else:
        assert isinstance(contract, ExcessOfLoss)  # noqa: S101 - as `of_year` says
        begins, height = np.array(contract.attachment), np.array(contract.limit)
    return np.asarray(contract.share * np.minimum(np.maximum(paid - begins, 0.0), height))


def run_off_protection(portfolio: Portfolio, model: Model) -> RunOffProtection | None:
    """Bind the programme of a product of long-term contracts, None where it has none.

    Raises BadInput for what `fit_run_offs` refuses, for a value that the product does not have, and
    for a layer of payments that fall due at dates.
    """
    file = fit_run_offs(portfolio.product)
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
    ceding = Ceding(
        programme.stages,
        covers,
        sums_insured(portfolio, file),
        file.premium_share or 0.0,
        file.place("contracts"),
        values_at_steps(product, premiums, model) if terms else None,
        terms,
        {
            line.name: line.where.holds(product, portfolio.cells.columns)
            for line in file.lines
            if isinstance(line, FacultativeLine) and line.where is not None
        },
    )
    return RunOffProtection(file, programme, ceding)


def fit_run_offs(product: AssembledProduct) -> Reinsurance | None:
    """Give the programme of a product of long-term contracts, None where it has none.

    Raises BadInput for a cover that the product does not pay, and for contracts that need what
    run-offs do not have: events that meet many, dates, a premium of a year for good. Nothing is
    computed for that.
    """
    file = programme_file(product)
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
