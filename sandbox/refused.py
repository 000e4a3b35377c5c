"""What a run cannot be asked together, refused before anything is simulated."""

from collections.abc import Sequence

from product_factory.assembled import AssembledProduct
from product_factory.errors import At, BadInput, BadValue
from rating.engines.collective.annual import items_hit
from sandbox.by_policy_year import POLICY_YEAR
from sandbox.dependence.bind import BoundDependence
from sandbox.measures import Ruin, TimeToRuin
from sandbox.questions import Questions
from sandbox.sampling import PLAIN, Sampling


def refuse_policy_years(product: AssembledProduct, by: Sequence[tuple[str, ...]]) -> None:
    """Refuse policy years of contracts of one, and those that are crossed with something."""
    for names in by:
        if POLICY_YEAR[0] in names and (not product.long_term or names != POLICY_YEAR):
            text = "expected policy_year alone, of a product of long-term contracts"
            raise BadInput.one(At("--by"), "", f"{text}; got {', '.join(names)} of {product.name}")


def refuse_together(
    sampling: Sampling,
    rows: int,
    product: AssembledProduct,
    tied: BoundDependence | None,
    horizon: int | None,
    asked: Questions,
) -> None:
    """Raise BadValue for what would take years that were drawn together as independent.

    Also for a number of years that the sampling cannot draw.
    """
    if sampling is PLAIN:
        return
    why = ""
    if product.long_term:
        why = f"{product.name} is long-term, and every policy is drawn by itself"
    elif items_hit(product):
        why = f"events of {product.name} happen to items one by one, which are drawn by themselves"
    elif horizon is not None and horizon > 1:
        why = f"{horizon} years of a row would depend on one another"
    elif tied is not None and tied.reordered:
        why = "results that are reordered leave their replicates"
    elif tied is not None and any(one.factor.lasts > 1 for one in tied.factors):
        why = "a shared factor lasts for several years, which would depend on one another"
    elif any(isinstance(one.measure, Ruin | TimeToRuin) for one in asked.watched):
        why = "ruin follows years one after the other, which would depend on one another"
    elif asked.bands is not None:
        why = "claims by size are measured of years that are drawn by themselves"
    if why:
        raise BadValue(f"--sampling: expected plain, since {why}; got {sampling.KIND}")
    sampling.fits(rows)
