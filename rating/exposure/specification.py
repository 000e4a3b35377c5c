"""A fit of an exposure curve as its file says it, and the damage ratios that its data hold."""

from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field, model_validator

from product_factory.errors import At, BadInput, BadValue
from product_factory.strict import Bilingual, Plain, PlainText, Share, Strict, Whole, Word
from rating.exposure.layers import Band, Layer
from rating.frame import ColumnReader, read_frame
from rating.likelihood.losses import Losses


class ExposureSpec(Strict):
    """A file of `kind: exposure`; the data hold one loss a row.

    loss          the column of losses;  sum_insured: the column of what they are a share of
    ratio         instead of both, the column of damage ratios
    truncated     damage ratios at or below it are not in the data
    curve         which curve is filed and rates layers: mbbefd and swiss_re are the most likely of
                  their families, moments has the mean and the share of total losses of the data;
                  best is the more likely of the first two by AIC
    points        of the filed curve between 0 and 1
    profile, loss_ratio, layers   what layers cost for risks of these sizes
    """

    fit: Word
    kind: Literal["exposure"]
    title: Bilingual
    source: PlainText
    loss: PlainText | None = None
    sum_insured: PlainText | None = None
    ratio: PlainText | None = None
    truncated: Plain = 0.0
    curve: Literal["best", "mbbefd", "swiss_re", "moments"] = "best"
    points: Whole = 100
    profile: tuple[Band, ...] = ()
    loss_ratio: Share = Field(1.0)
    layers: tuple[Layer, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> "ExposureSpec":
        both = self.loss is not None and self.sum_insured is not None
        one = self.loss is not None or self.sum_insured is not None
        if (self.ratio is not None) == one or (one and not both):
            raise BadValue("expected 'ratio', or 'loss' and 'sum_insured'")
        if not 2 <= self.points <= 1000:  # noqa: PLR2004 - bounds of a table for a person
            raise BadValue(f"expected 2 to 1000 points, got {self.points}")
        if not 0.0 <= self.truncated < 1.0:
            raise BadValue(f"expected 'truncated' from 0 to below 1, got {self.truncated:g}")
        if self.curve == "moments" and self.truncated > 0.0:
            raise BadValue("'curve: moments' takes all losses, and small ones are 'truncated'")
        if bool(self.layers) != bool(self.profile):
            raise BadValue("'layers' are of a 'profile', and a profile is for layers")
        return self


def read_ratios(spec: ExposureSpec, path: Path) -> tuple[Losses, int]:
    """Read the damage ratios, and count those above 1, which count as 1.

    Raises BadInput for a file that cannot be read or holds fewer than two ratios of use.
    """
    wanted = [
        (name, spec.place(key))
        for key in ("loss", "sum_insured", "ratio")
        if (name := getattr(spec, key)) is not None
    ]
    reader = ColumnReader(read_frame(path, wanted))
    name = str(spec.ratio or spec.loss)
    value = reader.numbers(name)
    if spec.sum_insured is not None:
        insured = reader.numbers(spec.sum_insured)
        reader.refuse(~(insured > 0.0), spec.sum_insured, "expected a sum insured above 0")
        value = value / np.where(insured > 0.0, insured, 1.0)
    reader.refuse(~(value > 0.0), name, "expected a loss above 0")
    reader.refuse(~(value > spec.truncated), name, "expected a ratio above the truncation")
    good = reader.good
    if good.sum() < 2:  # noqa: PLR2004 - one loss has no spread
        text = f"expected two damage ratios or more that can be used, got {int(good.sum())}"
        raise BadInput.one(At(str(path)), "", text)
    over = int((value[good] > 1.0).sum())
    ratios = np.minimum(value[good], 1.0)
    size = ratios.size
    above = np.full(size, spec.truncated)
    return Losses(ratios, above, np.zeros(size, dtype=bool), reader.left_out, good.size), over
