"""A fit of a large-loss load as its file says it, and the losses that its data hold."""

from pathlib import Path
from typing import Literal

from pydantic import model_validator

from product_factory.errors import At, BadInput, BadValue
from product_factory.strict import Bilingual, Dotted, Plain, PlainText, Strict, Whole, Word
from rating.frame import ColumnReader, read_frame
from rating.likelihood.losses import Losses

MOST_DECIMALS = 6


class LargeLossSpec(Strict):
    """A file of `kind: large_losses`; the data hold one ground-up loss a row.

    losses     the column of amounts
    threshold  what every loss is capped at in the experience
    most       the largest loss that can happen, in the money of the data: a sum insured, a
               probable maximum loss; never the limit of the contract, which price and simulation
               apply themselves; none unless told
    by         tail: what exceeds the threshold is a fitted generalised Pareto; or factor: the mean
               up to `most` is the capped one times an increased limit factor
    factor     the increased limit factor from the threshold to `most`
    of         the mark, `process.mark`, that `experience.yaml` is written for
    decimals   of the load in per cent
    """

    fit: Word
    kind: Literal["large_losses"]
    title: Bilingual
    source: PlainText
    losses: PlainText
    threshold: Plain
    most: Plain | None = None
    by: Literal["tail", "factor"] = "tail"
    factor: Plain | None = None
    of: Dotted | None = None
    decimals: Whole = 2

    @model_validator(mode="after")
    def _sound(self) -> "LargeLossSpec":
        if not self.threshold > 0.0:
            raise BadValue(f"expected a threshold above 0, got {self.threshold:g}")
        if self.most is not None and not self.most > self.threshold:
            raise BadValue(f"expected 'most' above the threshold, got {self.most:g}")
        if (self.by == "factor") != (self.factor is not None):
            raise BadValue("'factor' goes with 'by: factor', which needs it")
        if self.factor is not None and not 1.0 <= self.factor <= 100.0:  # noqa: PLR2004 - a slip
            raise BadValue(f"expected a factor from 1 to 100, got {self.factor:g}")
        if self.decimals > MOST_DECIMALS:
            raise BadValue(f"expected at most {MOST_DECIMALS} decimals, got {self.decimals}")
        return self


def read_amounts(spec: LargeLossSpec, path: Path) -> Losses:
    """Read the losses. Raises BadInput for a file that cannot be read or holds no two losses."""
    reader = ColumnReader(read_frame(path, [(spec.losses, spec.place("losses"))]))
    amounts = reader.numbers(spec.losses)
    reader.refuse(~(amounts > 0.0), spec.losses, "expected a loss above 0")
    good = reader.good
    if good.sum() < 2:  # noqa: PLR2004 - one loss has no spread
        text = f"expected two losses or more that can be used, got {int(good.sum())}"
        raise BadInput.one(At(str(path)), "", text + reader.first_left_out())
    found = Losses.of(amounts[good])
    return Losses(found.amounts, found.above, found.censored, reader.left_out, good.size)
