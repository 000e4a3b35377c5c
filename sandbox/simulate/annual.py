"""Simulate years of a portfolio of annual contracts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rating.engines.collective.annual import AnnualModel
from sandbox.bands import Bands
from sandbox.execution import ONE_THREAD, Arrays, Execution, run_task
from sandbox.kernels.year import RiskLosses
from sandbox.loss_table import LossTable, Segments
from sandbox.sampling import PLAIN, Sampling
from sandbox.simulate.annual_task import BANDED, AnnualShock, annual_task
from sandbox.simulate.grouping import Grouping, segment_columns
from sandbox.simulate.losses import Held, ordered
from sandbox.size_table import SizeTable

__all__ = ["AnnualRun", "AnnualShock", "simulate_annual"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class AnnualRun:
    """The result of a simulation: the table, and every storm's payout in order of year and time.

    storm_year  [storm] the year of each storm;  storm_paid: [storm] what the portfolio was paid
    claims      how many claims were drawn, storms apart
    losses      what protected covers paid, risk by risk; None where nobody asked
    """

    table: LossTable
    storm_year: Integers
    storm_paid: Floats
    claims: int
    losses: RiskLosses | None = None


def simulate_annual(  # noqa: PLR0913 - each is a choice of the caller
    model: AnnualModel,
    premiums: Floats,
    years: int,
    seed: int,
    *,
    shock: AnnualShock | None = None,
    varying: Mapping[str, Floats] | None = None,
    groupings: Mapping[str, Grouping] | None = None,
    protects: Sequence[str] = (),
    bands: Bands | None = None,
    execution: Execution = ONE_THREAD,
    inputs: Mapping[str, str] | None = None,
    sampling: Sampling = PLAIN,
) -> AnnualRun:
    """Simulate years. The result does not depend on the execution, to the bit.

    premiums  [cell] yearly premium of one policy, of which its time on risk earns a part
    varying   process event → [year] what its mean number of events is multiplied by that year
    protects  covers whose payouts are kept risk by risk, which takes 48 bytes each
    bands     of size, that claims are sorted into; None where nobody asks
    inputs    what the model was made of, by names that a person knows
    sampling  how the numbers of years are drawn, BadValue for so many years as it cannot draw
    """
    sampling.fits(years)
    groupings = groupings or {}
    segment, first_of = segment_columns(groupings, model.cells.size)
    width = sum(len(grouping.labels) for grouping in groupings.values())
    shock, varying = shock or AnnualShock(), varying or {}
    task = annual_task(
        model,
        premiums,
        seed,
        shock,
        segment,
        width,
        protects,
        varying,
        bands,
        sampling.drivers(years),
    )
    watch = Held(years, execution.allowed).count if task.protects.any() else None
    done = run_task(task, years, execution, inputs=inputs, watch=watch)
    total = float(_sum(premiums * model.cells.share * model.cells.policies))
    counts = done["storms"]
    by_segment = done["by_segment"]
    table = LossTable(
        columns=tuple(entry.name for entry in model.payout.entries),
        paid=done["paid"],
        premium=np.broadcast_to(total, (years,)),
        basis=model.basis.name,
        seed=seed,
        largest_event=_largest(counts, done["storm_paid"]),
        by_segment={
            name: _segment_table(model, premiums, grouping, by_segment, first_of[name], years)
            for name, grouping in groupings.items()
        },
        currency=model.product.product.currency,
        largest_claim=done["largest_claim"],
        sizes=None if bands is None else _sizes(bands, done),
        replicate=sampling.replicate(years),
    )
    return AnnualRun(
        table,
        np.repeat(np.arange(years), counts),
        done["storm_paid"],
        int(done["claims"].sum()),
        ordered(done) if protects else None,
    )


def _sizes(bands: Bands, done: Arrays) -> SizeTable:
    """Give claims by size as the kernel sorted them, fitted to what covers are paid."""
    largest, counts, paid = (done[name] for name in BANDED)
    return SizeTable(bands, counts, paid, largest).fitted(done["paid"])


def _sum(values: Floats) -> float:
    total = 0.0
    for value in values.tolist():
        total += value
    return total


def _segment_table(
    model: AnnualModel,
    premiums: Floats,
    grouping: Grouping,
    by_segment: Floats,
    first: int,
    years: int,
) -> Segments:
    size = len(grouping.labels)
    premium, earned = np.zeros(size), premiums * model.cells.share
    for cell, place in enumerate(grouping.place.tolist()):
        premium[place] += earned[cell] * model.cells.policies[cell]
    return Segments(
        labels=grouping.labels,
        paid=by_segment[:, first : first + size].copy(),
        premium=np.broadcast_to(premium, (years, size)),
    )


def _largest(counts: Integers, storm_paid: Floats) -> Floats:
    """Give the largest payout of a storm in each year, 0 without one."""
    largest = np.zeros(len(counts))
    stormy = np.flatnonzero(counts)
    if stormy.size:
        offsets = np.concatenate([[0], np.cumsum(counts)])
        largest[stormy] = np.maximum.reduceat(storm_paid, offsets[stormy])
    return largest
