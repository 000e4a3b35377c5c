"""A dependence file: what moves together, from year to year."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from product_factory.canonical import digest
from product_factory.errors import BadInput, BadValue
from product_factory.nodes import Node, read_nodes
from product_factory.numbers.hashing import hash64
from product_factory.strict import Bilingual, Dotted, PlainText, Strict, Whole, Word, read
from rating.frame import read_file
from rating.kernels.random import stream_key
from sandbox.dependence.copulas import AnyCopula, Copula
from sandbox.dependence.multipliers import AnyMultiplier
from sandbox.kernels.strata import ALONE, Drivers
from sandbox.open_change import Trust

Floats = npt.NDArray[np.float64]
MOST_LINES = 50
MOST_YEARS = 100


class Link(Strict):
    """What ties lines: their names, a copula, where it comes from.

    lines      as `product.process.event`, `product.process` or `product.cover`
    reference  where its numbers come from;  trust: how far they can be relied on
    """

    lines: tuple[Dotted, ...] = Field(min_length=1, max_length=MOST_LINES)
    copula: AnyCopula
    reference: PlainText
    trust: Trust

    @model_validator(mode="after")
    def _once(self) -> "Link":
        twice = next((line for line in self.lines if self.lines.count(line) > 1), None)
        if twice is not None:
            raise BadValue(f"expected each line once, got '{twice}' more than once")
        return self

    def bound(self) -> Copula:
        """Give the copula of the lines. Raises BadInput for one that does not fit them."""
        return self.copula.bound(self.lines)


class SharedFactor(Link):
    """A multiplier of frequencies: every year each line's mean number of events times its own.

    factor      its name, which its random numbers are drawn by
    multiplier  the distribution of each line's, of mean one
    lasts       for so many years in a row it is the same
    """

    factor: Word
    multiplier: AnyMultiplier
    lasts: Whole = 1

    def drawn(self, copula: Copula, key: np.uint64, years: int, drivers: Drivers = ALONE) -> Floats:
        """Draw the multipliers of years, [year, line]: a year's are the same in any run of it.

        drivers  how the numbers of years are drawn; alone where a factor lasts for several
        """
        u = copula.sample(key, 0, -(-years // self.lasts), drivers)
        values = np.empty_like(u)
        for line in range(u.shape[1]):
            values[:, line] = self.multiplier.values(line, np.ascontiguousarray(u[:, line]))
        return np.repeat(values, self.lasts, axis=0)[:years]

    def bound(self) -> Copula:
        """Give the copula of the lines. Raises BadInput for what does not fit them."""
        self.multiplier.bound(self.lines)
        if not 1 <= self.lasts <= MOST_YEARS:
            text = f"expected 1 to {MOST_YEARS} years, got {self.lasts}"
            raise BadInput.one(self.place("lasts"), "lasts", text)
        return super().bound()


class Reordering(Link):
    """Results of years put in another order, so that the lines depend on one another.

    reordering  its name, which its random numbers are drawn by
    """

    reordering: Word

    def bound(self) -> Copula:
        """Give the copula of the lines. Raises BadInput for what does not fit them."""
        if len(self.lines) < 2:  # noqa: PLR2004 - what is tied is tied to something
            text = "expected two lines or more to reorder, got one"
            raise BadInput.one(self.place("lines"), "lines", text)
        return super().bound()


class Dependence(Strict):
    """What moves together: frequencies that share a factor, and results that are reordered."""

    dependence: Word
    title: Bilingual
    shared: tuple[SharedFactor, ...] = ()
    reordered: tuple[Reordering, ...] = ()

    @model_validator(mode="after")
    def _some(self) -> "Dependence":
        if not self.links():
            raise BadValue("expected 'shared', 'reordered' or both")
        names = [name for name, _ in self.links()]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise BadValue(f"expected a name of its own for each link, got '{twice}' twice")
        return self

    def links(self) -> tuple[tuple[str, Link], ...]:
        """Give every link with its name."""
        return tuple(self._links())

    def _links(self) -> Iterator[tuple[str, Link]]:
        yield from ((one.factor, one) for one in self.shared)
        yield from ((one.reordering, one) for one in self.reordered)

    def key(self, name: str, seed: int) -> np.uint64:
        """Give the key of a link's random numbers: by its name, so that products share them."""
        word = hash64(f"dependence/{self.dependence}/{name}")
        return np.uint64(stream_key(np.uint64(seed), np.uint64(word)))


@dataclass(frozen=True, eq=False)
class DependenceFile:
    """A dependence with its text, which is kept beside the results."""

    says: Dependence
    text: bytes

    @property
    def digest(self) -> str:
        """The hash of what it says, whatever its layout."""
        return digest(self.says.model_dump_json())


def read_dependence(path: Path) -> DependenceFile:
    """Read a dependence file. Raises BadInput with every problem and its place."""
    return _checked(read_file(path), path.read_bytes())


def dependence_of(text: bytes, label: str) -> DependenceFile:
    """Read the text of a dependence file that is kept beside results. Raises BadInput as above."""
    return _checked(read_nodes(text.decode("utf-8", "replace"), label), text)


def _checked(node: Node, text: bytes) -> DependenceFile:
    says = read(Dependence, node)
    for _, link in says.links():
        link.bound()
    return DependenceFile(says, text)
