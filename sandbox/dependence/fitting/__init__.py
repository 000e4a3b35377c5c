"""Copulas fitted to data: by Kendall's tau or by likelihood, with goodness of fit."""

from sandbox.dependence.fitting.fitted import Fitted, fit_copulas
from sandbox.dependence.fitting.specification import DependenceSpec, Results, read_results

__all__ = ["DependenceSpec", "Fitted", "Results", "fit_copulas", "read_results"]
