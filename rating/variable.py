"""How one fact or choice is read: a text into the number that the machine holds, or a reason.

`VariableReader.one` decides; `inside` filters whole columns by the same bounds, so that a book
asks `one` only about rows that may be wrong.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct, AssembledVariable
from product_factory.constants import constant
from product_factory.errors import At, BadInput, BadValue, either
from product_factory.types import NUMERIC, YES_NO, Type, day_of, describe, read_literal
from rating.steps.step import rating_scope

CALCULABLE = NUMERIC | {"date", "yes_no", "choice"}
WHOLE = frozenset({"integer", "days", "months", "age"})
MOST_LISTED = 12
STEP_TOLERANCE = 1e-9
"""How far from a whole number of steps an amount may lie, in steps: rounding of the division."""
MOST_VALUES = 1_000_000


@dataclass(frozen=True)
class VariableReader:
    """A variable with its bounds, in the numbers of its type; nan where there is none.

    path  how messages name it: `age`, or `building.value` for that of an item
    at    where it is declared
    """

    path: str
    type: Type
    least: float
    most: float
    step: float
    at: At

    @property
    def coded(self) -> bool:
        """Whether the value is a place in a list, kept as int32 in a book."""
        return self.type.chosen

    def one(self, text: str) -> float:
        """Read one text. Raises BadValue with what was expected and what was got."""
        try:
            value = read_literal(self._with_unit(text), self.type)
        except BadValue as error:
            if text.strip():
                raise
            raise BadValue(self.absent()) from error
        if not self.coded and not self.inside(np.array([value]))[0]:
            raise BadValue(f"expected {self.range_text(value)}, got {text}")
        return value

    def _with_unit(self, text: str) -> str:
        """Let a bare count of days or months stand for itself: the variable names its unit."""
        bare = self.type.kind in ("days", "months") and len(text.split()) == 1
        return f"{text} {self.type.kind}" if bare and not self.coded else text

    def inside(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        """Tell which numbers lie within the bounds and on a step."""
        good = np.isfinite(values) & ~(values < self.least) & ~(values > self.most)
        if self.type.kind in WHOLE:
            good &= np.floor(values) == values
        if self.type.kind == "yes_no":
            good &= (values == 0.0) | (values == 1.0)
        return good & self._on_a_step(values)

    def _on_a_step(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        if np.isnan(self.step):
            return np.ones(values.shape, np.bool_)
        with np.errstate(invalid="ignore"):
            steps = (values - self._first()) / self.step
            return np.abs(steps - np.rint(steps)) <= STEP_TOLERANCE

    def _first(self) -> float:
        return 0.0 if np.isnan(self.least) else self.least

    def absent(self) -> str:
        """Say what is expected where nothing was given."""
        return f"expected {self.expected()}, got nothing"

    def expected(self) -> str:
        """Say which values are good."""
        if self.coded:
            listed = len(self.type.of) <= MOST_LISTED
            return either(self.type.of) if listed else f"one of {len(self.type.of)} choices"
        if np.isnan(self.least) and np.isnan(self.most):
            return describe(self.type.kind)
        return self.range_text(np.nan)

    def range_text(self, value: float) -> str:
        """Say the bounds; for a value within them, say which steps are good."""
        within = not (value < self.least or value > self.most)
        if within and not np.isnan(self.step) and not np.isnan(value):
            size, start = self._shown(self.step), self._shown(self._first())
            return f"a whole number of steps of {size} from {start}"
        if np.isnan(self.most):
            return f"{self._shown(self.least)} or more"
        if np.isnan(self.least):
            return f"{self._shown(self.most)} or less"
        return f"{self._shown(self.least)} to {self._shown(self.most)}"

    def _shown(self, value: float) -> str:
        if self.type.kind == "date":
            return day_of(value).isoformat()
        if self.type.kind == "ratio":
            return f"{value * 100:.12g}%"
        return f"{value:.12g}"

    def shown(self, value: float) -> str:
        """Write a value as a person reads it: the choice, the day, yes or no, the number."""
        if self.coded:
            return self.type.of[int(value)]
        if self.type.kind == "yes_no":
            return next(word for word, number in YES_NO.items() if number == value)
        return self._shown(value)

    def values(self) -> npt.NDArray[np.float64]:
        """List every value, as the machine holds it. Raises BadInput when they have no end."""
        if self.coded:
            return np.arange(len(self.type.of), dtype=np.float64)
        if self.type.kind == "yes_no":
            return np.array([0.0, 1.0])
        step = self.step
        if np.isnan(step) and self.type.kind in (*WHOLE, "years"):
            step = 1.0
        if np.isnan(self.least) or np.isnan(self.most) or np.isnan(step):
            text = "an axis of a rate table needs a list 'of', or min, max and step"
            raise BadInput.one(self.at, self.path, text)
        count = int(np.floor((self.most - self.least) / step + STEP_TOLERANCE)) + 1
        if count > MOST_VALUES:
            text = f"expected at most {MOST_VALUES} values of an axis, got {count}"
            raise BadInput.one(self.at, self.path, text)
        return self.least + step * np.arange(count, dtype=np.float64)


def reader_of(product: AssembledProduct, variable: AssembledVariable) -> VariableReader:
    """Make the reader of a variable. Raises BadInput for a bound that is not fixed."""
    path = f"{variable.item}.{variable.name}" if variable.item else variable.name
    declared = variable.declared
    bounds: dict[str, float] = {}
    for key in ("min", "max", "step"):
        expression = getattr(declared, key)
        bounds[key] = np.nan
        if expression is None:
            continue
        value = constant(expression, rating_scope(product), variable.type.plain)
        if value is None:
            raise BadInput.one(declared.place(key), f"{path}.{key}", "expected a fixed bound")
        bounds[key] = value
    return VariableReader(
        path=path,
        type=variable.type,
        least=bounds["min"],
        most=bounds["max"],
        step=bounds["step"],
        at=declared.at,
    )
