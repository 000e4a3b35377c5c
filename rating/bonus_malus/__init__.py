"""Bonus-malus scales as Markov chains: where policies come to stand, and what they should pay."""

from rating.bonus_malus.scale import Scale, Standing, standing, stationary, transitions
from rating.bonus_malus.specification import BonusMalusSpec, Claims, read_claims

__all__ = [
    "BonusMalusSpec",
    "Claims",
    "Scale",
    "Standing",
    "read_claims",
    "standing",
    "stationary",
    "transitions",
]
