"""How much a measure moves between two runs on common random numbers, with the error of the move.

A measure is, to first order, a mean of influences: what each row adds to it beyond its value
(Hampel 1974, Journal of the American Statistical Association 69, 383-393). Two
runs on the same random numbers pair their rows, so that the error of the difference is that of the
mean of paired differences of influences, which is far below what two separate errors would say.
"""

import math

from product_factory.errors import BadValue
from sandbox.measures import Measure, Measured, Sample
from sandbox.measures.exact import exact_sum
from sandbox.measures.replicates import by_replicates
from sandbox.measures.spread import distrust


def difference(measure: Measure, base: Sample, shocked: Sample) -> Measured:
    """Give the measure of `shocked` less that of `base`, row by row on the same random numbers.

    Two runs that are equal to the bit differ by exactly 0 with an error of 0; where the rows cannot
    bound the measure, the error is infinite. Of rows that were drawn together, by replicates.
    """
    n = len(base.values)
    if len(shocked.values) != n:
        message = f"a difference: expected {n} rows in both runs, got {len(shocked.values)}"
        raise BadValue(message)
    method = "difference on common random numbers; paired influences, normal interval"
    before, after = measure.measure(base), measure.measure(shocked)
    moved = measure.influence(shocked, after.value) - measure.influence(base, before.value)
    spread = moved - exact_sum(moved) / n
    error = math.sqrt(exact_sum(spread * spread) / (n - 1) / n)
    if math.isnan(error):  # rows that cannot bound a measure cannot bound its move
        error = math.inf
    if not moved.any():
        return Measured(after.value - before.value, 0.0, 0.0, 0.0, method, n)
    # rows that all move by the same amount leave no error at all
    why = distrust(spread) if spread.any() else ""
    why = before.why or after.why or why
    if base.replicate > 1:
        method = "difference on common random numbers; paired influences of replicates, Student"
        return by_replicates(after.value - before.value, moved, base.replicate, method, why)
    return Measured.normal(after.value - before.value, error, method, n, why)
