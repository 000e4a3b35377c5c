"""What a run is made of, by names that a person knows: blocks of another are not taken."""

from collections.abc import Sequence

from product_factory.assembled import AssembledProduct
from product_factory.released import released
from sandbox.dependence.bind import BoundDependence
from sandbox.portfolio.portfolio import Portfolio
from sandbox.scenarios import Scenario


def inputs_of(
    product: AssembledProduct,
    portfolio: Portfolio,
    basis: str,
    seed: int,
    by: Sequence[Sequence[str]],
    scenario: Scenario | None,
    horizon: int | None,
) -> dict[str, str]:
    """Give what blocks are made of, by names that a person knows; the number of years is not."""
    return {
        "version": released(),
        "product": f"{product.name} {product.digest}",
        "portfolio": f"{portfolio.source}, sha256 {portfolio.digest}",
        "basis": basis,
        "seed": str(seed),
        "scenario": "" if scenario is None else scenario.model_dump_json(),
        "segments": "; ".join(", ".join(names) for names in by),
        "horizon": "" if horizon is None or not product.long_term else str(horizon),
    }


def ties_of(tied: BoundDependence | None, rows: int) -> dict[str, str]:
    """Give what a dependence makes of blocks; a shared factor is drawn for all years together."""
    shared = tied is not None and any(one.events for one in tied.factors)
    return {
        "dependence": "" if tied is None else f"{tied.file.says.dependence} {tied.file.digest}",
        "years of shared factors": str(rows) if shared else "",
    }
