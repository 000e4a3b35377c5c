"""The assumptions that a study draws: those asked, or the product's own."""

from product_factory.strict import read_as
from sandbox.studies.asked import Asked, listed
from sandbox.uncertainty.assumption import UNCERTAINTY, Assumption
from sandbox.uncertainty.draw import fit_to


def uncertainty_of(asked: Asked) -> tuple[Assumption, ...]:
    """Give the assumptions under `uncertainty`, else those of the product's uncertainty.yaml.

    Raises BadInput, with its place, for one that the product does not have.
    """
    found: tuple[Assumption, ...] = asked.product.files.get("uncertainty", ())
    if "uncertainty" in asked.texts:
        found = read_as(UNCERTAINTY, listed(asked.node("uncertainty")))
    if found:
        fit_to(asked.product, found)
    return found
