"""The family of copulas, one kind in one file.

In use:
    copula = line.bound(lines)                        from what a file says
    u = copula.sample(stream_key(seed, name), 0, years)
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, TypeAlias

from pydantic import Field

from sandbox.dependence.copulas.clayton import Clayton, ClaytonLine
from sandbox.dependence.copulas.comonotonic import Comonotonic, ComonotonicLine
from sandbox.dependence.copulas.copula import Copula
from sandbox.dependence.copulas.frank import Frank, FrankLine
from sandbox.dependence.copulas.gaussian import Gaussian, GaussianLine
from sandbox.dependence.copulas.gumbel import Gumbel, GumbelLine
from sandbox.dependence.copulas.independence import Independence, IndependenceLine
from sandbox.dependence.copulas.t import T, TLine

AnyCopula: TypeAlias = Annotated[
    ClaytonLine
    | ComonotonicLine
    | FrankLine
    | GaussianLine
    | GumbelLine
    | IndependenceLine
    | TLine,
    Field(discriminator="kind"),
]

COPULAS: Mapping[str, type[Copula]] = MappingProxyType(
    {kind.KIND: kind for kind in (Clayton, Comonotonic, Frank, Gaussian, Gumbel, Independence, T)}
)
"""Every copula by the word that stands after `kind:`."""

__all__ = [
    "COPULAS",
    "AnyCopula",
    "Clayton",
    "Comonotonic",
    "Copula",
    "Frank",
    "Gaussian",
    "Gumbel",
    "Independence",
    "T",
]
