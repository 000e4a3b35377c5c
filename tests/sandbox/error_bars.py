"""How often the 95% intervals of a run hold the exact value, over many runs of the same years.

Exact values know no random numbers: the mean is frequency times mean claim, quantiles come from
the Fourier transform of claims on a lattice, and the tail beyond a quantile is the exact mean less
what lies below it, so that nothing is lost where the lattice ends.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rating.aggregate import ClaimTerms, by_fourier, lump
from rating.frequencies import Frequency, NegativeBinomial, Poisson
from rating.severities import Gamma, Lognormal, Pareto, Severity
from sandbox.execution import Execution
from sandbox.measures import Mean, Sample, TailValueAtRisk, ValueAtRisk
from sandbox.simulate.layered import simulate_layered

LEVEL = 0.99
MEASURES = {
    "mean": Mean(),
    "VaR 99%": ValueAtRisk(level=LEVEL),
    "TVaR 99%": TailValueAtRisk(level=LEVEL),
}
SEED = 20260301


@dataclass(frozen=True)
class Book:
    """Yearly claims; `top` is where the lattice ends, of `points` points."""

    frequency: Frequency
    severity: Severity
    deductible: float
    limit: float
    top: float
    points: int = 1 << 16

    def exact(self):
        """Give the mean, the quantile and the mean beyond it, without random numbers."""
        terms = ClaimTerms(self.deductible, self.limit)
        step = self.top / self.points
        total = by_fourier(
            self.frequency, lump(self.severity, terms, step, self.points), self.points
        )
        mean = self.frequency.mean * terms.layer(self.severity, 0.0, np.inf)
        quantile = total.var(LEVEL)
        beyond = (mean - total.limited_mean(quantile)) / (1.0 - LEVEL)
        return {"mean": mean, "VaR 99%": quantile, "TVaR 99%": quantile + beyond}

    def runs(self, runs: int, years: int):
        """Simulate, [run, year]: runs are years that follow one another, and independent."""
        totals = simulate_layered(
            self.frequency,
            self.severity,
            self.deductible,
            1.0,
            self.limit,
            runs * years,
            SEED,
            execution=Execution.on(2),
        )
        return totals.reshape(runs, years)


LIGHT = {
    "Poisson(20) gamma": Book(Poisson(20.0), Gamma(2.0, 1_000.0), 0.0, np.inf, 400_000.0),
    "negative binomial(20, 2) gamma": Book(
        NegativeBinomial(20.0, 2.0), Gamma(2.0, 1_000.0), 0.0, np.inf, 400_000.0
    ),
    "Poisson(50) lognormal(8, 1.8), layer 500,000 xs 2,000": Book(
        Poisson(50.0), Lognormal(8.0, 1.8), 2_000.0, 500_000.0, 6_000_000.0
    ),
}
HEAVY = {
    "Poisson(5) lognormal(8, 2)": Book(
        Poisson(5.0), Lognormal(8.0, 2.0), 0.0, np.inf, 40_000_000.0, 1 << 18
    ),
    "Poisson(5) Pareto(2.5)": Book(
        Poisson(5.0), Pareto(2.5, 1_000.0), 0.0, np.inf, 4_000_000.0, 1 << 18
    ),
    "Poisson(5) Pareto(1.8)": Book(
        Poisson(5.0), Pareto(1.8, 1_000.0), 0.0, np.inf, 40_000_000.0, 1 << 18
    ),
}


class Covered(NamedTuple):
    """Parts of the runs, in percent.

    held     whose interval holds the exact value
    trusted  whose interval says that it can be trusted
    held_of_trusted   of those, whose interval holds it
    """

    held: float
    trusted: float
    held_of_trusted: float


def covered(book: Book, runs: int, years: int) -> dict[str, Covered]:
    """Measure every run."""
    exact = book.exact()
    hits = {name: np.zeros((runs, 2), dtype=bool) for name in MEASURES}
    for place, row in enumerate(book.runs(runs, years)):
        sample = Sample(row)
        for name, measure in MEASURES.items():
            one = measure.measure(sample)
            hits[name][place] = one.low <= exact[name] <= one.high, one.trusted
    return {name: _covered(found) for name, found in hits.items()}


def _covered(found) -> Covered:
    held, trusted = found[:, 0], found[:, 1]
    among = 100.0 * held[trusted].mean() if trusted.any() else float("nan")
    return Covered(100.0 * held.mean(), 100.0 * trusted.mean(), among)


def table(runs: int, years: int) -> list[str]:
    """Give the rows of the page docs/error_bars.md."""
    return [
        f"| {name} | {measure} | {' | '.join(f'{part:.1f}%' for part in one)} |"
        for name, book in (LIGHT | HEAVY).items()
        for measure, one in covered(book, runs, years).items()
    ]


if __name__ == "__main__":
    print("\n".join(table(1_000, 20_000)))
