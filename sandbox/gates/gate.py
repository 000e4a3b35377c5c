"""One line of `gates.yaml`."""

from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from product_factory import shapes
from product_factory.complaints import complaints
from product_factory.errors import BadValue
from product_factory.nodes import Map, Seq, Text
from product_factory.strict import Strict, Texts, Value, Whole, Word
from sandbox.figures import FIGURES, asks_result, figure
from sandbox.gates.plain import plain
from sandbox.measures import MEASURE, Measure

BEST_ESTIMATE = "best_estimate"


def _measure(node: Any) -> Any:  # noqa: ANN401 - pydantic hands over anything
    if not isinstance(node, Text | Seq | Map):
        return node
    try:
        return MEASURE.validate_python(plain(node))
    except ValidationError as error:
        first = next(complaints(Measure, node, error))
        context = {"text": first.text, "at": first.at, "path": first.path}
        raise PydanticCustomError("placed", "{text}", context) from None


def _figure(name: str) -> str:
    figure(name)
    return name


FigureName = Annotated[
    Word,
    BeforeValidator(lambda node: _figure(str(node))),
    WithJsonSchema(shapes.words(FIGURES)),
]
"""The name of a figure."""
MeasureOf = Annotated[Measure, BeforeValidator(_measure)]
"""A measure with its keys."""


class Gate(Strict):
    """What must hold: a measure of a figure, within limits.

    figure    one of FIGURES;  measure: of its simulated rows
    basis     the assumptions;  scenario: the change to them, none for the basis as it stands
    years     of annual contracts: so many years together are one row; of long-term ones: only the
              first years of every contract count
    by        segments, crossed where there are several: each is judged
    at_least, at_most   the limits, both included
    """

    name: Word
    figure: FigureName
    measure: MeasureOf
    basis: Word = BEST_ESTIMATE
    scenario: Word | None = None
    years: Whole | None = None
    by: Texts = ()
    at_least: Value | None = None
    at_most: Value | None = None

    @model_validator(mode="after")
    def _limited(self) -> "Gate":
        if self.at_least is None and self.at_most is None:
            message = "expected the key 'at_least' or 'at_most'"
            raise BadValue(message)
        if self.years is not None and self.years < 1:
            message = f"years: expected 1 or more, got {self.years}"
            raise BadValue(message)
        asks_result(self.figure, self.measure)
        return self


GATES: TypeAdapter[tuple[Gate, ...]] = TypeAdapter(tuple[Gate, ...])
"""Reads `gates.yaml`."""

__all__ = ["BEST_ESTIMATE", "FIGURES", "GATES", "FigureName", "Gate", "MeasureOf"]
