"""A business under scenarios: all products on the same random numbers, before and after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sandbox.business.file import BusinessFile
from sandbox.business.members import Member
from sandbox.business.run import simulate_business
from sandbox.dependence.specification import DependenceFile
from sandbox.execution import ONE_THREAD, Execution
from sandbox.loss_table import Kind
from sandbox.scenarios import Scenario, given_scenario, load_scenarios
from sandbox.scenarios.pack import of_pack
from sandbox.stress import Stressed, compare, fitting, rows_of


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


@dataclass(frozen=True, eq=False)
class BusinessAsked:
    """A stress test of a business.

    years, seed, basis   of each of its runs;  dependence: what ties products in all of them
    """

    file: BusinessFile
    members: Sequence[Member]
    scenarios: Sequence[Scenario]
    years: int
    seed: int
    basis: str
    dependence: DependenceFile | None = None


@dataclass(frozen=True, eq=False)
class BusinessStressed:
    """A business under scenarios.

    rows       figures of all products together
    contracts  of the programme of the business
    costless   those that state no premium, of it or, without one, of the products' own
    unshocked  scenario → products that it changes nothing of
    currency, kind   of the rows
    """

    asked: BusinessAsked
    rows: tuple[Stressed, ...]
    contracts: tuple[str, ...]
    costless: tuple[str, ...]
    unshocked: Mapping[str, tuple[str, ...]]
    currency: str
    kind: Kind


def stress_business(asked: BusinessAsked, execution: Execution = ONE_THREAD) -> BusinessStressed:
    """Simulate all products as they stand and under every scenario.

    A scenario changes those products that it fits; figures are of all together, before and after
    reinsurance. Raises BadInput where one fits no product.
    """
    once = partial(
        simulate_business,
        asked.file,
        asked.members,
        years=asked.years,
        seed=asked.seed,
        basis=asked.basis,
        dependence=asked.dependence,
        execution=execution,
    )
    run = once()
    base, settlement, free = rows_of(run), run.settlement, run.costless
    rows, unshocked = list[Stressed](), dict[str, tuple[str, ...]]()
    for scenario in asked.scenarios:
        run = once(scenario=scenario)
        rows += compare(base, rows_of(run), scenario.scenario)
        unshocked[scenario.scenario] = run.unshocked
    return BusinessStressed(
        asked,
        tuple(rows),
        () if settlement is None else settlement.contracts,
        free,
        unshocked,
        base.table.currency,
        base.table.kind,
    )
