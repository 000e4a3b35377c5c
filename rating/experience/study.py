"""A study as its file says it: which lives, which event, which axis, how to graduate."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from product_factory.errors import BadInput, BadValue, both
from product_factory.nodes import Node, Text
from product_factory.strict import (
    Bilingual,
    Day,
    PlainText,
    Share,
    Strict,
    Texts,
    Whole,
    Word,
    read,
)
from product_factory.types import read_number
from rating.frame import read_file

MOST_PLACES = 200


class Lasts(Strict):
    """A column that counts how long a life was observed, in units of so many days."""

    column: PlainText
    unit: Whole


class Status(Strict):
    """Why the observation ended: the column, and its words for "did not end"."""

    column: PlainText
    in_force: Texts = Field(min_length=1)


class Columns(Strict):
    """Where the lives stand: their start, their end or how long they lasted, why it ended."""

    start: PlainText
    end: PlainText | None = None
    lasts: Lasts | None = None
    birth: PlainText | None = None
    status: Status

    @model_validator(mode="after")
    def _one_end(self) -> "Columns":
        given = [key for key in ("end", "lasts") if getattr(self, key) is not None]
        if len(given) != 1:
            message = f"expected one of 'end' and 'lasts', got {both(given) or 'none'}"
            raise BadValue(message)
        return self


class Axis(Strict):
    """The axis of the rates: policy years from the start, or completed years of age."""

    name: Literal["policy_year", "attained_age"]
    first: Whole = Field(alias="from")
    last: Whole = Field(alias="to")

    @model_validator(mode="after")
    def _rising(self) -> "Axis":
        least = 1 if self.name == "policy_year" else 0
        if not least <= self.first <= self.last < self.first + MOST_PLACES:
            message = (
                f"expected {least} or more, rising, at most {MOST_PLACES} values, "
                f"got {self.first} to {self.last}"
            )
            raise BadValue(message)
        return self


class By(Strict):
    """A classification: a column, and the words of the product for its words."""

    column: PlainText
    words: dict[Word, PlainText] = Field(alias="is", min_length=1)


class Window(Strict):
    """The days of the investigation; a life is at risk from the later of its start and `from`."""

    since: Day | None = Field(default=None, alias="from")
    until: Day | None = Field(default=None, alias="to")


def _smoothing(node: object) -> object:
    if isinstance(node, Text) and str(node) != "reml":
        value = read_number(str(node), "number")
        if value <= 0.0:
            message = f"expected reml or a number above 0, got {node}"
            raise BadValue(message)
        return value
    return "reml" if isinstance(node, Text) else node


class Graduate(Strict):
    """Whittaker-Henderson: the order of differences that are penalised, and how much.

    smoothing  a number λ, or `reml`: the λ under which the data are most likely
    """

    order: Whole = 2
    smoothing: Annotated[float | Literal["reml"], BeforeValidator(_smoothing)] = "reml"


class Standard(Strict):
    """A standard table, and how much of the own experience counts beside it.

    Limited fluctuation: full credibility at the number of events at which the observed number lies
    within `within` of the expected with the chance `confidence`; Z = min(1, √(events / full)).
    """

    table: PlainText
    column: PlainText = ""
    confidence: Share = 0.9
    within: Share = 0.05

    @model_validator(mode="after")
    def _shares(self) -> "Standard":
        if not (0.0 < self.confidence < 1.0 and 0.0 < self.within < 1.0):
            message = "expected shares between 0% and 100% for 'confidence' and 'within'"
            raise BadValue(message)
        return self


class Study(Strict):
    """A study file; `kind` sets it apart from other fits and may be left out."""

    study: Word
    kind: Literal["experience"] = "experience"
    title: Bilingual
    event: PlainText
    columns: Columns
    axis: Axis
    by: dict[Word, By] = Field(default_factory=dict)
    window: Window | None = None
    graduate: Graduate | None = None
    standard: Standard | None = None
    source: PlainText
    decimals: Whole = 6


def read_study(source: Path | Node) -> Study:
    """Read a study from its file, or from what that says. Raises BadInput with file:line:column."""
    study = read(Study, read_file(source) if isinstance(source, Path) else source)
    if study.axis.name == "attained_age" and study.columns.birth is None:
        text = "ages are counted from a birthday; name its column under 'birth'"
        raise BadInput.one(study.columns.at, "columns", text)
    return study
