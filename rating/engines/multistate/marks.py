"""The marks that an event may carry, with their chances on a basis."""

from itertools import product as combinations

from product_factory.assembled import AssembledBasis, AssembledProduct
from product_factory.check_bases import unread_marks
from product_factory.constants import constant
from product_factory.errors import BadInput
from product_factory.risk import Shares
from product_factory.scopes import general_scope
from product_factory.types import Type

RATIO = Type("ratio")
SHARES_TOLERANCE = 1e-9
"""How far the sum of written shares may lie from 1: rounding of the parts."""


def marks(
    product: AssembledProduct, basis: AssembledBasis, event: str
) -> list[tuple[dict[str, str], float]]:
    """Give every combination of choices that the marks of an event may take, with its chance.

    Raises BadInput for a mark that is no choice, and for shares that do not add up to 100%.
    """
    alias = event.partition(".")[0]
    unread = unread_marks(product, basis)
    names: list[str] = []
    choices: list[list[tuple[str, float]]] = []
    scope = general_scope(product)
    for mark in product.processes[alias].marks:
        if mark in unread and mark not in basis.risk[alias]:
            continue
        risk = basis.risk[alias][mark]
        path = f"{basis.name}.risk.{alias}.{mark}"
        if not isinstance(risk, Shares):
            raise BadInput.one(getattr(risk, "at", basis.at), path, "expected shares of choices")
        shares = [(choice, constant(value, scope, RATIO) or 0.0) for choice, value in risk.shares]
        if abs(sum(share for _, share in shares) - 1.0) > SHARES_TOLERANCE:
            total = sum(share for _, share in shares)
            text = f"expected shares that add up to 100%, got {total * 100:g}%"
            raise BadInput.one(risk.at, path, text)
        names.append(mark)
        choices.append([(choice, share) for choice, share in shares if share > 0.0])
    found = []
    for combination in combinations(*choices):
        weight = 1.0
        for _, share in combination:
            weight *= share
        found.append(({n: c for n, (c, _) in zip(names, combination, strict=True)}, weight))
    return found
