"""The plots of a run: one plot, one file; each is a function that gives a PNG."""

from sandbox.results.plots.canvas import Language, chinese_font
from sandbox.results.plots.convergence import convergence_png
from sandbox.results.plots.exceedance import exceedance_png
from sandbox.results.plots.loss_ratio import loss_ratio_png

__all__ = ["Language", "chinese_font", "convergence_png", "exceedance_png", "loss_ratio_png"]
