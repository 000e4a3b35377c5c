"""A scenario file, and the shelf's scenarios by name."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, TypeAlias

from pydantic import Field

from product_factory.assembled import AssembledProduct
from product_factory.errors import At, BadInput, Problem, nearest
from product_factory.shelf import Shelf
from product_factory.strict import Bilingual, Strict, Word, read
from sandbox.scenarios.frequency import Frequency
from sandbox.scenarios.inflation import Inflation
from sandbox.scenarios.interest import Interest
from sandbox.scenarios.rate import Rate
from sandbox.scenarios.replay import Replay
from sandbox.scenarios.severity import Severity
from sandbox.scenarios.shock import NO_SHOCK, Shock

FOLDER = "scenarios"

AnyChange: TypeAlias = Annotated[
    Frequency | Severity | Inflation | Rate | Interest | Replay, Field(discriminator="kind")
]
ChangeKind: TypeAlias = type[Frequency | Severity | Inflation | Rate | Interest | Replay]

CHANGES: Mapping[str, ChangeKind] = MappingProxyType(
    {
        "frequency": Frequency,
        "inflation": Inflation,
        "interest": Interest,
        "rate": Rate,
        "replay": Replay,
        "severity": Severity,
    }
)
"""Every kind of change by the word that stands after `kind:`."""


class Scenario(Strict):
    """A named list of changes to the assumptions of a basis."""

    scenario: Word
    title: Bilingual
    changes: tuple[AnyChange, ...] = Field(min_length=1)


def load_scenarios(shelf: Shelf) -> Mapping[str, Scenario]:
    """Read every scenario of a shelf. Raises BadInput with all problems of all files."""
    found: dict[str, Scenario] = {}
    problems: list[Problem] = []
    for path in sorted((shelf.root / FOLDER).glob("*.yaml")):
        try:
            scenario = read(Scenario, shelf.nodes(path))
        except BadInput as error:
            problems += error.problems
            continue
        if scenario.scenario != path.stem:
            text = f"expected '{path.stem}' as its path says, got '{scenario.scenario}'"
            problems.append(Problem(scenario.place("scenario"), "scenario", text))
        found[path.stem] = scenario
    if problems:
        raise BadInput(problems)
    return MappingProxyType(found)


def find(scenarios: Mapping[str, Scenario], name: str, at: At | None = None) -> Scenario:
    """Give a scenario by name. Raises BadInput with the nearest known name."""
    if name not in scenarios:
        text = f"unknown scenario '{name}'{nearest(name, scenarios)}"
        raise BadInput.one(at or At(FOLDER), "scenario", text)
    return scenarios[name]


def shock_of(scenario: Scenario, product: AssembledProduct) -> Shock:
    """Resolve a scenario for a product. Raises BadInput for a change that does not fit it."""
    shock: Shock = NO_SHOCK
    for change in scenario.changes:
        shock = change.on(shock, product)
    return shock
