"""Counted events against the frequencies of a basis."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from rating.engines.collective.annual import AnnualModel
from rating.frequencies import Poisson
from sandbox.backtest.counts import Total
from sandbox.backtest.history import Count
from sandbox.backtest.outcome import CONFIDENCE, POWER, Calibration, Finding, calibration
from sandbox.backtest.series import DRAWS, Series, over_years
from sandbox.backtest.sizes import surviving

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def year_total(model: AnnualModel, name: str, policies: Integers, above: float) -> Total:
    """Give how many events of a process a year has; policies: [cell].

    above  only events whose loss is more are counted: each cell's are thinned by its own severity
    """
    for catalogue in model.catalogue:
        if catalogue.name == name:
            return Total.of([(Poisson(float(catalogue.rates.sum())), 1)])
    process = next(one for one in model.collective if one.name == name)
    counts = process.counts
    if above > 0.0:
        shares = surviving(model, process, above).tolist()
        counts = tuple(
            count.thinned(share) if 0.0 < share < 1.0 else count if share else Poisson(0.0)
            for count, share in zip(counts, shares, strict=True)
        )
    return Total.of(zip(counts, policies.tolist(), strict=True))


def frequency(
    model: AnnualModel,
    name: str,
    seen: Mapping[int, Count],
    policies: Mapping[int, Integers],
    random: np.random.Generator,
    level: float,
) -> tuple[list[Finding], Calibration | None]:
    """Test a process; policies: year → [cell]; level: the chance at which power is told.

    Nothing is tested where no event is expected and none was seen.
    """
    years = sorted(seen)
    totals = [year_total(model, name, policies[year], seen[year].above) for year in years]
    whole = Total.of(part for total in totals for part in total.parts)
    numbers = [seen[year].events for year in years]
    if not whole.mean > 0.0:
        if not sum(numbers):
            return [], None
        return [Finding("frequency", name, "level", np.inf, np.inf, np.inf, 0.0)], None
    found = [level_test(name, whole, sum(numbers), level)]
    drawn = np.stack([total.drawn(random, DRAWS) for total in totals], axis=1)
    series = Series(
        years,
        np.array(numbers, dtype=np.float64),
        np.array([total.mean for total in totals]),
        np.array([total.variance for total in totals]),
        drawn,
        powers=(1,),
    )
    found += over_years(series, "frequency", name, level)
    pit = np.array(
        [
            total.distribution(n - 1) + share * total.probability(n)
            for total, n, share in zip(totals, numbers, random.random(len(years)), strict=True)
        ]
    )
    pit = np.minimum(pit, 1.0)
    return found, calibration("frequency", name, years, sum(numbers), whole.mean, pit)


def level_test(name: str, whole: Total, events: int, level: float) -> Finding:
    """Test how many there were in all, exactly; the factor comes with its exact interval."""
    low, high = whole.interval(events, CONFIDENCE)
    # the least number that is too many, and the factor with which it is reached so often
    many = whole.quantile(1.0 - level / 2.0) + 1
    finds = whole.factor_with(many - 1, 1.0 - POWER) - 1.0
    p = whole.two_sided(events)
    return Finding("frequency", name, "level", events / whole.mean, low, high, p, finds)
