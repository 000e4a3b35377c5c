"""A business file: which products with which policies, and the programme that protects them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from product_factory.canonical import digest
from product_factory.errors import BadInput
from product_factory.nodes import Map, Node, read_nodes
from product_factory.strict import Bilingual, Currency, Day, PlainText, Strict, Whole, Word, read
from rating.frame import read_file
from sandbox.portfolio.specification import LARGEST_SEED, MOST_POLICIES, within
from sandbox.reinsurance_file import Reinsurance
from sandbox.reinsurance_file.base import Positive, bounded

SUFFIXES = (".yaml", ".yml")
MOST_PRODUCTS = 100
EVERY = "product"
"""The classification that tells products apart; no product of a business may be called so."""


class Entry(Strict):
    """A product of the business.

    product   its name on the shelf; left out, the name that it has here
    book      a file of its policies, beside this one; left out, its own portfolio is drawn
    policies, seed   how many are drawn, and by which seed, in the place of `portfolio.yaml`
    stream    names its random numbers apart from those of products that are like it
    """

    LOOKS: ClassVar[str] = ", {} for its own portfolio"

    product: PlainText | None = None
    book: PlainText | None = None
    policies: Annotated[Whole, within(1, MOST_POLICIES)] | None = None
    seed: Annotated[Whole, within(0, LARGEST_SEED)] | None = None
    stream: Word | None = None

    @model_validator(mode="after")
    def _one_source(self) -> "Entry":
        for key in ("policies", "seed"):
            if self.book is not None and getattr(self, key) is not None:
                text = f"'{key}' is of policies that are drawn, and 'book' names a file of them"
                context = {"text": text, "at": self.place(key), "path": key}
                raise PydanticCustomError("placed", "{text}", context)
        return self


Rate = Annotated[Positive, bounded("a rate below 1e12", 0.0, 1e12)]


class Business(Strict):
    """A business of an insurer.

    business  its name;  products: name in the figures → what it is
    basis, on   the assumptions and the day of all products
    currency  of every figure; left out, that of the first product
    exchange  currency of a product → what one unit of it is worth in that of the business
    reinsurance   the programme over all of it, in the place of those of the products
    """

    business: Word
    title: Bilingual
    basis: Word | None = None
    on: Day | None = None
    currency: Currency | None = None
    exchange: dict[Currency, Rate] = Field(default_factory=dict)
    products: dict[Word, Entry] = Field(min_length=1, max_length=MOST_PRODUCTS)
    reinsurance: Reinsurance | None = None

    @model_validator(mode="after")
    def _told_apart(self) -> "Business":
        if EVERY in self.products:
            text = f"'{EVERY}' is what figures by product are called; expected another name"
            context = {"text": text, "at": self.products[EVERY].at, "path": f"products.{EVERY}"}
            raise PydanticCustomError("placed", "{text}", context)
        return self


@dataclass(frozen=True, eq=False)
class BusinessFile:
    """A business with its text, which is kept beside the results.

    folder  what the paths of its books begin at
    """

    says: Business
    text: bytes
    folder: Path

    @property
    def digest(self) -> str:
        """The hash of what it says, whatever its layout."""
        return digest(self.says.model_dump_json())


def is_business(given: str) -> bool:
    """Tell whether a user names a file in the place of a product, which is a folder."""
    return given.endswith(SUFFIXES) and not Path(given).is_dir()


def read_business(path: Path) -> BusinessFile:
    """Read a business file. Raises BadInput with every problem and its place."""
    return _checked(read_file(path), path.read_bytes(), path.parent)


def business_of(text: bytes, label: str, folder: Path) -> BusinessFile:
    """Read the text of a business that is kept beside results. Raises BadInput as above."""
    return _checked(read_nodes(text.decode("utf-8", "replace"), label), text, folder)


def _checked(node: Node, text: bytes, folder: Path) -> BusinessFile:
    if isinstance(node, Map) and "product" in node and "business" not in node:
        said = "expected a business of several products, got a product: name its folder"
        raise BadInput.one(node.at, "", said)
    return BusinessFile(read(Business, node), text, folder)
