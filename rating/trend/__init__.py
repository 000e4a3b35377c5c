"""Trends of frequency, severity and pure premium, fitted to the years of a history."""

from rating.trend.regression import Line, Trends, fit_trends
from rating.trend.specification import History, TrendSpec, read_history

__all__ = ["History", "Line", "TrendSpec", "Trends", "fit_trends", "read_history"]
