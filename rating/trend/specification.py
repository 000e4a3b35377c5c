"""A fit of trends as its file says it, and the years that its data hold."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import model_validator

from product_factory.errors import At, BadInput, BadValue
from product_factory.strict import Bilingual, Day, Dotted, PlainText, Strict, Whole, Word, YesNo
from rating.book.rejects import Reject
from rating.frame import ColumnReader, read_frame

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
FIRST, LAST = 1800, 2200
LEAST = 3
"""Years that a line and what scatters about it take."""
MOST_DECIMALS = 6


class TrendSpec(Strict):
    """A file of `kind: trend`; rows are added up by year.

    year       the column of the calendar year
    exposure   the column of exposure;  claims: of numbers of claims;  amount: of amounts
    to         the midpoint of the period that is priced
    last       how many of the latest years the line is drawn through; all unless told
    weighted   whether years count by exposure (of severity by claims), or all alike
    number_of, size_of   the event, and the mark, that `experience.yaml` is written for
    decimals   of a trend in per cent
    """

    fit: Word
    kind: Literal["trend"]
    title: Bilingual
    source: PlainText
    year: PlainText
    exposure: PlainText | None = None
    claims: PlainText | None = None
    amount: PlainText | None = None
    to: Day
    last: Whole | None = None
    weighted: YesNo = False
    number_of: Dotted | None = None
    size_of: Dotted | None = None
    decimals: Whole = 2

    @model_validator(mode="after")
    def _sound(self) -> "TrendSpec":
        given = [self.exposure, self.claims, self.amount]
        if sum(one is not None for one in given) < 2:  # noqa: PLR2004 - what a ratio takes
            raise BadValue("expected two or more of 'exposure', 'claims' and 'amount'")
        if self.last is not None and self.last < LEAST:
            raise BadValue(f"expected {LEAST} years or more under 'last', got {self.last}")
        if self.number_of is not None and (self.exposure is None or self.claims is None):
            raise BadValue("'number_of' takes the columns 'exposure' and 'claims'")
        if self.size_of is not None and (self.claims is None or self.amount is None):
            raise BadValue("'size_of' takes the columns 'claims' and 'amount'")
        if self.decimals > MOST_DECIMALS:
            raise BadValue(f"expected at most {MOST_DECIMALS} decimals, got {self.decimals}")
        return self


@dataclass(frozen=True)
class History:
    """Consecutive years with what was added up of them.

    sums     exposure, claims, amount → [year], as far as the data have them
    rejects  rows that were left out;  rows: of the file
    """

    years: Integers
    sums: dict[str, Floats]
    rejects: tuple[Reject, ...] = ()
    rows: int = 0


def read_history(spec: TrendSpec, path: Path) -> History:
    """Read the years. Raises BadInput for a file that cannot be read, a gap, or too few years."""
    columns = {
        key: name
        for key in ("exposure", "claims", "amount")
        if (name := getattr(spec, key)) is not None
    }
    wanted = [(spec.year, spec.place("year"))]
    wanted += [(name, spec.place(key)) for key, name in columns.items()]
    reader = ColumnReader(read_frame(path, wanted))
    year = reader.numbers(spec.year)
    bad = ~((year >= FIRST) & (year <= LAST) & (year == np.floor(year)))
    reader.refuse(bad, spec.year, "expected a year such as 2021")
    values = {key: reader.numbers(name) for key, name in columns.items()}
    for key, value in values.items():
        reader.refuse(~(value >= 0.0), columns[key], "expected 0 or more")
    good = reader.good
    whole = np.where(bad, FIRST, year).astype(np.int64)[good]
    at = At(str(path))
    years = np.arange(whole.min(), whole.max() + 1) if whole.size else whole
    if spec.last is not None:
        years = years[-spec.last :]
    if years.size < LEAST or (spec.last is not None and years.size < spec.last):
        least = max(LEAST, spec.last or 0)
        text = f"expected {least} years or more, got {years.size}"
        raise BadInput.one(at, "", text + reader.first_left_out())
    kept = whole >= years[0]
    place = whole[kept] - years[0]
    sums = {
        key: np.bincount(place, value[good][kept], years.size).astype(np.float64)
        for key, value in values.items()
    }
    for key, total in sums.items():
        if not (total > 0.0).all():
            none = int(years[np.flatnonzero(~(total > 0.0))[0]])
            text = f"expected '{columns[key]}' above 0 in every year, got none of {none}"
            raise BadInput.one(at, "", text + reader.first_left_out())
    return History(years, sums, reader.left_out, good.size)
