"""What a gate may name: a figure of each simulated row, for a portfolio or for a segment of it."""

from sandbox.figures.figure import FIGURES, Figure, figure, unfit
from sandbox.figures.paired import difference
from sandbox.figures.segments import segment_tables

__all__ = ["FIGURES", "Figure", "difference", "figure", "segment_tables", "unfit"]
