"""The programme of a product, put to the losses of a run."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput, BadValue, either, nearest
from sandbox.loss_table import LossTable
from sandbox.portfolio.portfolio import Portfolio
from sandbox.reinsurance import (
    NO_EXPOSURE,
    Exposure,
    Occurrences,
    Programme,
    Settlement,
    net_table,
)
from sandbox.reinsurance_file import Reinsurance, programme_of
from sandbox.reinsurance_file.base import ContractLine
from sandbox.simulate.annual import AnnualRun

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Protection:
    """A programme with the risks that it protects.

    sums      [cell] sum insured of a policy, where the file says which value that is
    protects  covers whose losses are needed risk by risk; none where storms as a whole will do
    """

    file: Reinsurance
    programme: Programme
    exposure: Exposure
    sums: Floats | None
    protects: tuple[str, ...]

    def settled(
        self, table: LossTable, run: AnnualRun, threads: int = 1
    ) -> tuple[LossTable, Settlement]:
        """Settle the losses of a run. Raises BadInput for what no programme can settle."""
        if run.losses is None:
            events = Occurrences(run.storm_year, run.storm_paid, table.years)
        else:
            lost = run.losses
            sums = None if self.sums is None else self.sums[lost.cell]
            events = Occurrences(
                lost.year, lost.amount, table.years, lost.event, lost.policies, lost.time, sums
            )
        try:
            settlement = self.programme.settle(events, self.exposure, threads)
        except BadValue as error:
            raise BadInput.one(self.file.place("contracts"), "contracts", str(error)) from None
        settlement = self.programme.swept(settlement, table.premium)
        return net_table(table, settlement, self.file.covers), settlement


def protection(portfolio: Portfolio) -> Protection | None:
    """Bind the programme of a product, None where it has none.

    Raises BadInput for a cover or a value that the product does not have.
    """
    product = portfolio.product
    file = programme_file(product)
    if file is None:
        return None
    for line in file.lines:
        of_a_year(line)
    programme = programme_of(file)
    sums = sums_insured(portfolio, file)
    exposure = NO_EXPOSURE
    if file.premium_share is not None:
        exposure = Exposure(ceding_premium(portfolio, file.premium_share), sums)
    whole = set(file.covers) == set(_paid_by_storms(product)) and sums is None
    needed = not whole or programme.by_risk or programme.by_time
    return Protection(file, programme, exposure, sums, file.covers if needed else ())


def of_a_year(line: ContractLine) -> None:
    """Raise BadInput for a key of long-term contracts."""
    for key, text in (
        ("risk_premium", "annual contracts have no sum at risk"),
        ("where", "annual contracts are ceded by size"),
    ):
        if getattr(line, key, None) is not None:
            raise BadInput.one(
                line.place(key), key, f"{text}; expected the key with long-term contracts"
            )


def programme_file(product: AssembledProduct) -> Reinsurance | None:
    """Give the file that protects a product; BadInput for a cover that the product does not pay."""
    file: Reinsurance | None = product.files.get("reinsurance")
    if file is None:
        return None
    paying = [name for name, cover in product.covers.items() if cover.module.pays is not None]
    for name in file.covers:
        if name not in paying:
            hint = nearest(name, paying)
            text = f"expected covers that pay, {either(paying)}; got {name}{hint}"
            raise BadInput.one(file.place("covers"), "covers", text)
    return file


def ceding_premium(portfolio: Portfolio, share: float) -> Floats:
    """Give the part of each cell's premium of the year that is for protected covers, [cell]."""
    policies = portfolio.cells.policies.astype(np.float64)
    return portfolio.earned * policies * share


def _paid_by_storms(product: AssembledProduct) -> list[str]:
    storms = {n for n, p in product.processes.items() if p.kind == "catalogue"}
    return [
        name
        for name, cover in product.covers.items()
        if cover.module.pays is not None
        and {event.partition(".")[0] for event in cover.module.pays.event} <= storms
    ]


def sums_insured(portfolio: Portfolio, file: Reinsurance) -> Floats | None:
    """Give the sum insured of each cell: a value of the policy, or of all its items together.

    Raises BadInput for a value that the product does not have.
    """
    name, cells = file.sum_insured, portfolio.cells
    if name is None:
        return None
    if name in cells.columns:
        return cells.columns[name]
    if name in cells.item_columns:
        column, total = cells.item_columns[name], np.zeros(cells.size)
        for item in range(column.shape[1]):
            total += np.where(cells.present[:, item] == 1, column[:, item], 0.0)
        if cells.members is not None:
            np.add.at(total, cells.members.policy, np.nan_to_num(cells.members.columns[name]))
        return total
    known = (*cells.columns, *cells.item_columns)
    text = f"expected a value of a risk, {either(known)}; got {name}{nearest(name, known)}"
    raise BadInput.one(file.place("sum_insured"), "sum_insured", text)
