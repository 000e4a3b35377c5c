"""Futures of a portfolio: years of what is annual, run-offs of what is long-term."""
