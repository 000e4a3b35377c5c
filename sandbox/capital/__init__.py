"""Regulatory capital: one regime, one file; its factors are dated parameters of the shelf."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, TypeAlias

from pydantic import Field, TypeAdapter

from sandbox.capital.c_ross import CRoss
from sandbox.capital.factors import Factors
from sandbox.capital.item import Item
from sandbox.capital.solvency_ii import SolvencyTwo

Regime: TypeAlias = type[CRoss | SolvencyTwo]

REGIMES: Mapping[str, Regime] = MappingProxyType({"c_ross": CRoss, "solvency_ii": SolvencyTwo})
"""Every regime by the word that stands after `kind:`."""

COMPANY: TypeAdapter[CRoss | SolvencyTwo] = TypeAdapter(
    Annotated[CRoss | SolvencyTwo, Field(discriminator="kind")]
)
"""Reads a company's file."""

__all__ = ["COMPANY", "REGIMES", "CRoss", "Factors", "Item", "Regime", "SolvencyTwo"]
