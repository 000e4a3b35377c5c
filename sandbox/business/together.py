"""The rows of a business: those of its products added up, before and after reinsurance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadInput
from sandbox.business.ceded_run_offs import ceded_run_offs
from sandbox.business.file import BusinessFile
from sandbox.business.members import Member
from sandbox.business.order import Placed, moved
from sandbox.business.protection import WholeProgramme, Years, ceded
from sandbox.business.total import Storms, exchanged, in_order, largest_together, total_table
from sandbox.horizon import joined
from sandbox.loss_table import LossTable
from sandbox.portfolio.portfolio import Portfolio
from sandbox.reinsurance import Settlement
from sandbox.run import Run
from sandbox.scenarios import Scenario, shock_of
from sandbox.simulate.annual import AnnualRun
from sandbox.simulate.ceding import Taken
from sandbox.simulate.cohort import CohortRun

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Together:
    """Rows as `BusinessRun` has them."""

    tables: Mapping[str, LossTable]
    nets: Mapping[str, LossTable]
    table: LossTable
    net: LossTable | None
    settlement: Settlement | None
    kept: Mapping[str, Floats]

    def over(self, horizon: int) -> "Together":
        """Give the rows with every so many years added up to one; the settlement stays by year."""
        rows = self.table.years // horizon
        return Together(
            {name: joined(one, horizon) for name, one in self.tables.items()},
            {name: joined(one, horizon) for name, one in self.nets.items()},
            joined(self.table, horizon),
            None if self.net is None else joined(self.net, horizon),
            self.settlement,
            {name: _summed(one, rows, horizon) for name, one in self.kept.items()},
        )


def _summed(values: Floats, rows: int, horizon: int) -> Floats:
    total = np.zeros(rows)
    for year in range(horizon):
        total += values[year : rows * horizon : horizon]
    return total


def together(
    file: BusinessFile,
    members: Sequence[Member],
    runs: Mapping[str, Run],
    changed: Mapping[str, Scenario],
    whole: WholeProgramme | None,
    after: Sequence[Placed],
    threads: int = 1,
) -> Together:
    """Add up the runs of products.

    changed  product → the scenario that its run had
    whole    the programme over all; None: each product keeps what its own leaves
    after    reorderings of whole products

    Raises BadInput where storms of one event set came in other years to other products.
    """
    home = file.says.currency or members[0].product.product.currency
    rates = {one.name: one.rate for one in members}
    tables = {name: exchanged(one.table, rates[name], home) for name, one in runs.items()}
    orders = moved(after, tables)
    tables |= {name: in_order(tables[name], order) for name, order in orders.items()}
    storms = _storms(members, runs)
    rows = next(iter(tables.values())).years
    table = total_table(tables, home, largest_together(tables, storms, rows))
    if whole is not None and whole.way == "run_off":
        left = ceded_run_offs(whole, table, tables, _taken(runs, orders), rates)
        return Together(tables, left.nets, table, left.net, left.settlement, left.by_product)
    if whole is not None:
        details = {n: one.details for n, one in runs.items() if isinstance(one.details, AnnualRun)}
        portfolios = {one.name: _shocked(one, changed.get(one.name)) for one in members}
        years = Years(table, tables, details, portfolios, rates, storms)
        done = ceded(whole, years, threads)
        return Together(tables, {}, table, done.net, done.settlement, done.by_product)
    nets = {
        name: exchanged(one.net, rates[name], home)
        for name, one in runs.items()
        if one.net is not None
    }
    nets |= {name: in_order(nets[name], order) for name, order in orders.items() if name in nets}
    if not nets:
        return Together(tables, nets, table, None, None, {})
    after_own = {name: nets.get(name, one) for name, one in tables.items()}
    # what a storm leaves to two products together is told by neither of their programmes
    shared = any(len(one.paid) > 1 for one in storms)
    largest = None if shared else largest_together(after_own, (), rows)
    kept = {name: one.total() for name, one in after_own.items()}
    return Together(tables, nets, table, total_table(after_own, home, largest), None, kept)


def _taken(runs: Mapping[str, Run], orders: Mapping[str, Integers]) -> dict[str, Taken]:
    """Give product → what contracts take of its run-offs, in the order of its rows."""
    found = {}
    for name, one in runs.items():
        taken = one.details.taken if isinstance(one.details, CohortRun) else None
        if taken is not None:
            found[name] = taken.in_order(orders[name]) if name in orders else taken
    return found


def _shocked(member: Member, scenario: Scenario | None) -> Portfolio:
    """Give the policies as they were simulated."""
    if scenario is None:
        return member.portfolio
    return shock_of(scenario, member.product).portfolio(member.portfolio)


def _storms(members: Sequence[Member], runs: Mapping[str, Run]) -> tuple[Storms, ...]:
    """Give the storms of each event set with what they cost each product that they met."""
    found: dict[int, Storms] = {}
    for member in members:
        details = runs[member.name].details
        if member.storms is None or not isinstance(details, AnnualRun):
            continue
        paid = details.storm_paid if member.rate == 1.0 else details.storm_paid * member.rate
        one = found.setdefault(member.storms.stream, Storms(details.storm_year, {}))
        if not np.array_equal(one.year, details.storm_year):
            other = next(iter(one.paid))
            text = (
                f"its storms are those of '{other}', and come in other years: a scenario or a "
                "dependence changes how often in one of the two; expected both changed alike"
            )
            raise BadInput.one(member.entry.at, f"products.{member.name}", text)
        found[member.storms.stream] = Storms(one.year, {**one.paid, member.name: paid})
    return tuple(found.values())
