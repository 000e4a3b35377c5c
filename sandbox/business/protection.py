"""The programme of a business, put to the losses of all its products together.

Run-offs are settled as `sandbox/business/ceded_run_offs.py` says. Of years there are three ways to
settle, each asking for no more than the contracts need:

- by year: quota shares, stop losses and layers per year see each product's year as one amount;
- by storm: where all protected covers pay for storms of one event set and for nothing else, a
  storm's loss is what it cost all products;
- by claim: each loss of each policy by itself, dated, the rows of one storm together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadInput, BadValue, nearest
from sandbox.above import Above
from sandbox.business.members import Member
from sandbox.business.placed import of_product
from sandbox.business.total import Storms
from sandbox.loss_table import LossTable
from sandbox.portfolio.portfolio import Portfolio
from sandbox.protection import ceding_premium, of_a_year, sums_insured
from sandbox.reinsurance import (
    NO_EXPOSURE,
    Exposure,
    Occurrences,
    Programme,
    Settlement,
    StopLoss,
    net_table,
)
from sandbox.reinsurance.excess_of_loss import ExcessOfLoss
from sandbox.reinsurance.programme import Contract
from sandbox.reinsurance.quota_share import QuotaShare
from sandbox.reinsurance_file import Reinsurance, programme_of
from sandbox.run_off_protection import fit_run_offs
from sandbox.simulate.annual import AnnualRun

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Way = Literal["year", "storm", "claim", "run_off"]


@dataclass(frozen=True, eq=False)
class WholeProgramme:
    """A programme over several products.

    covers  product → its protected covers;  way: what it is settled by
    """

    file: Reinsurance
    programme: Programme
    covers: Mapping[str, tuple[str, ...]]
    way: Way

    def above(self, member: Member) -> Above:
        """Give what it asks of the run of a product."""
        own = self.covers.get(member.name, ())
        if self.way == "claim":
            return Above(keeps=own)
        if self.way == "run_off" and own:
            return Above(file=self.file.model_copy(update={"covers": own}), rate=member.rate)
        return Above()

    @property
    def columns(self) -> tuple[str, ...]:
        """The protected columns of the whole table."""
        return tuple(f"{name}.{cover}" for name, own in self.covers.items() for cover in own)


@dataclass(frozen=True, eq=False)
class Ceded:
    """What the programme made of the years.

    net         the whole table after reinsurance
    by_product  product → [row] claims after reinsurance, all of its covers
    nets        product → its rows after reinsurance, where what it costs is known by product
    """

    net: LossTable
    settlement: Settlement
    by_product: Mapping[str, Floats]
    nets: Mapping[str, LossTable] = field(default_factory=dict)


def whole_programme(file: Reinsurance, members: Sequence[Member]) -> WholeProgramme:
    """Bind a programme to products. Raises BadInput for a cover or a value that they lack."""
    programme = programme_of(file)
    covers = _covers(file, members)
    if members[0].product.long_term:
        whole = WholeProgramme(file, programme, covers, "run_off")
        for one in members:
            with of_product(one.name, file):
                fit_run_offs(one.product, whole.above(one))
                if one.name in covers:
                    sums_insured(one.portfolio, file)
        return whole
    for line in file.lines:
        of_a_year(line)
    for one in members:
        if one.name in covers:
            sums_insured(one.portfolio, file)
    stages = [contract for stage in programme.stages for contract in stage]
    way: Way = "claim"
    sets = {one.storms.stream for one in members if one.name in covers and one.storms is not None}
    stormy = all(set(covers[one.name]) == set(one.stormy) for one in members if one.name in covers)
    if all(_of_years(contract) or isinstance(contract, QuotaShare) for contract in stages):
        way = "year"
    elif not (programme.by_risk or programme.by_time) and stormy and len(sets) == 1:
        way = "storm"
    return WholeProgramme(file, programme, covers, way)


def _of_years(contract: Contract) -> bool:
    """Tell whether a contract sees a year as one amount."""
    if isinstance(contract, ExcessOfLoss):
        return contract.per == "year"
    return isinstance(contract, StopLoss)


def _covers(file: Reinsurance, members: Sequence[Member]) -> dict[str, tuple[str, ...]]:
    """Read `home.typhoon`, or `home` for all its covers; in the order of the products."""
    at = file.place("covers")
    every = {one.name: one.covers for one in members}
    listed = [*every, *(f"{name}.{cover}" for name, own in every.items() for cover in own)]
    wanted: dict[str, list[str]] = {}
    for said in file.covers:
        name, dot, cover = said.partition(".")
        if name not in every or (dot and cover not in every[name]):
            text = (
                f"expected a product of the business, or its cover that pays, such as "
                f"{listed[-1]}; got {said}{nearest(said, listed)}"
            )
            raise BadInput.one(at, "reinsurance.covers", text)
        for one in (cover,) if dot else every[name]:
            if one in wanted.setdefault(name, []):
                raise BadInput.one(at, "reinsurance.covers", f"'{name}.{one}' is named twice")
            wanted[name].append(one)
    return {
        name: tuple(cover for cover in own if cover in wanted[name])
        for name, own in every.items()
        if name in wanted
    }


@dataclass(frozen=True, eq=False)
class Years:
    """The years of all products, as a programme reads them.

    table       of all together;  tables: product → its own, both in the currency of the business
    portfolios  product → its policies, under the scenario
    """

    table: LossTable
    tables: Mapping[str, LossTable]
    details: Mapping[str, AnnualRun]
    portfolios: Mapping[str, Portfolio]
    rates: Mapping[str, float]
    storms: Sequence[Storms]


@dataclass(frozen=True, eq=False)
class _Losses:
    """Losses in order, with the product of each: its place among those that are protected."""

    events: Occurrences
    product: Integers


def ceded(whole: WholeProgramme, years: Years, threads: int = 1) -> Ceded:
    """Settle the years of all products. Raises BadInput for what no programme can settle."""
    file = whole.file
    sums = {
        name: None if sums is None else sums * years.rates[name]
        for name in whole.covers
        for sums in (sums_insured(years.portfolios[name], file),)
    }
    exposure = _exposure(whole, years, sums)
    losses = _losses(whole, years, sums)
    try:
        settlement = whole.programme.settle(losses.events, exposure, threads)
        settlement = whole.programme.swept(settlement, years.table.premium)
        shares = _shares(whole, losses, settlement, exposure, threads)
    except BadValue as error:
        raise BadInput.one(file.place("contracts"), "reinsurance.contracts", str(error)) from None
    net = net_table(years.table, settlement, whole.columns)
    if whole.way == "year":
        net = _without_events(net)
    by_product = {}
    for name, table in years.tables.items():
        kept = np.zeros(table.years)
        for place, column in enumerate(table.columns):
            if column not in whole.covers.get(name, ()):
                kept += table.paid[:, place]
        by_product[name] = kept + shares[name] if name in shares else kept
    return Ceded(net, settlement, by_product)


def _without_events(net: LossTable) -> LossTable:
    """Give the net table without its largest event, which amounts by year do not tell."""
    return LossTable(
        columns=net.columns,
        paid=net.paid,
        premium=net.premium,
        basis=net.basis,
        seed=net.seed,
        expenses=net.expenses,
        currency=net.currency,
    )


def _exposure(whole: WholeProgramme, years: Years, sums: Mapping[str, Floats | None]) -> Exposure:
    """Give the premium of all protected products, cell by cell, and their sums insured."""
    share = whole.file.premium_share
    if share is None:
        return NO_EXPOSURE
    premiums = [
        ceding_premium(years.portfolios[name], share) * years.rates[name] for name in whole.covers
    ]
    known = [each for each in sums.values() if each is not None]
    insured = np.concatenate(known) if len(known) == len(sums) else None
    return Exposure(np.concatenate(premiums), insured)


def _losses(whole: WholeProgramme, years: Years, sums: Mapping[str, Floats | None]) -> _Losses:
    if whole.way == "year":
        return _by_year(whole, years)
    if whole.way == "storm":
        return _by_storm(whole, years)
    return _by_claim(whole, years, sums)


def _by_year(whole: WholeProgramme, years: Years) -> _Losses:
    """Give what the protected covers of each product paid in each year, as one amount each."""
    rows, size = years.table.years, len(whole.covers)
    amount = np.zeros((rows, size))
    for place, (name, covers) in enumerate(whole.covers.items()):
        table = years.tables[name]
        for column in covers:
            amount[:, place] += table.paid[:, table.columns.index(column)]
    year = np.repeat(np.arange(rows), size)
    return _Losses(
        Occurrences(year, amount.ravel(), rows), np.tile(np.arange(size, dtype=np.int64), rows)
    )


def _by_storm(whole: WholeProgramme, years: Years) -> _Losses:
    """Give what each storm cost each product; the rows of a storm stand together."""
    (one,) = [each for each in years.storms if set(each.paid) & set(whole.covers)]
    size, count = len(whole.covers), len(one.year)
    amount = np.column_stack([one.paid[name] for name in whole.covers])
    events = Occurrences(
        np.repeat(one.year, size),
        amount.ravel(),
        years.table.years,
        np.repeat(np.arange(count, dtype=np.int64), size),
    )
    return _Losses(events, np.tile(np.arange(size, dtype=np.int64), count))


def _by_claim(whole: WholeProgramme, years: Years, sums: Mapping[str, Floats | None]) -> _Losses:
    """Give each loss of each policy in order of time, the rows of one storm together.

    A storm has the number that it has in its year, and all others numbers behind those, apart by
    product and event set.
    """
    sets = {name: place for place, one in enumerate(years.storms) for name in one.paid}
    counts = [np.bincount(one.year, minlength=years.table.years) for one in years.storms]
    parts = []
    for place, name in enumerate(whole.covers):
        lost = years.details[name].losses
        assert lost is not None  # noqa: S101 - the run was asked to keep them
        storms = counts[sets[name]][lost.year] if name in sets else np.zeros_like(lost.year)
        family = np.where(lost.event < storms, sets.get(name, 0), len(years.storms) + place)
        own = sums[name]
        parts.append(
            {
                "year": lost.year,
                "amount": lost.amount * years.rates[name],
                "number": lost.event,
                "family": family,
                "risks": lost.policies,
                "time": lost.time,
                "insured": np.zeros(len(lost.year)) if own is None else own[lost.cell],
                "product": np.full(len(lost.year), place, dtype=np.int64),
            }
        )
    all_ = {key: np.concatenate([part.pop(key) for part in parts]) for key in list(parts[0])}
    order = np.lexsort((all_["number"], all_["family"], all_["time"], all_["year"]))
    rows = {key: all_.pop(key)[order] for key in list(all_)}
    families = len(years.storms) + len(whole.covers)
    events = Occurrences(
        rows["year"],
        rows["amount"],
        years.table.years,
        rows["number"] * families + rows["family"],
        rows["risks"],
        rows["time"],
        None if whole.file.sum_insured is None else rows["insured"],
    )
    return _Losses(events, rows["product"])


def _shares(
    whole: WholeProgramme,
    losses: _Losses,
    settlement: Settlement,
    exposure: Exposure,
    threads: int,
) -> dict[str, Floats]:
    """Give what the programme leaves of each product's years, [row].

    Contracts by event and by risk, and proportional ones, recover of losses that belong to a
    product. What a contract by year recovers is shared in proportion to what the others leave.
    """
    stages = [
        tuple(contract for contract in stage if not _of_years(contract))
        for stage in whole.programme.stages
    ]
    kept = [stage[0] if len(stage) == 1 else stage for stage in stages if stage]
    left = losses.events.amount
    if kept:
        left = Programme(contracts=tuple(kept)).leaves(losses.events, exposure, threads)
    rows, size = losses.events.years, len(whole.covers)
    place = losses.events.year * size + losses.product
    added = np.bincount(place, weights=left, minlength=rows * size)
    found: Floats = added.astype(np.float64).reshape(rows, size)
    if any(_of_years(contract) for stage in whole.programme.stages for contract in stage):
        whole_left = np.zeros(rows)
        for column in range(size):
            whole_left += found[:, column]
        none = np.zeros(rows)
        part = np.divide(settlement.net, whole_left, out=none, where=whole_left > 0.0)
        found *= part[:, None]
    found[settlement.net == 0.0] = 0.0  # of what rounding leaves too
    return {name: found[:, column] for column, name in enumerate(whole.covers)}
