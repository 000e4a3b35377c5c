"""A fit of credibility as its file says it, and the periods of groups that its data hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import model_validator

from product_factory.errors import At, BadInput, BadValue
from product_factory.strict import Bilingual, PlainText, Strict, Whole, Word
from product_factory.table_text import formula
from product_factory.visible import wrong
from rating.book.rejects import Reject
from rating.frame import ColumnReader, read_frame

Floats = npt.NDArray[np.float64]
MOST_DECIMALS = 8


class CredibilitySpec(Strict):
    """A file of `kind: credibility`; the data hold one period of one group a row.

    group     the column that names the group;  key: what the table calls it
    ratio     the column of what is rated by weight, such as a cost a member or a loss ratio
    amount    instead of it, the column of amounts, which are divided by the weight
    weight    the column of weights, such as members or premium; without it all count alike
              (Bühlmann), with it by their weight (Bühlmann-Straub)
    decimals  of filed figures
    """

    fit: Word
    kind: Literal["credibility"]
    title: Bilingual
    source: PlainText
    group: PlainText
    key: Word = "group"
    ratio: PlainText | None = None
    amount: PlainText | None = None
    weight: PlainText | None = None
    decimals: Whole = 4

    @model_validator(mode="after")
    def _sound(self) -> "CredibilitySpec":
        if (self.ratio is None) == (self.amount is None):
            raise BadValue("expected one of 'ratio' and 'amount'")
        if self.amount is not None and self.weight is None:
            raise BadValue("'amount' is divided by its weight; name the column under 'weight'")
        if self.decimals > MOST_DECIMALS:
            raise BadValue(f"expected at most {MOST_DECIMALS} decimals, got {self.decimals}")
        return self


@dataclass(frozen=True)
class Periods:
    """Periods of groups.

    names   the groups, in the order of the data;  group: [period] place among them
    ratio, weight  [period];  rejects: rows that were left out;  rows: of the file
    """

    names: tuple[str, ...]
    group: npt.NDArray[np.int64]
    ratio: Floats
    weight: Floats
    rejects: tuple[Reject, ...] = ()
    rows: int = 0

    @classmethod
    def of(cls, groups: Sequence[str], ratio: Floats, weight: Floats | None = None) -> "Periods":
        """Return periods from columns; without weights all count alike."""
        names = tuple(dict.fromkeys(groups))
        place = np.array([names.index(name) for name in groups], dtype=np.int64)
        weights = np.ones(place.size) if weight is None else weight
        return cls(names, place, ratio, weights, (), place.size)


def read_groups(spec: CredibilitySpec, path: Path) -> Periods:
    """Read the periods. Raises BadInput for a file that cannot be read or holds too little."""
    wanted = [
        (name, spec.place(key))
        for key in ("group", "ratio", "amount", "weight")
        if (name := getattr(spec, key)) is not None
    ]
    reader = ColumnReader(read_frame(path, wanted))
    words = reader.words(spec.group)
    unfit = np.array([formula(word) or bool(wrong(word)) for word in words], dtype=bool)
    reader.refuse(unfit, spec.group, "expected a word that a table can hold")
    weight = np.ones(reader.good.size)
    if spec.weight is not None:
        weight = reader.numbers(spec.weight)
        reader.refuse(~(weight > 0.0), spec.weight, "expected a weight above 0")
    value = reader.numbers(str(spec.ratio or spec.amount))
    ratio = value if spec.amount is None else value / np.where(weight > 0.0, weight, 1.0)
    good = reader.good
    kept = Periods.of(
        [word for word, fits in zip(words, good.tolist(), strict=True) if fits],
        ratio[good],
        weight[good],
    )
    counts = np.bincount(kept.group, minlength=len(kept.names))
    if len(kept.names) < 2 or counts.max() < 2:  # noqa: PLR2004 - what a variance takes
        got = f"{len(kept.names)} with at most {int(counts.max()) if counts.size else 0}"
        text = f"expected two groups or more, one of them with two periods or more, got {got}"
        raise BadInput.one(At(str(path)), "", text)
    return Periods(kept.names, kept.group, kept.ratio, kept.weight, reader.left_out, good.size)
