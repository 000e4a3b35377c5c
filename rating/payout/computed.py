"""Marks that are computed where an event does not state them."""

from product_factory.assembled import AssembledBasis, AssembledProduct
from product_factory.expressions.tree import Expression
from product_factory.risk import ModelSpec, RiskCases, Shares

DRAWN_TYPES = ("choice", "yes_no")
"""A plain value of such a mark is a chance, not what the mark is."""


def computed_marks(
    product: AssembledProduct, basis: AssembledBasis | None, process: str
) -> dict[str, Expression]:
    """Give what computes the marks of a process, in their order.

    A mark with `is:` is computed everywhere, also when a claim is paid. One that a basis gives a
    plain value, such as `paid_by_ssi: bill * 55%`, is computed under that basis only.
    """
    valued = {} if basis is None else basis.risk.get(process, {})
    found: dict[str, Expression] = {}
    for name, mark in product.processes[process].marks.items():
        risk = valued.get(name)
        if mark.computed is not None:
            found[name] = mark.computed
        elif (
            risk is not None
            and mark.type not in DRAWN_TYPES
            and not isinstance(risk, ModelSpec | Shares | RiskCases)
        ):
            found[name] = risk
    return found
