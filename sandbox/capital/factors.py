"""The factors of a regime on a day: dated parameters of the shelf, and how far they are trusted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from product_factory.errors import At, BadInput
from product_factory.parameters import DatedValue, Parameters
from product_factory.settings import Schedule


@dataclass(frozen=True)
class Matrix:
    """Correlations of named parts."""

    rows: Mapping[str, Mapping[str, float]]

    def between(self, one: str, other: str) -> float:
        """Give the correlation of two parts."""
        return self.rows[one][other]


@dataclass(frozen=True)
class Factors:
    """Parameters of a pack on a day.

    used  every value that was read, so that a report can tell which of them are weak
    """

    parameters: Parameters
    pack: str
    day: date
    used: dict[str, DatedValue] = field(default_factory=dict)

    def number(self, name: str) -> float:
        """Give a single number."""
        value = self._value(name)
        if not isinstance(value.value, float):
            raise BadInput.one(value.at, value.name, "expected a single number, got a schedule")
        return value.value

    def schedule(self, name: str) -> Schedule:
        """Give the rows of a schedule."""
        value = self._value(name)
        if not isinstance(value.value, tuple):
            raise BadInput.one(value.at, value.name, "expected a schedule, got a single number")
        return value.value

    def above(self, name: str, x: float) -> float:
        """Give the value of the last row that x is above; a bound itself belongs to the row below.

        What is not above the first row takes its value.
        """
        rows = self.schedule(name)
        return next((value for start, value in reversed(rows) if x > start), rows[0][1])

    def since(self, name: str, x: float) -> float:
        """Give the value of the last row that x has reached; the first row's before that."""
        rows = self.schedule(name)
        return next((value for start, value in reversed(rows) if x >= start), rows[0][1])

    def matrix(self, family: str, names: Sequence[str]) -> Matrix:
        """Read correlations: a row for each name, with the others by their place from 1 on.

        BadInput where a row is not of these names or disagrees with another.
        """
        rows: dict[str, dict[str, float]] = {}
        places = [float(place) for place in range(1, len(names) + 1)]
        for name in names:
            row = self.schedule(f"{family}.{name}")
            if [start for start, _ in row] != places:
                text = f"expected correlations 1 to {len(names)}, got {len(row)}"
                raise self._wrong(f"{family}.{name}", text)
            rows[name] = {other: rho for other, (_, rho) in zip(names, row, strict=True)}
        for one in names:
            for other in names:
                expected = 1.0 if one == other else rows[other][one]
                if rows[one][other] != expected or abs(expected) > 1.0:
                    text = f"expected a correlation with {other} of {expected:g}, from -1 to 1"
                    raise self._wrong(f"{family}.{one}", f"{text}, got {rows[one][other]:g}")
        return Matrix(rows)

    def weak(self) -> tuple[DatedValue, ...]:
        """Give the values that were used and were not read in their source, in order of name."""
        return tuple(
            self.used[name] for name in sorted(self.used) if self.used[name].trust != "read"
        )

    def _value(self, name: str) -> DatedValue:
        full = f"{self.pack}.{name}"
        if full not in self.parameters.entries:
            raise BadInput.one(At("parameters"), full, "is no parameter of the shelf")
        value = self.parameters.value(full, self.day)
        self.used[full] = value
        return value

    def _wrong(self, name: str, text: str) -> BadInput:
        value = self._value(name)
        return BadInput.one(value.at, value.name, text)
