"""How the numbers that drive a year are drawn: one kind, one file.

In use:
    sampling = find_sampling("latin_hypercube")
    sampling.fits(20_000)                       or BadValue with the nearest number of years
    sampling.drivers(20_000)                    as kernels read it
"""

from collections.abc import Mapping
from types import MappingProxyType

from product_factory.errors import BadValue, either, nearest
from sandbox.sampling.antithetic import Antithetic
from sandbox.sampling.latin_hypercube import LatinHypercube
from sandbox.sampling.plain import Plain
from sandbox.sampling.sampling import REPLICATES, Sampling
from sandbox.sampling.sobol import Sobol

PLAIN = Plain()
SAMPLINGS: Mapping[str, Sampling] = MappingProxyType(
    {one.KIND: one for one in (PLAIN, Antithetic(), LatinHypercube(), Sobol())}
)
"""Every kind by its name."""


def find_sampling(name: str) -> Sampling:
    """Give a sampling by name. Raises BadValue with the nearest known name."""
    if name not in SAMPLINGS:
        hint = nearest(name, SAMPLINGS)
        raise BadValue(f"sampling: expected {either(SAMPLINGS)}, got '{name}'{hint}")
    return SAMPLINGS[name]


__all__ = ["PLAIN", "REPLICATES", "SAMPLINGS", "Sampling", "find_sampling"]
