"""What lines need alone, and what they need together."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sandbox.loss_table import LossTable
from sandbox.measures import Measured, Sample, TailValueAtRisk, estimated
from sandbox.measures.exact import exact_sum
from sandbox.measures.replicates import by_replicates

Floats = npt.NDArray[np.float64]
LEVEL = 0.99


@dataclass(frozen=True)
class Diversification:
    """Tail values at risk of lines alone and of all of them.

    alone    line → its own;  total: their sum;  joint: that of the lines added up year by year
    benefit  (total - joint) / total: 0 where all lines are worst in the same years
    """

    alone: Mapping[str, Measured]
    total: Measured
    joint: Measured
    benefit: Measured


def of_table(table: LossTable) -> Diversification:
    """Measure the covers of a table that were paid anything."""
    lines = {name: table.paid[:, place] for place, name in enumerate(table.columns)}
    paid = {name: values for name, values in lines.items() if values.any()}
    return diversification(paid or lines, table.replicate)


def diversification(lines: Mapping[str, Floats], replicate: int = 1) -> Diversification:
    """Measure lines by their results, [year] each; errors take the years as pairs.

    replicate  years, one after the other, that were drawn together
    """
    measure = TailValueAtRisk(level=LEVEL)
    whole = np.zeros(len(next(iter(lines.values()))))
    for values in lines.values():
        whole += values
    alone = {
        name: estimated(measure, Sample(values, replicate=replicate))
        for name, values in lines.items()
    }
    joint = estimated(measure, Sample(whole, replicate=replicate))
    total = math.fsum(one.value for one in alone.values())
    moves = np.zeros(len(whole))
    for name, values in lines.items():
        moves += measure.influence(Sample(values), alone[name].value)
    joint_moves = measure.influence(Sample(whole), joint.value)
    why = "; ".join(dict.fromkeys(one.why for one in (joint, *alone.values()) if one.why))
    known = all(math.isfinite(one.error) for one in alone.values())
    both_known = known and math.isfinite(joint.error)
    benefit = (total - joint.value) / total if total > 0.0 else 0.0
    benefit_moves = (1.0 - benefit) * moves - joint_moves
    return Diversification(
        alone,
        _measured(total, moves, why, replicate, known=known),
        joint,
        _measured(
            benefit,
            benefit_moves / total if total > 0.0 else moves,
            why,
            replicate,
            known=both_known,
        ),
    )


def _measured(value: float, moves: Floats, why: str, replicate: int, *, known: bool) -> Measured:
    n = len(moves)
    if not known:  # the rows of a part do not tell its error
        return Measured.normal(value, math.inf, "influence of each year, lines paired", n, why)
    if replicate > 1:
        method = "influence of each replicate, lines paired"
        return by_replicates(value, moves, replicate, method, why)
    apart = moves - exact_sum(moves) / n
    error = math.sqrt(exact_sum(apart * apart) / (n - 1) / n)
    return Measured.normal(value, error, "influence of each year, lines paired", n, why)
