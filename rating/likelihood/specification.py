"""A fit of severities as its file says it: which columns, which severities, which tail."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from product_factory import shapes
from product_factory.errors import BadValue
from product_factory.nodes import Seq, Text
from product_factory.strict import (
    Bilingual,
    Plain,
    PlainText,
    Strict,
    Whole,
    Word,
    located,
    word_of,
)
from product_factory.types import read_number
from rating.severities import SEVERITIES

MOST_BOOTSTRAPS = 10_000


def _threshold(node: Any) -> float | str:  # noqa: ANN401 - a node of any kind
    if isinstance(node, Text) and str(node) == "stable":
        return "stable"
    if isinstance(node, Text):
        return read_number(str(node), "number")
    raise BadValue("expected a number, or the word stable")


def _ratios(node: Any) -> tuple[float, ...]:  # noqa: ANN401 - a node of any kind
    parts = tuple(node) if isinstance(node, Seq) else (node,)
    if not all(isinstance(part, Text) for part in parts):
        raise BadValue("expected a share such as 99%, or a list of shares")
    return tuple(read_number(str(part), "ratio") for part in parts)


Severity = Annotated[str, word_of(SEVERITIES)]
Levels = Annotated[tuple[float, ...], BeforeValidator(located(_ratios)), WithJsonSchema(shapes.ANY)]
Threshold = Annotated[float | str, BeforeValidator(located(_threshold)), WithJsonSchema(shapes.ANY)]


class LossColumn(Strict):
    """A column of amounts in the data, or one number for all rows."""

    LOOKS: ClassVar[str] = " such as {column: deductible} or {is: 1000}"

    column: PlainText | None = None
    is_: Plain | None = Field(None, alias="is")

    @model_validator(mode="after")
    def _one(self) -> "LossColumn":
        if (self.column is None) == (self.is_ is None):
            raise BadValue("expected one of 'column' and 'is'")
        return self


class Tail(Strict):
    """A generalised Pareto tail above a threshold.

    threshold  a number, or `stable`: the lowest from which on the shape stays within its interval
    least      the fewest losses above the highest threshold that is looked at
    """

    threshold: Threshold
    least: Whole = 30

    @model_validator(mode="after")
    def _sound(self) -> "Tail":
        if isinstance(self.threshold, float) and not self.threshold > 0.0:
            message = f"expected a threshold above 0, got {self.threshold:g}"
            raise BadValue(message)
        if self.least < 10:  # noqa: PLR2004 - fewer say nothing of a shape
            message = f"expected 10 losses or more under 'least', got {self.least}"
            raise BadValue(message)
        return self


class SeveritySpec(Strict):
    """A file of `kind: severity`.

    losses     the column of amounts, one loss a row
    truncated  amounts at or below which a loss is not in the data, such as a deductible
    limited    amounts that a loss in the data cannot exceed: one that reaches it was at least that
    minimum    the least that a loss may be, of pareto and log_gamma, and where a generalised
               Pareto of the whole starts; without it the truncation, where it is one amount
    of         the severities that are tried
    by         what chooses among them: aic or bic
    levels     at which value at risk and its tail mean are told
    bootstrap  how many samples are drawn to judge the distances of the chosen severity
    """

    fit: Word
    kind: Literal["severity"]
    title: Bilingual
    source: PlainText
    losses: LossColumn
    truncated: LossColumn | None = None
    limited: LossColumn | None = None
    minimum: Plain | None = None
    of: tuple[Severity, ...] = ("lognormal", "gamma", "weibull", "lomax", "burr")
    by: Literal["aic", "bic"] = "aic"
    tail: Tail | None = None
    levels: Levels = (0.99, 0.995)
    bootstrap: Whole = 0
    seed: Whole = 1

    @model_validator(mode="after")
    def _sound(self) -> "SeveritySpec":
        if self.losses.column is None:
            raise BadValue("expected the column of losses, such as losses: {column: amount}")
        if not self.of:
            raise BadValue("expected at least one severity under 'of'")
        for level in self.levels:
            if not 0.0 < level < 1.0:
                message = f"expected levels between 0% and 100%, got {level:.4%}"
                raise BadValue(message)
        if self.bootstrap > MOST_BOOTSTRAPS:
            message = f"expected at most {MOST_BOOTSTRAPS} samples, got {self.bootstrap}"
            raise BadValue(message)
        return self
