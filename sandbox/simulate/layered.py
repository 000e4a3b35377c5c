"""Years of a cover that pays each claim by itself: drawn above the deductible, paid from a table.

The fast path beside `sandbox.simulate.annual` for the commonest excess of loss: an amount that is
one drawn mark, and the lines deductible, share and limit, each the same for every claim and none
with a balance that claims share. Three devices make it fast; the first two change nothing in
distribution, and the error of the third is known:

- thinning: of N claims, those above the deductible are a count of the same kind again, with
  parameters of their own (`Frequency.thinned`), and only they are drawn;
- the count is found in its distribution function through a guide (H. C. Chen and Y. Asau, "On
  generating random variates from an empirical distribution", AIIE Transactions 6, 1974), and is
  the count that `Frequency.quantile` gives;
- a payment is read off a table of quantiles, linear in between, whose first and last steps are
  computed instead. What the table adds to the mean is compared with the closed form of the layer
  and must be at most TABLE_ERROR of it; a severity for which it is more is refused.

More frequent claims leave those of a year in place and add others: a year's total never falls as
the frequency, the share or the limit rises. Another deductible or severity thins anew, so that
years under it are coupled by their counts only; `simulate_annual` couples them claim by claim.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadValue, either
from product_factory.numbers.domains import require
from rating.frequencies import FREQUENCIES, Frequency, NegativeBinomial, Poisson
from rating.kernels.random import stream_key
from rating.severities import SEVERITIES, Severity
from sandbox.execution import ONE_THREAD, Arrays, Execution, run_task
from sandbox.kernels.layered import (
    EXACT,
    GUIDES,
    STEPS,
    Layer,
    count_chances,
    excess_quantiles,
    simulate_layer,
    tabled_mean,
)

Floats = npt.NDArray[np.float64]

TABLE_ERROR = 1e-5
"""The most that the table may add to or take from the mean payment, relative."""
LEAST_ABOVE = 1e-9
"""The least chance of a claim above the deductible at which its quantiles keep their digits."""
MOST_COUNTS = 1 << 20
"""The most counts that a table of their chances may have."""
LIKELY = 1.0 - 2.0**-53
WORDS = 1 << 32


@dataclass(frozen=True)
class LayeredCover:
    """A cover made ready for the kernel.

    mean         expected payment of a year, in closed form, in currency
    table_error  what the table of quantiles adds to the mean, relative to it
    """

    layer: Layer
    mean: float
    table_error: float


@dataclass(frozen=True)
class LayeredTask:
    """Years of a cover; a block has `totals`, [year].

    key, process  the stream that is drawn
    """

    layer: Layer
    key: int
    process: int

    @property
    def by_row(self) -> Sequence[str]:
        """Names of arrays with a place for each year."""
        return ("totals",)

    @property
    def row_bytes(self) -> int:
        """Bytes of a year."""
        return 8

    @property
    def work(self) -> int:
        """A claim takes some nanoseconds."""
        return 1

    @property
    def counted(self) -> Sequence[str]:
        """Nothing is counted."""
        return ()

    def block(self, first: int, last: int) -> Arrays:
        """Simulate the years first … last - 1."""
        totals = np.empty(last - first)
        simulate_layer(self.layer, np.uint64(self.key), np.uint64(self.process), first, totals)
        return {"totals": totals}


def layered_cover(
    frequency: Frequency,
    severity: Severity,
    deductible: float = 0.0,
    share: float = 1.0,
    limit: float = math.inf,
) -> LayeredCover:
    """Make a cover ready that pays min(share (X - deductible)+, limit) for each claim X.

    deductible  0 or more;  share: above 0, at most 1;  limit: above 0, may be infinite
    BadValue for whatever this way cannot do, which the general simulation may.
    """
    _known("frequency", frequency, FREQUENCIES)
    _known("severity", severity, SEVERITIES)
    require("deductible", deductible, "0 or more", holds=deductible >= 0.0)
    require("share", share, "above 0 and at most 1", holds=0.0 < share <= 1.0)
    if not limit > 0.0:
        raise BadValue(f"limit: expected above 0, got {limit:g}")
    above = severity.survival(deductible)
    if above < LEAST_ABOVE:
        expected = f"one that a claim exceeds with a chance of at least {LEAST_ABOVE:g}"
        raise BadValue(f"deductible: expected {expected}, got {deductible:g} ({above:g})")
    p0, p1, p2 = severity.parameters()
    excesses = excess_quantiles(severity.CODE, p0, p1, p2, above, deductible)
    payment = share * severity.expected_layer(deductible, limit / share) / above
    error = _table_error(severity, deductible, share, limit, excesses) / payment
    if not abs(error) <= TABLE_ERROR:
        expected = f"one whose table keeps the mean to {TABLE_ERROR:g}"
        raise BadValue(f"severity: expected {expected}, got {error:g} for {severity}")
    thinned = frequency.thinned(above)
    first, chances = _counts(thinned)
    if chances.size == 0:
        expected = f"a count with at most {MOST_COUNTS} likely values above the deductible"
        raise BadValue(f"frequency: expected {expected}, got {frequency}")
    edges = np.arange(GUIDES) / GUIDES
    layer = Layer(
        first=first,
        chances=chances,
        guide=np.searchsorted(chances, edges, "left").astype(np.int64),
        excesses=excesses,
        code=severity.CODE,
        p0=p0,
        p1=p1,
        p2=p2,
        above=above,
        deductible=float(deductible),
        share=float(share),
        limit=float(limit),
    )
    return LayeredCover(layer, thinned.mean * payment, error)


def simulate_layered(  # noqa: PLR0913 - each is a choice of the caller
    frequency: Frequency,
    severity: Severity,
    deductible: float,
    share: float,
    limit: float,
    years: int,
    seed: int,
    *,
    cell: int = 0,
    process: int = 0,
    execution: Execution = ONE_THREAD,
) -> Floats:
    """Simulate yearly totals, in currency: [year]. See `layered_cover` for the terms.

    cell, process  which stream is drawn, as in `simulate_annual`: the hash of a cell, a process
    The result does not depend on the execution, to the bit, and more years move none.
    """
    cover = layered_cover(frequency, severity, deductible, share, limit)
    require("years", years, "1 to 4294967296", holds=1 <= years <= WORDS)
    require("seed", seed, "0 or more, below 2**64", holds=0 <= seed < WORDS * WORDS)
    require("process", process, "0 or more, below 2**32", holds=0 <= process < WORDS)
    key = int(stream_key(np.uint64(seed), np.uint64(cell)))
    task = LayeredTask(cover.layer, key, process)
    return run_task(task, years, execution)["totals"]


def _counts(count: Frequency) -> tuple[int, Floats]:
    """Give the first count and the chances up to it and those that follow, none for too many."""
    if isinstance(count, Poisson | NegativeBinomial):
        chances = np.empty(MOST_COUNTS)
        first, size = count_chances(count.CODE, *count.parameters(), chances)
        return first, chances[: max(size, 0)].copy()
    most = count.quantile(LIKELY)
    if most >= MOST_COUNTS:
        return 0, np.zeros(0)
    return 0, np.array([*(count.distribution(n) for n in range(most)), 1.0])


def _known(
    name: str,
    model: Frequency | Severity,
    kinds: dict[str, type[Frequency]] | dict[str, type[Severity]],
) -> None:
    if type(model) not in kinds.values():
        raise BadValue(f"{name}: expected {either(kinds)}, got {type(model).__name__}")


def _table_error(
    severity: Severity, deductible: float, share: float, limit: float, excesses: Floats
) -> float:
    """Give the mean payment of the steps that are looked up, less its closed form."""
    above = severity.survival(deductible)

    def mean_up_to(excess: float) -> float:
        layer = severity.expected_layer(deductible, min(limit / share, excess))
        return share * layer / above

    first, end = float(excesses[1]), float(excesses[-1])
    first_step = mean_up_to(first) - min(share * first, limit) * (1.0 - 1.0 / STEPS)
    last_steps = min(share * end, limit) * (EXACT / STEPS)
    exact = mean_up_to(end) - first_step - last_steps
    return tabled_mean(excesses, share, limit) - exact
