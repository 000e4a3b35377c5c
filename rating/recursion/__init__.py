"""Explain: the recursion of one policy's value, year by year, in notation and in words."""

from rating.recursion.page import recursion_lines, recursion_told
from rating.recursion.recursion import Recursion, Step, Term

__all__ = ["Recursion", "Step", "Term", "recursion_lines", "recursion_told"]
