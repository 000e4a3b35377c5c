"""Facts: what the stages state about a product, frozen, by dotted name.

A number or a list of texts stands by itself; rows hold columns, one value for every cell or for
every cell and policy year, so that a rule over all of them is one program.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from product_factory.errors import At
from product_factory.parameters import DatedValue
from product_factory.types import Type, day_of

Floats = npt.NDArray[np.float64]
Stage: TypeAlias = Literal["definition", "rates", "wording", "figures"]
STAGES: tuple[Stage, ...] = ("definition", "rates", "wording", "figures")
HEADS = (
    *("line", "type", "design", "form", "sold_to", "channel", "jurisdiction", "renewal"),
    *("route", "for_sale", "tax_preferred", "activation_card", "adjusts"),
)
"""Facts `definition.HEAD`, by which rules tell to which products they apply.

Each is one word, `adjusts` every operation that a line names.
"""
NOWHERE = At("")
UNITS = {
    "en": {"days": " days", "months": " months", "years": " years"},
    "zh": {"days": "天", "months": "个月", "years": "年"},
}
YES_NO_WORDS = {"en": ("no", "yes"), "zh": ("否", "是")}


@dataclass(frozen=True)
class NumberFact:
    """One number, as the machine holds it, with its type and the place that it comes from."""

    value: float
    type: Type
    at: At = NOWHERE


@dataclass(frozen=True)
class TextFact:
    """Texts in order: a name, the words of a list, the paragraphs of a wording."""

    texts: tuple[str, ...]
    at: At = NOWHERE


@dataclass(frozen=True)
class Column:
    """One fact for every row."""

    values: Floats
    type: Type


@dataclass(frozen=True)
class Rows:
    """Facts row by row.

    names    what a row is called in a message: variable → its value
    columns  fact → its value
    """

    names: Mapping[str, Column]
    columns: Mapping[str, Column]

    @property
    def size(self) -> int:
        """The number of rows."""
        return len(next(iter(self.columns.values())).values) if self.columns else 0

    def called(self, row: int) -> str:
        """Name a row: `age 35, sex M, term 20, policy_year 3`."""
        columns = self.names.items()
        return ", ".join(f"{n} {shown(c.values[row], c.type)}" for n, c in columns)


Grain: TypeAlias = tuple[str, ...]
"""What a row stands for: `("cell",)` or `("cell", "policy_year")`."""


@dataclass(frozen=True)
class Facts:
    """Everything that stages have stated; `|` adds those of a later stage.

    stages      which stages have spoken: what they did not state will not come any more
    parameters  dated parameters on the product's day
    """

    stages: frozenset[Stage] = frozenset()
    numbers: Mapping[str, NumberFact] = field(default_factory=dict)
    texts: Mapping[str, TextFact] = field(default_factory=dict)
    rows: Mapping[Grain, Rows] = field(default_factory=dict)
    parameters: Mapping[str, DatedValue] = field(default_factory=dict)

    def __or__(self, other: "Facts") -> "Facts":
        """Unite two sets of facts; the other's stand where both state one."""
        return Facts(
            self.stages | other.stages,
            {**self.numbers, **other.numbers},
            {**self.texts, **other.texts},
            {**self.rows, **other.rows},
            {**self.parameters, **other.parameters},
        )


def shown(value: float, declared: Type, language: str = "en") -> str:
    """Write a value as a person reads it: the choice, yes or no, the day, 14.5%, 90 days."""
    if np.isnan(value):
        return "?"
    if declared.chosen:
        return declared.of[int(value)]
    if declared.kind == "yes_no":
        return YES_NO_WORDS[language][int(value != 0.0)]
    if declared.kind == "date":
        return day_of(value).isoformat()
    if declared.kind == "ratio":
        return f"{value * 100:.6g}%"
    if declared.kind == "money":
        return f"{value:.2f}"
    unit = UNITS[language].get(declared.kind, "")
    if language == "en" and value == 1.0:
        unit = unit.removesuffix("s")
    return f"{value:.12g}{unit}"
