"""A scenario file, and the shelf's scenarios by name."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, PrivateAttr, model_validator

from product_factory.assembled import AssembledProduct
from product_factory.canonical import digest
from product_factory.errors import At, BadInput, BadValue, Problem, nearest
from product_factory.shelf import Shelf
from product_factory.strict import Bilingual, Strict, Texts, Word, YesNo, read
from sandbox.scenarios.expense import Expenses
from sandbox.scenarios.frequency import Frequency
from sandbox.scenarios.inflation import Inflation
from sandbox.scenarios.interest import Interest
from sandbox.scenarios.premium import Premium
from sandbox.scenarios.rate import Rate
from sandbox.scenarios.replay import Replay
from sandbox.scenarios.severity import Severity
from sandbox.scenarios.shock import NO_SHOCK, Shock
from sandbox.scenarios.volume import Volume

FOLDER = "scenarios"
JOINS = "+"
"""Stands between the names of scenarios that are run as one."""

Contracts: TypeAlias = Literal["annual", "long_term"]
AnyChange: TypeAlias = Annotated[
    Expenses | Frequency | Inflation | Interest | Premium | Rate | Replay | Severity | Volume,
    Field(discriminator="kind"),
]
ChangeKind: TypeAlias = type[
    Expenses | Frequency | Inflation | Interest | Premium | Rate | Replay | Severity | Volume
]

CHANGES: Mapping[str, ChangeKind] = MappingProxyType(
    {
        "expense": Expenses,
        "frequency": Frequency,
        "inflation": Inflation,
        "interest": Interest,
        "premium": Premium,
        "rate": Rate,
        "replay": Replay,
        "severity": Severity,
        "volume": Volume,
    }
)
"""Every kind of change by the word that stands after `kind:`."""


class Scenario(Strict):
    """A named list of changes to the assumptions of a basis.

    contracts  which it is for, of a year or of many; both where nothing is said
    combines   scenarios of the shelf whose changes are its own too
    usual      whether `stress` runs it where nothing is named; the others only by name or pack
    files      name → the text of files that are not of the shelf; they stand beside the results
    """

    scenario: Word
    title: Bilingual
    contracts: Contracts | None = None
    combines: Texts = ()
    changes: tuple[AnyChange, ...] = ()
    usual: YesNo = True

    _files: dict[str, bytes] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _changes_something(self) -> "Scenario":
        if not self.changes and not self.combines:
            raise BadValue("expected the key 'changes' or 'combines' with at least one entry")
        return self

    @property
    def files(self) -> Mapping[str, bytes]:
        """The text of files that are not of the shelf, by name."""
        return self._files

    @property
    def digest(self) -> str:
        """The hash of what it says, whatever its layout."""
        return digest(self.model_dump_json())


def load_scenarios(shelf: Shelf) -> Mapping[str, Scenario]:
    """Read every scenario of a shelf, each with all its changes.

    Raises BadInput with all problems of all files.
    """
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
    whole: dict[str, Scenario] = {}
    for name, scenario in found.items():
        try:
            whole[name] = whole_of(scenario, found)
        except BadInput as error:
            problems += error.problems
    if problems:
        raise BadInput(problems)
    return MappingProxyType(whole)


def find(scenarios: Mapping[str, Scenario], name: str, at: At | None = None) -> Scenario:
    """Give a scenario by name, or several as one: `a+b`.

    Raises BadInput with the nearest known name.
    """
    found = []
    for part in name.split(JOINS):
        if part not in scenarios:
            text = f"unknown scenario '{part}'{nearest(part, scenarios)}"
            raise BadInput.one(at or At(FOLDER), "scenario", text)
        found.append(scenarios[part])
    return combined(found, at or At(FOLDER))


def whole_of(scenario: Scenario, known: Mapping[str, Scenario]) -> Scenario:
    """Give a scenario with the changes of those that it combines, however deep they stand.

    Raises BadInput for a name that is unknown, stands twice, or leads back to itself.
    """
    if not scenario.combines:
        return scenario
    at, names = scenario.place("combines"), list[str]()
    _collect(scenario, known, (scenario.scenario,), names, at)
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise BadInput.one(at, "combines", f"'{twice}' stands twice")
    parts = [known[name] for name in sorted(names)]
    contracts = _contracts([scenario, *parts], at)
    changes = (*scenario.changes, *(change for part in parts for change in part.changes))
    return scenario.model_copy(update={"changes": changes, "contracts": contracts})


def _collect(
    scenario: Scenario,
    known: Mapping[str, Scenario],
    above: tuple[str, ...],
    names: list[str],
    at: At,
) -> None:
    for name in scenario.combines:
        if name in above:
            text = f"'{' > '.join((*above, name))}' leads back to itself"
            raise BadInput.one(at, "combines", text)
        if name not in known:
            text = f"unknown scenario '{name}'{nearest(name, known)}"
            raise BadInput.one(at, "combines", text)
        names.append(name)
        _collect(known[name], known, (*above, name), names, at)


def combined(scenarios: Sequence[Scenario], at: At) -> Scenario:
    """Give several scenarios as one, whatever their order. Raises BadInput for one given twice."""
    if len(scenarios) == 1:
        return scenarios[0]
    parts = sorted(scenarios, key=lambda one: one.scenario)
    names = [one.scenario for one in parts]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise BadInput.one(at, "scenario", f"'{twice}' stands twice")
    zh, en = (" + ".join(getattr(one.title, key) for one in parts) for key in ("zh", "en"))
    made = Scenario.model_construct(
        scenario=JOINS.join(names),
        title=Bilingual.model_construct(zh=zh, en=en),
        contracts=_contracts(parts, at),
        changes=tuple(change for one in parts for change in one.changes),
    )
    for one in parts:
        made._files.update(one.files)  # noqa: SLF001 - of this very class
    made._at = at  # noqa: SLF001 - it stands where it was asked for
    return made


def _contracts(parts: Sequence[Scenario], at: At) -> Contracts | None:
    """Give the contracts that all parts are for. Raises BadInput where there are none."""
    found = sorted({one.contracts for one in parts if one.contracts is not None})
    if len(found) > 1:
        raise BadInput.one(at, "", "expected scenarios for the same contracts, of a year or many")
    return found[0] if found else None


def shock_of(scenario: Scenario, product: AssembledProduct) -> Shock:
    """Resolve a scenario for a product. Raises BadInput for a change that does not fit it.

    The order of its changes moves nothing, to the last bit.
    """
    if scenario.contracts is not None and (scenario.contracts == "long_term") != product.long_term:
        lasts = "many years" if product.long_term else "a year"
        text = f"{product.name} lasts {lasts}, and '{scenario.scenario}' is not for that"
        raise BadInput.one(scenario.place("contracts"), "contracts", text)
    shock: Shock = NO_SHOCK
    fitting = [one for one in scenario.changes if not (one.if_present and one.absent(product))]
    if not fitting:
        text = f"'{scenario.scenario}' changes nothing of {product.name}"
        raise BadInput.one(scenario.at, "", text)
    for change in sorted(fitting, key=lambda one: one.said):
        shock = change.on(shock, product)
    return shock


def fits(scenario: Scenario, product: AssembledProduct) -> bool:
    """Tell whether a scenario changes something of a product."""
    try:
        shock_of(scenario, product)
    except BadInput:
        return False
    return True
