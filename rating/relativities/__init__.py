"""Relativities from policies and claims: generalised linear models, filed as tables and steps."""

from rating.relativities.data import Policies, read_policies
from rating.relativities.result import Result, fit_relativities
from rating.relativities.specification import Relativities

__all__ = ["Policies", "Relativities", "Result", "fit_relativities", "read_policies"]
