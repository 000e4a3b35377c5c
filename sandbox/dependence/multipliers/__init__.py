"""The family of multipliers of mean one, one kind in one file."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, TypeAlias

from pydantic import Field

from sandbox.dependence.multipliers.gamma import Gamma
from sandbox.dependence.multipliers.lognormal import Lognormal
from sandbox.dependence.multipliers.multiplier import Multiplier
from sandbox.dependence.multipliers.shock import ShockYears

AnyMultiplier: TypeAlias = Annotated[Gamma | Lognormal | ShockYears, Field(discriminator="kind")]

MULTIPLIERS: Mapping[str, type[Multiplier]] = MappingProxyType(
    {"gamma": Gamma, "lognormal": Lognormal, "shock": ShockYears}
)
"""Every multiplier by the word that stands after `kind:`."""

__all__ = ["MULTIPLIERS", "AnyMultiplier", "Gamma", "Lognormal", "Multiplier", "ShockYears"]
