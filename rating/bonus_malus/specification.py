"""A fit of a bonus-malus scale as its file says it, and the claims that its data hold."""

import math
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BeforeValidator, WithJsonSchema, model_validator

from product_factory import shapes
from product_factory.errors import At, BadInput, BadValue
from product_factory.nodes import Seq, Text
from product_factory.strict import Bilingual, Plain, PlainText, Strict, Whole, Word, located
from product_factory.types import read_number
from rating.bonus_malus.scale import Scale
from rating.book.rejects import Reject
from rating.frame import ColumnReader, read_frame

MOST_LEVELS, MOST_YEARS = 100, 100
MOST_SHAPE = 1e4
"""A gamma of this shape is as good as none: all have the mean."""


def _list(kind: str) -> Any:  # noqa: ANN401 - a reader of a list of numbers
    def read(node: Any) -> tuple[float, ...]:  # noqa: ANN401 - a node of any kind
        if not isinstance(node, Seq) or not all(isinstance(part, Text) for part in node):
            raise BadValue("expected a list of numbers such as [0.5, 0.75, 1]")
        return tuple(read_number(str(part), kind) for part in node)

    return BeforeValidator(located(read))


Factors = Annotated[tuple[float, ...], _list("number"), WithJsonSchema(shapes.ANY)]
Moves = Annotated[tuple[float, ...], _list("integer"), WithJsonSchema(shapes.ANY)]


class BonusMalusSpec(Strict):
    """A file of `kind: bonus_malus`; the data hold one policy a row.

    claims    the column of how many there were;  exposure: that of years, else each row is one
    factors   what the levels multiply the premium by, rising
    start     the factor of a new policy
    moves     levels up or, below 0, down after a year with 0, 1, 2 … claims; the last for more
    years     how long policies that begin together are followed
    """

    fit: Word
    kind: Literal["bonus_malus"]
    title: Bilingual
    source: PlainText
    claims: PlainText
    exposure: PlainText | None = None
    factors: Factors
    start: Plain
    moves: Moves
    years: Whole = 20

    @model_validator(mode="after")
    def _sound(self) -> "BonusMalusSpec":
        if not 2 <= len(self.factors) <= MOST_LEVELS:  # noqa: PLR2004 - a scale has two ends
            raise BadValue(f"expected 2 to {MOST_LEVELS} factors, got {len(self.factors)}")
        for before, after in pairwise((0.0, *self.factors)):
            if not before < after:
                raise BadValue(f"expected rising factors above 0, got {after:g} after {before:g}")
        if self.start not in self.factors:
            raise BadValue(f"expected 'start' to be one of the factors, got {self.start:g}")
        if len(self.moves) < 2 or self.moves[0] >= 0.0 or self.moves[-1] <= 0.0:  # noqa: PLR2004 - none, some
            raise BadValue("expected 'moves' down without a claim, and up after the most claims")
        if any(after < before for before, after in pairwise(self.moves)):
            raise BadValue("expected 'moves' that do not fall as claims rise")
        if not 1 <= self.years <= MOST_YEARS:
            raise BadValue(f"expected 1 to {MOST_YEARS} years, got {self.years}")
        return self

    @property
    def scale(self) -> Scale:
        """The scale."""
        moves = tuple(int(move) for move in self.moves)
        return Scale(self.factors, self.factors.index(self.start), moves)


@dataclass(frozen=True)
class Claims:
    """Claims of policies.

    policies, exposure, claims  in all
    mean       claims a year;  shape: of the gamma of the policies' own, infinite where they are
               alike, by moments
    """

    policies: int
    exposure: float
    claims: float
    mean: float
    shape: float
    rejects: tuple[Reject, ...]
    rows: int


def read_claims(spec: BonusMalusSpec, path: Path) -> Claims:
    """Read the claims. Raises BadInput for a file that cannot be read or holds no claim.

    The variance of a policy's own frequency is estimated without bias as the sum of
    (claims - mean × exposure)² - claims, over the sum of the squared exposures.
    """
    wanted = [(spec.claims, spec.place("claims"))]
    if spec.exposure is not None:
        wanted.append((spec.exposure, spec.place("exposure")))
    reader = ColumnReader(read_frame(path, wanted))
    counts = reader.numbers(spec.claims)
    bad = ~((counts >= 0.0) & (counts == np.floor(counts)))
    reader.refuse(bad, spec.claims, "expected a whole number of claims")
    lived = np.ones(counts.size)
    if spec.exposure is not None:
        lived = reader.numbers(spec.exposure)
        reader.refuse(~(lived > 0.0), spec.exposure, "expected an exposure above 0")
    good = reader.good
    counts, lived = counts[good], lived[good]
    if not counts.sum() > 0.0:
        raise BadInput.one(At(str(path)), "", "no policy has a claim, so there is nothing to fit")
    mean = float(counts.sum() / lived.sum())
    apart = float(((counts - mean * lived) ** 2 - counts).sum()) / float((lived * lived).sum())
    shape = mean * mean / apart if apart > 0.0 else math.inf
    return Claims(
        int(good.sum()),
        float(lived.sum()),
        float(counts.sum()),
        mean,
        shape if shape < MOST_SHAPE else math.inf,
        reader.left_out,
        good.size,
    )
