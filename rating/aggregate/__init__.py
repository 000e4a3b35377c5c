"""What the claims of a year add up to: a lattice, Fourier or Panjer, and the figures of the sum."""

from rating.aggregate.fourier import by_fourier
from rating.aggregate.lattice import Lattice, lump
from rating.aggregate.recursion import by_panjer
from rating.aggregate.terms import ClaimTerms

__all__ = ["ClaimTerms", "Lattice", "by_fourier", "by_panjer", "lump"]
