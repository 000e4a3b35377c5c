"""Judge a rate: enough at a confidence, stable, fair by segment; with what answers to its price."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from product_factory.errors import At, BadInput, nearest
from rating.engines.multistate.grid import ELAPSED
from sandbox.adequacy.asked import Selection
from sandbox.adequacy.clusters import Origins, clustered, origins, share_of
from sandbox.adequacy.needed import MORE, Floats, Rows, dearer, rows_of, step_to
from sandbox.adequacy.segments import (
    Cut,
    Segment,
    annual_cuts,
    classified,
    computed_cuts,
    variables_of,
)
from sandbox.adequacy.selection import Drift, drift
from sandbox.loss_table import LossTable
from sandbox.measures import Mean, Measured, Sample, ValueAtRisk
from sandbox.portfolio.portfolio import Portfolio
from sandbox.run import basis_of
from sandbox.runs import Runs
from sandbox.scenarios import Scenario
from sandbox.uncertainty.assumption import Assumption
from sandbox.uncertainty.draw import drawn, scenario_at, seed_of

Verdict = Literal["adequate", "inadequate", "undecided"]
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Wanted:
    """What is asked of a rate.

    confidence  in how many rows of a hundred the premium must be enough;  target: share of premium
    by          classifications, none for every variable that tells policies apart
    uncertainty how well assumptions are known;  draws: how many sets of them are drawn
    """

    confidence: float
    target: float
    basis: str
    by: tuple[str, ...] = ()
    uncertainty: tuple[Assumption, ...] = ()
    draws: int = 100
    selection: Selection | None = None


@dataclass(frozen=True)
class Adequacy:
    """What came of it.

    covered     share of rows in which premium pays claims, expenses and target
    change      the rate change that is enough at the confidence;  on_average: in the mean
    loss_ratio, combined   claims over premium, and with expenses
    known       the loss ratio's mean by draw of assumptions, ascending; empty without uncertainty;
                drawn together so far that they spread as the assumptions alone make them
    """

    wanted: Wanted
    rows: Rows
    covered: Measured
    change: Measured
    on_average: Measured
    loss_ratio: Measured
    combined: Measured
    origins: Origins | None
    known: Floats
    segments: tuple[Segment, ...]
    drift: Drift | None
    verdict: Verdict


def adequacy(runs: Runs, wanted: Wanted) -> Adequacy:
    """Judge the rate of a product.

    Raises BadInput for a classification that is unknown, and for contracts in force.
    """
    product = runs.product
    if runs.portfolio.in_force:
        text = (
            "expected contracts at issue, by which a rate is judged, got some of which policy "
            f"years are over; leave out '{ELAPSED}'"
        )
        raise BadInput.one(At(runs.portfolio.source), "", text)
    basis = basis_of(product, wanted.basis, At("--basis"))
    by = wanted.by or variables_of(product, runs.portfolio)
    every = dict.fromkeys((*by, *([] if wanted.selection is None else [wanted.selection.by])))
    _known(runs.portfolio, wanted)
    portfolio = classified(product, tuple(every), runs.portfolio)
    names = () if product.long_term else tuple((name,) for name in every)
    run = runs.fresh(wanted.basis, portfolio=portfolio, by=names)
    rows = rows_of(run.table, runs.fresh(wanted.basis, portfolio=dearer(portfolio)).table)
    more = MORE
    if product.long_term:
        how = ValueAtRisk(level=wanted.confidence)
        more = step_to(how.measure(Sample(rows.needed(wanted.target))).value)
        dear = runs.fresh(wanted.basis, portfolio=dearer(portfolio, more))
        rows = rows_of(run.table, dear.table, more)
        cuts = computed_cuts(product, portfolio, wanted.basis, tuple(every), more)
    else:
        claims = {name: run.table.by_segment[name].paid for name in every}
        cuts = annual_cuts(portfolio, basis, claims, tuple(every))
    draws = 0
    if wanted.uncertainty:
        rows, draws = _uncertain(runs, wanted, rows, more)
    return _judged(wanted, rows, draws, {cut.by: cut for cut in cuts}, by)


def _known(portfolio: Portfolio, wanted: Wanted) -> None:
    for name in wanted.by:
        if name not in portfolio.classes:
            text = f"unknown classification '{name}'{nearest(name, portfolio.classes)}"
            raise BadInput.one(At("--by"), "", text)
    chosen = wanted.selection
    if chosen is not None and chosen.by not in portfolio.classes:
        text = f"unknown classification '{chosen.by}'{nearest(chosen.by, portfolio.classes)}"
        raise BadInput.one(chosen.place("by"), "by", text)


def _uncertain(runs: Runs, wanted: Wanted, rows: Rows, more: float) -> tuple[Rows, int]:
    """Give rows of many draws of the assumptions, draw after draw, each with years of its own."""
    assert runs.years is not None  # noqa: S101 - a study says how many
    draws = wanted.draws
    size = max(2, runs.years // draws)
    share = rows.rises / rows.premium
    alike = bool(np.allclose(share, share[0], rtol=1e-9, atol=1e-12))
    found = []
    for draw, values in enumerate(drawn(wanted.uncertainty, draws, runs.seed)):
        scenario = scenario_at(wanted.uncertainty, values.tolist())
        seed = seed_of(runs.seed, draw)

        def table_of(
            portfolio: Portfolio, scenario: Scenario = scenario, seed: int = seed
        ) -> LossTable:
            made = runs.fresh(wanted.basis, scenario, portfolio=portfolio, years=size, seed=seed)
            return made.table

        table = table_of(runs.portfolio)
        if alike:  # the same share of every premium, whatever happens
            spent = np.zeros(size) if table.expenses is None else table.expenses
            found.append(Rows(table.premium, table.total(), spent, table.premium * share[0]))
        else:
            found.append(rows_of(table, table_of(dearer(runs.portfolio, more)), more))
    return found[0].and_then(found[1:]), draws


def _judged(
    wanted: Wanted, rows: Rows, draws: int, cuts: dict[str, Cut], by: Sequence[str]
) -> Adequacy:
    def measure(how: Mean | ValueAtRisk, sample: Sample) -> Measured:
        return clustered(how, sample, draws) if draws else how.measure(sample)

    change = rows.needed(wanted.target)
    covered = share_of(change <= 0.0, draws)
    kept = rows.premium * (1.0 - wanted.target) - rows.rises
    short = rows.claims + rows.expenses - rows.premium * (1.0 - wanted.target)
    ratio = Sample.ratio(rows.claims, rows.premium)
    combined = Sample.ratio(rows.claims + rows.expenses, rows.premium)
    split = origins(ratio.values, draws) if draws else None
    return Adequacy(
        wanted=wanted,
        rows=rows,
        covered=covered,
        change=measure(ValueAtRisk(level=wanted.confidence), Sample(change)),
        on_average=measure(Mean(), Sample.ratio(short, kept)),
        loss_ratio=measure(Mean(), ratio),
        combined=measure(Mean(), combined),
        origins=split,
        known=np.zeros(0) if split is None else _known_means(ratio.values, split, draws),
        segments=tuple(one for name in by for one in cuts[name].segments(wanted.target)),
        drift=None
        if wanted.selection is None
        else drift(cuts[wanted.selection.by], wanted.selection, wanted.target),
        verdict=_verdict(covered, wanted.confidence),
    )


def _known_means(values: Floats, split: Origins, draws: int) -> Floats:
    """Give the mean of each draw without what its few years add to the spread."""
    means = values.reshape(draws, -1).mean(axis=1)
    noise = split.process * draws / len(values)
    spread = split.parameter + noise
    shrunk = math.sqrt(split.parameter / spread) if spread > 0.0 else 0.0
    return np.asarray(np.sort(means.mean() + shrunk * (means - means.mean())), np.float64)


def _verdict(covered: Measured, confidence: float) -> Verdict:
    if covered.low >= confidence:
        return "adequate"
    return "inadequate" if covered.high < confidence else "undecided"
