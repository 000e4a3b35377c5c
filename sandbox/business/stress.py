"""A business under scenarios: all products on the same random numbers, before and after."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from sandbox.business.file import BusinessFile
from sandbox.business.members import Member
from sandbox.business.run import BusinessRun, simulate_business
from sandbox.dependence.specification import read_dependence
from sandbox.execution import Execution
from sandbox.scenarios import Scenario, given_scenario, load_scenarios
from sandbox.scenarios.pack import of_pack
from sandbox.stress import Stressed, compare_rows, fitting

Simulated = Callable[..., BusinessRun]


def stress_scenarios(
    members: Sequence[Member], given: Sequence[str], packs: Sequence[str]
) -> tuple[Scenario, ...]:
    """Give the scenarios that are named, those of packs, else the usual ones of any product.

    Raises BadInput for what is unknown or cannot be read.
    """
    known = load_scenarios(members[0].product.shelf)
    found = [given_scenario(one, known) for one in given]
    for member in members:
        names = [name for pack in packs for name in of_pack(member.product, pack)]
        found += [known[name] for name in names]
        if not given and not packs:
            found += fitting(member.product)
    return tuple({one.scenario: one for one in found}.values())


def stress_business(  # noqa: PLR0913 - each is a choice of the caller
    file: BusinessFile,
    members: Sequence[Member],
    scenarios: Sequence[Scenario],
    *,
    years: int,
    seed: int,
    basis: str,
    dependence: Path | None,
    execution: Execution,
) -> tuple[Stressed, ...]:
    """Simulate all products as they stand and under every scenario.

    A scenario changes those products that it fits; figures are of all together, before reinsurance.
    Raises BadInput where one fits no product.
    """
    tied = None if dependence is None else read_dependence(dependence)
    once = partial(
        simulate_business,
        file,
        members,
        years=years,
        seed=seed,
        basis=basis,
        dependence=tied,
        execution=execution,
    )
    base = once().table
    return tuple(
        row
        for scenario in scenarios
        for row in compare_rows(base, once(scenario=scenario).table, scenario.scenario)
    )
