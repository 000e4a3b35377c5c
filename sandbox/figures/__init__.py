"""What a gate may name: a figure of each simulated row, for a portfolio or for a segment of it."""

from sandbox.figures.figure import FIGURES, Figure, asks_result, figure, unfit, unit
from sandbox.figures.paired import difference, difference_of_differences
from sandbox.figures.segments import segment_tables

__all__ = [
    "FIGURES",
    "Figure",
    "asks_result",
    "difference",
    "difference_of_differences",
    "figure",
    "segment_tables",
    "unfit",
    "unit",
]
