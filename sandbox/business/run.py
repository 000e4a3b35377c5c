"""Simulate a business: each product as its own run is, added up year by year, gross and net."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadValue
from sandbox.bought import Bought, bought, costless
from sandbox.business.classified import kept_of
from sandbox.business.file import EVERY, BusinessFile
from sandbox.business.measures import product_measures
from sandbox.business.members import Member
from sandbox.business.order import reorderings, ties
from sandbox.business.placed import of_product
from sandbox.business.protection import whole_programme
from sandbox.business.together import together
from sandbox.dependence.diversification import Diversification, diversification
from sandbox.dependence.specification import DependenceFile
from sandbox.execution import ONE_THREAD, Execution
from sandbox.figures.standard import measured
from sandbox.loss_table import LossTable
from sandbox.measures import Measured
from sandbox.measures.allocation import ALLOCATED, BATCHES, ENOUGH_ROWS, allocate
from sandbox.questions import Answers, Questions, answered
from sandbox.reinsurance import Settlement
from sandbox.run import (
    BEST_ESTIMATE,
    NO_ANSWERS,
    NOTHING_ASKED,
    RUN_OFFS,
    SEED,
    YEARS,
    Run,
    simulate,
)
from sandbox.scenarios import Scenario, fits, shock_of
from sandbox.simulate.cohort import CohortRun
from sandbox.simulate.losses import PEAK

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class BusinessRun:
    """A simulated business; every amount is in its currency.

    runs        product → its own run, in its own currency
    tables, nets   product → its rows, before and after the reinsurance that is its own
    table       the rows of all together;  net: after reinsurance, None without any
    settlement  gross, ceded and net of the programme of the business, None without one
    kept        product → [row] claims after reinsurance, empty without any
    unshocked   products that the scenario changes nothing of
    """

    file: BusinessFile
    members: tuple[Member, ...]
    runs: Mapping[str, Run]
    tables: Mapping[str, LossTable]
    nets: Mapping[str, LossTable]
    table: LossTable
    net: LossTable | None
    settlement: Settlement | None
    kept: Mapping[str, Floats]
    measures: Mapping[str, Measured]
    scenario: Scenario | None = None
    unshocked: tuple[str, ...] = ()
    dependence: DependenceFile | None = None
    by: tuple[tuple[str, ...], ...] = ()
    horizon: int | None = None
    questions: Questions = NOTHING_ASKED
    answers: Answers = NO_ANSWERS

    @cached_property
    def bought(self) -> tuple[Bought, ...]:
        """What reinsurance buys."""
        return bought(self.table, self.net)

    @cached_property
    def costless(self) -> tuple[str, ...]:
        """Name the contracts that cost nothing: of its programme, or `product.contract` of each."""
        if self.settlement is not None:
            return costless(self.settlement)
        of_each = {name: costless(run.settlement) for name, run in self.runs.items()}
        return tuple(f"{name}.{contract}" for name, own in of_each.items() for contract in own)

    @cached_property
    def by_product(self) -> Mapping[str, Mapping[str, Measured]]:
        """Product → what every run measures; see `product_measures`."""
        return product_measures(self.tables, self.nets, self.kept if self.settlement else {})

    @cached_property
    def diversification(self) -> Diversification:
        """What the products need alone and together, before reinsurance."""
        return diversification({name: one.total() for name, one in self.tables.items()})

    @cached_property
    def net_diversification(self) -> Diversification | None:
        """What they need alone and together after reinsurance, None without any."""
        return diversification(self.kept) if self.kept else None

    @cached_property
    def parts(self) -> Mapping[str, Measured]:
        """Each product's part of the tail value at risk of all; none of too few rows to say."""
        paid = self.table.by_segment[EVERY].paid
        return _parts(tuple(self.tables), paid, self.table.total())

    @cached_property
    def net_parts(self) -> Mapping[str, Measured]:
        """The same after reinsurance."""
        if not self.kept:
            return {}
        columns = np.column_stack(list(self.kept.values()))
        whole = np.zeros(len(columns))
        for values in self.kept.values():
            whole += values
        return _parts(tuple(self.kept), columns, whole)


def _parts(names: Sequence[str], paid: Floats, total: Floats) -> Mapping[str, Measured]:
    if len(names) == 1 or len(total) < BATCHES * ENOUGH_ROWS:
        return {}
    return allocate(ALLOCATED, names, paid, total)


