"""What is asked of a contract of many years only, on one of its bases."""

from product_factory.assembled import AssembledBasis, AssembledProduct
from product_factory.errors import BadInput, nearest


def basis_of_years(product: AssembledProduct, name: str, what: str) -> AssembledBasis:
    """Give a basis of a product. Raises BadInput where the product or the basis is none for it.

    what  is asked: a projection, a profit test
    """
    if not product.long_term:
        text = f"{what} is of a contract that lasts longer than a year"
        raise BadInput.one(product.product.at, "", text)
    if name not in product.bases:
        text = f"unknown basis '{name}'{nearest(name, product.bases)}"
        raise BadInput.one(product.product.at, "bases", text)
    return product.bases[name]
