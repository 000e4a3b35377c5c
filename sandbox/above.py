"""A programme above a product, that of a business, in the place of the product's own."""

from dataclasses import dataclass

from sandbox.reinsurance_file import Reinsurance


@dataclass(frozen=True, eq=False)
class Above:
    """What a programme above a product asks of its run, which is not settled by itself.

    keeps  covers whose losses are kept one by one, of annual contracts
    file   what it says of this product's covers, of long-term contracts; None: nothing
    rate   what one unit of the product's currency is worth in the programme's
    """

    keeps: tuple[str, ...] = ()
    file: Reinsurance | None = None
    rate: float = 1.0