def usual_rows(members: Sequence[Member], most: int | None = None) -> int:
    """Give how many years, or run-offs, are simulated where nothing is said; at most so many."""
    usual = RUN_OFFS if members[0].product.long_term else YEARS
    return usual if most is None else min(usual, most)


def simulate_business(  # noqa: PLR0913 - each is a choice of the caller
    file: BusinessFile,
    members: Sequence[Member],
    *,
    years: int | None = None,
    seed: int = SEED,
    basis: str = BEST_ESTIMATE,
    scenario: Scenario | None = None,
    dependence: DependenceFile | None = None,
    by: Sequence[Sequence[str]] = (),
    horizon: int | None = None,
    questions: Questions = NOTHING_ASKED,
    execution: Execution = ONE_THREAD,
) -> BusinessRun:
    """Simulate all products, one after the other, and add them up. No figure depends on who works.

    by  classifications: `city` of all products that know it, `home.city` of one; crossed as there
    scenario, dependence   of all products that they change something of

    Other arguments as in `simulate`. Raises BadInput for what is unknown or does not fit.
    """
    if horizon is not None and horizon < 1:
        raise BadValue(f"expected a horizon of 1 year or more, got {horizon}")
    long_term = members[0].product.long_term
    rows = years or usual_rows(members)
    questions.fit(rows if long_term else rows // (horizon or 1), horizon)
    kept = tuple(dict.fromkeys((*map(tuple, by), *questions.by)))
    own = kept_of(kept, members)
    tied = ties(dependence, members)
    programme = file.says.reinsurance
    whole = None if programme is None else whole_programme(programme, members)
    after = reorderings(dependence, members, whole)
    changed = {} if scenario is None else _changed(scenario, members)
    runs: dict[str, Run] = {}
    held = 0
    for member in members:
        with of_product(member.name, file.says):
            runs[member.name] = simulate(
                member.product,
                member.portfolio,
                years=rows,
                seed=seed,
                basis=basis,
                scenario=changed.get(member.name),
                dependence=dependence if member.name in tied else None,
                by=own[member.name],
                horizon=horizon if long_term else None,
                above=None if whole is None else whole.above(member),
                execution=_apart(execution, member.name, held),
            )
        held += _held(runs[member.name])
    found = together(file, members, runs, changed, whole, after, execution.threads)
    runs = {name: _let_go(one) for name, one in runs.items()}
    if horizon is not None and not long_term:
        found = found.over(horizon)
    return BusinessRun(
        file,
        tuple(members),
        runs,
        found.tables,
        found.nets,
        found.table,
        found.net,
        found.settlement,
        found.kept,
        measured(found.table, found.net),
        scenario,
        tuple(one.name for one in members if scenario is not None and one.name not in changed),
        dependence,
        kept,
        horizon,
        questions,
        answered(questions, found.table, found.net),
    )


def _apart(execution: Execution, name: str, held: int) -> Execution:
    """Give the execution with a folder of its own for the blocks of a product.

    held  bytes that losses of the products before it will take while all are settled
    """
    store = None if execution.store is None else execution.store.part(name)
    memory = execution.allowed - held if held else execution.memory
    return replace(execution, store=store, memory=memory)


def _let_go(run: Run) -> Run:
    """Let go of what is settled: it takes more memory than all the rest."""
    if isinstance(run.details, CohortRun):
        return replace(run, details=replace(run.details, taken=None))
    return replace(run, details=replace(run.details, losses=None))


def _held(run: Run) -> int:
    """Give the bytes that the losses of a run take while they are settled."""
    details = run.details
    if isinstance(details, CohortRun):
        return 0 if details.taken is None else details.taken.bytes
    return 0 if details.losses is None else PEAK * len(details.losses.amount)


def _changed(scenario: Scenario, members: Sequence[Member]) -> dict[str, Scenario]:
    """Give of each product that the scenario changes what of it is for that product.

    Raises BadInput for a change that is for none.
    """
    single = [scenario.model_copy(update={"changes": (one,)}) for one in scenario.changes]
    found, used = dict[str, Scenario](), set[int]()
    for member in members:
        own = [n for n, one in enumerate(single) if fits(one, member.product)]
        used.update(own)
        if len(own) == len(single):
            found[member.name] = scenario
        elif own:
            changes = tuple(scenario.changes[n] for n in own)
            found[member.name] = scenario.model_copy(update={"changes": changes})
    for number, one in enumerate(single):
        if number not in used:
            shock_of(one, members[0].product)  # tells why
    return found
