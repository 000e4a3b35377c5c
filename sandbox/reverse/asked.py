"""`reverse.yaml`: how far a shock must go before a measure breaks."""

from typing import TYPE_CHECKING, Annotated

from pydantic import TypeAdapter, model_validator

from product_factory.errors import BadInput, BadValue
from product_factory.strict import Bilingual, Plain, Strict, Value, Whole, Word, word_of
from sandbox.figures import asks_result
from sandbox.gates.gate import BEST_ESTIMATE, FigureName, MeasureOf
from sandbox.measures import Mean
from sandbox.open_change import NUMBERS, OPEN, PLACES, OpenChange, Range

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.scenarios import Scenario
    from sandbox.scenarios.scenario import AnyChange

MOST_POINTS = 50
NAMED = "scenario"
"""The kind of a shock that is a scenario of the shelf, made larger or smaller as a whole."""


class Shock(OpenChange):
    """A change with a range where a scenario has a number; it is searched from the first on.

    times, add, at_least   as in the changes of a scenario: one of them is the range
    scenario, by           of kind `scenario`: `by: [0, 5]` goes from nothing to five times as far
    """

    kind: Annotated[str, word_of((*OPEN, NAMED))]
    times: Range | None = None
    add: Range | None = None
    at_least: Range | None = None
    scenario: Word | None = None
    by: Range | None = None

    @model_validator(mode="after")
    def _one_range(self) -> "Shock":
        named = self.kind == NAMED
        keys = ("by",) if named else OPEN[self.kind]
        stated = [key for key in (*NUMBERS, "by") if getattr(self, key) is not None]
        if len(stated) != 1 or stated[0] not in keys:
            words = " or ".join(f"'{key}'" for key in keys)
            got = " and ".join(f"'{key}'" for key in stated) or "none"
            message = f"expected one range, under {words}, got {got}"
            raise BadValue(message)
        if named != (self.scenario is not None):
            message = f"expected the key 'scenario' with kind {NAMED}, and with no other kind"
            raise BadValue(message)
        return self

    @property
    def key(self) -> str:
        """The key that holds the range."""
        return next(key for key in (*NUMBERS, "by") if getattr(self, key) is not None)

    @property
    def ends(self) -> tuple[float, float]:
        """From where to where it is searched."""
        given: tuple[float, float] = getattr(self, self.key)
        return given

    def changes(self, size: float, scenarios: "Mapping[str, Scenario]") -> "tuple[AnyChange, ...]":
        """Give the changes of one size. Raises BadInput where the shock means nothing."""
        if self.kind != NAMED:
            return (self.closed({self.key: size}),)
        from sandbox.scenarios import find  # noqa: PLC0415 - it imports the engines

        named = find(scenarios, self.scenario or "", self.place("scenario"))
        for key in PLACES:
            if key in self._places:
                text = f"a shock of kind {NAMED} has no '{key}': the scenario says it"
                raise BadInput.one(self.place(key), key, text)
        return tuple(self._grown(change, size) for change in named.changes)

    def _grown(self, change: "AnyChange", by: float) -> "AnyChange":
        """Give a change of the scenario `by` times as far from nothing."""
        if change.kind not in OPEN:
            text = f"'{self.scenario}' holds a {change.kind}, which has no size to grow"
            raise BadInput.one(self.place("scenario"), "scenario", text)
        numbers = {key: getattr(change, key) for key in OPEN[change.kind]}
        grown = {
            key: 1.0 + by * (number - 1.0) if key == "times" else by * number
            for key, number in numbers.items()
        }
        if change.kind == "expense":
            grown["inflation"] = by * change.inflation
        return change.model_copy(update=grown)


class Against(Strict):
    """A second shock, held at each of some sizes from the first to the last of its range."""

    shock: Shock
    points: Whole = 9

    @model_validator(mode="after")
    def _some(self) -> "Against":
        if not 2 <= self.points <= MOST_POINTS:  # noqa: PLR2004 - two ends
            message = f"points: expected 2 to {MOST_POINTS}, got {self.points}"
            raise BadValue(message)
        return self


class Until(Strict):
    """When it is broken: a measure of a figure at its limit, or a gate of the product that fails.

    at_least   broken from there upwards;  at_most: from there downwards
    """

    figure: FigureName | None = None
    measure: MeasureOf = Mean()
    at_least: Value | None = None
    at_most: Value | None = None
    gate: Word | None = None

    @model_validator(mode="after")
    def _one_limit(self) -> "Until":
        own = (self.figure, self.at_least or self.at_most)
        if self.gate is not None:
            if any(one is not None for one in own) or "measure" in self.model_fields_set:
                message = "expected the key 'gate' alone: the gate says the rest"
                raise BadValue(message)
        elif self.figure is None or (self.at_least is None) == (self.at_most is None):
            message = "expected 'figure' with one of 'at_least' and 'at_most', or 'gate'"
            raise BadValue(message)
        else:
            asks_result(self.figure, self.measure)
        return self


class Reverse(Strict):
    """A reverse stress test.

    shock    what grows;  until: when it is enough;  against: a second shock, for the frontier
    width    how narrow the bracket becomes, in the unit of the range; a thousandth of it by default
    """

    name: Word = "reverse"
    shock: Shock
    until: Until
    against: Against | None = None
    width: Plain | None = None
    basis: Word = BEST_ESTIMATE

    @model_validator(mode="after")
    def _bracketed(self) -> "Reverse":
        if self.width is not None and not self.width > 0.0:
            message = f"width: expected more than 0, got {self.width:g}"
            raise BadValue(message)
        if self.until.gate is not None and "basis" in self.model_fields_set:
            raise BadValue("basis: expected none beside 'gate', whose basis is that of the gate")
        return self


REVERSE: TypeAdapter[tuple[Reverse, ...]] = TypeAdapter(tuple[Reverse, ...])
"""Reads `reverse.yaml`."""


def scenario_of(
    asked: Reverse, size: float, other: float | None, scenarios: "Mapping[str, Scenario]"
) -> "Scenario":
    """Give the scenario of one size of the shock, and of one of the second shock where there is."""
    from sandbox.scenarios import Scenario  # noqa: PLC0415 - it imports the engines

    changes = asked.shock.changes(size, scenarios)
    if asked.against is not None and other is not None:
        changes = (*asked.against.shock.changes(other, scenarios), *changes)
    title = Bilingual.model_construct(zh="", en="")
    made = Scenario.model_construct(scenario=asked.name, title=title, changes=changes)
    made._at = asked.at  # noqa: SLF001 - it stands where this does
    return made


__all__ = ["REVERSE", "Against", "Reverse", "Shock", "Until", "scenario_of"]
