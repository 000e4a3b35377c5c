"""From a company's file to its capital, its ratios and the factors that deserve a second look."""

from collections.abc import Callable
from dataclasses import dataclass

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput
from product_factory.nodes import Node
from product_factory.parameters import DatedValue, Parameters
from product_factory.strict import read_as
from sandbox.capital import COMPANY, Factors, Item
from sandbox.capital.company import Company
from sandbox.capital.ratio import Ratio


@dataclass(frozen=True)
class Capital:
    """What a company needs and has.

    weak  the factors that were used and were not read in their source
    """

    company: Company
    required: Item
    ratios: tuple[Ratio, ...]
    weak: tuple[DatedValue, ...]

    @property
    def met(self) -> bool:
        """Whether every ratio is enough."""
        return all(ratio.met for ratio in self.ratios)


def assess(
    node: Node, parameters: Parameters, opened: Callable[[str], AssembledProduct]
) -> Capital:
    """Compute the capital of a company.

    opened  gives a product by name; asked for the products of the file only

    Raises BadInput for a file, a line or a product that does not fit.
    """
    company = read_as(COMPANY, node)
    factors = Factors(parameters, company.PACK, company.on)
    products: dict[str, float] = {}
    for name in company.products:
        for risk, amount in _of_product(company, factors, opened(name)).items():
            products[risk] = products.get(risk, 0.0) + amount
    required = company.required(factors, products)
    return Capital(company, required, company.ratios(required, factors), factors.weak())


def _of_product(company: Company, factors: Factors, product: AssembledProduct) -> dict[str, float]:
    if not product.long_term:
        text = f"expected long-term products, got {product.name}; state its lines under 'non_life'"
        raise BadInput.one(company.place("products"), "products", text)
    from sandbox.portfolio.generate import generate  # noqa: PLC0415 - brings the engine

    return company.of_product(generate(product), factors)
