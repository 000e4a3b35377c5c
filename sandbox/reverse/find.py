"""Search for the size at which a product breaks; every size is a run on the same random numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from product_factory.assembled import AssembledProduct
from product_factory.constants import constant
from product_factory.errors import BadInput, Problem, nearest
from product_factory.expressions.tree import Expression
from product_factory.scopes import general_scope
from product_factory.types import Type
from sandbox.figures import FIGURES, difference, unfit, unit
from sandbox.gates.gate import Gate
from sandbox.measures import Measure, Measured, Sample
from sandbox.reverse.asked import Reverse, scenario_of
from sandbox.reverse.search import Found, Limit, most_steps, search, turns
from sandbox.run import basis_of
from sandbox.runs import Runs
from sandbox.scenarios import Scenario, load_scenarios, shock_of

WIDTHS = 1_000
"""Into how many widths the range is cut where none is stated."""


@dataclass(frozen=True)
class Resolved:
    """A reverse stress test with every name resolved.

    figure, measure, limit   when it is broken;  horizon: years that are one row
    width                    of the bracket
    """

    asked: Reverse
    figure: str
    measure: Measure
    limit: Limit
    horizon: int | None
    width: float
    basis: str
    scenarios: Mapping[str, Scenario]

    @property
    def most_runs(self) -> int:
        """How many runs it takes at most."""
        points = 1 if self.asked.against is None else self.asked.against.points
        return points * most_steps(self.asked.shock.ends, self.width)


@dataclass(frozen=True)
class Broken:
    """Where the measure breaks, held against one size of the second shock or none.

    turns   stretches (from, to) on which the measure goes back although the shock grows
    """

    other: float | None
    found: Found
    turns: tuple[tuple[float, float, Measured], ...]


@dataclass(frozen=True)
class Reversed:
    """A reverse stress test, done: one place, or the frontier of two shocks."""

    resolved: Resolved
    places: tuple[Broken, ...]


def resolve(product: AssembledProduct, asked: Reverse) -> Resolved:
    """Resolve every name. Raises BadInput with its place, before anything is simulated."""
    scenarios = load_scenarios(product.shelf)
    until, gate = asked.until, None
    if until.gate is not None:
        gate = _gate(product, asked, until.gate)
    name = gate.figure if gate is not None else until.figure or ""
    measure = until.measure if gate is None else gate.measure
    where = until.place("figure" if gate is None else "gate")
    text = unfit(name, product)
    if text:
        raise BadInput.one(where, f"{asked.name}.until", text)
    limits = (until.at_least, until.at_most) if gate is None else (gate.at_most, gate.at_least)
    upwards = limits[0] is not None
    given = limits[0] if upwards else limits[1]
    wanted = Type(unit(name, measure))
    limit = Limit(_limit(product, asked, given, wanted), upwards)
    basis = asked.basis if gate is None else gate.basis
    basis_of(product, basis, asked.place("basis"))
    first, last = asked.shock.ends
    width = asked.width or abs(last - first) / WIDTHS
    if width > abs(last - first):
        text = f"expected less than the range of {abs(last - first):g}, got {width:g}"
        raise BadInput.one(asked.place("width"), f"{asked.name}.width", text)
    others = (None,) if asked.against is None else asked.against.shock.ends
    for size in asked.shock.ends:
        for other in others:
            shock_of(scenario_of(asked, size, other, scenarios), product)
    horizon = None if gate is None else gate.years
    return Resolved(asked, name, measure, limit, horizon, width, basis, scenarios)


def _gate(product: AssembledProduct, asked: Reverse, name: str) -> Gate:
    gates: tuple[Gate, ...] = product.files.get("gates", ())
    at, path = asked.until.place("gate"), f"{asked.name}.until.gate"
    gate = next((one for one in gates if one.name == name), None)
    if gate is None:
        known = [one.name for one in gates]
        raise BadInput.one(at, path, f"unknown gate '{name}'{nearest(name, known)}")
    if gate.by or gate.scenario is not None or None not in (gate.at_least, gate.at_most):
        text = f"'{name}' judges segments, a scenario or two limits; state figure and limit here"
        raise BadInput.one(at, path, text)
    return gate


def _limit(
    product: AssembledProduct, asked: Reverse, given: Expression | None, wanted: Type
) -> float:
    path = f"{asked.name}.until"
    assert given is not None  # noqa: S101 - the models see to it
    try:
        limit = constant(given, general_scope(product), wanted)
    except BadInput as error:
        raise BadInput([Problem(p.at, path, p.text) for p in error.problems]) from None
    if limit is None:
        raise BadInput.one(given.at, path, "expected a limit that depends on no risk")
    return limit


@dataclass
class _Measuring:
    """Runs of one value of the second shock; samples are kept, to be paired."""

    runs: Runs
    resolved: Resolved
    other: float | None
    samples: dict[float, Sample] = field(default_factory=dict)

    def at(self, size: float) -> Measured:
        one = self.resolved
        scenario = scenario_of(one.asked, size, self.other, one.scenarios)
        run = self.runs.fresh(one.basis, scenario, horizon=one.horizon)
        figure = FIGURES[one.figure]
        table = run.net if figure.net else run.table
        assert table is not None  # noqa: S101 - `resolve` looked for the programme
        self.samples[size] = figure.of(table)
        return one.measure.measure(self.samples[size])

    def moved(self, left: float, right: float) -> Measured:
        return difference(self.resolved.measure, self.samples[left], self.samples[right])


def find_break(
    runs: Runs, resolved: Resolved, told: Callable[[int], None] | None = None
) -> Reversed:
    """Search, at every size of the second shock where there is one.

    told   is told after each of them how many of the most runs were not needed
    """
    asked = resolved.asked
    others: tuple[float | None, ...] = (None,)
    if asked.against is not None:
        first, last = asked.against.shock.ends
        others = tuple(np.linspace(first, last, asked.against.points).tolist())
    places = []
    for other in others:
        measuring = _Measuring(runs, resolved, other)
        found = search(measuring.at, asked.shock.ends, resolved.limit, resolved.width)
        places.append(Broken(other, found, turns(found.measured, measuring.moved, resolved.limit)))
        if told is not None:
            told(most_steps(asked.shock.ends, resolved.width) - len(found.measured))
    return Reversed(resolved, tuple(places))
