"""Simulate a product: portfolio, premium, losses, gross and net, with the figures of the run."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledBasis, AssembledProduct
from product_factory.errors import At, BadInput, BadValue, nearest
from product_factory.released import released
from rating.engines.collective.annual import annual_model
from rating.engines.multistate.unknowns import bound
from sandbox.above import Above
from sandbox.bands import ONE_BAND, Bands
from sandbox.bought import Bought, bought, costless
from sandbox.by_policy_year import POLICY_YEAR, by_policy_year
from sandbox.dependence.bind import BoundDependence, bind
from sandbox.dependence.diversification import Diversification, of_table
from sandbox.dependence.reorder import reordered
from sandbox.dependence.specification import DependenceFile
from sandbox.dependence.told import dependence_files
from sandbox.execution import Execution
from sandbox.figures.standard import measured
from sandbox.files import Content, in_memory
from sandbox.horizon import first_years, joined
from sandbox.loss_table import LossTable
from sandbox.made_of import inputs_of, ties_of
from sandbox.measures import Measured
from sandbox.portfolio.book import read_book
from sandbox.portfolio.expenses import yearly_expenses
from sandbox.portfolio.generate import generate
from sandbox.portfolio.portfolio import Portfolio
from sandbox.protection import protection
from sandbox.questions import Answers, Questions, answered
from sandbox.refused import refuse_policy_years, refuse_together
from sandbox.reinsurance import Settlement
from sandbox.results import Look, Manifest, write_results
from sandbox.results.answers import answers_files, answers_section
from sandbox.results.plots import Language
from sandbox.results.plots.diversification import diversification_png
from sandbox.results.sizes import sizes_files
from sandbox.results.write import Beside, data_files, ranked
from sandbox.run_off_protection import fit_run_offs, run_off_protection
from sandbox.sampling import PLAIN, Sampling
from sandbox.scenarios import NO_SHOCK, Scenario, Shock, shock_of, with_replays
from sandbox.simulate.annual import AnnualRun, simulate_annual
from sandbox.simulate.cohort import CohortRun, shocked, simulate_cohort

Floats = npt.NDArray[np.float64]
YEARS = 20_000
"""Simulated years of annual contracts, where nothing else is said."""
RUN_OFFS = 4_000
"""Simulated run-offs of long-term contracts, where nothing else is said."""
SEED = 20260301
BEST_ESTIMATE = "best_estimate"
NOTHING_ASKED, NO_ANSWERS = Questions(), Answers()


@dataclass(frozen=True)
class Run:
    """A simulated portfolio.

    table       the rows, before reinsurance;  net: after it, None without a programme
    settlement  gross, ceded and net of the protected covers
    measures    `figure.measure` → its value with its error
    details     what the engine knows besides
    by, horizon, scenario_hash   as in the manifest
    scenario_files   name → text of a scenario that is not of the shelf
    dependence  what frequencies or results were tied by; None for nothing
    sampling    how the numbers of years were drawn
    questions   what was asked beyond what every run tells;  answers: what came of them
    """

    product: AssembledProduct
    portfolio: Portfolio
    scenario: str
    table: LossTable
    net: LossTable | None
    settlement: Settlement | None
    measures: Mapping[str, Measured]
    details: AnnualRun | CohortRun
    by: tuple[tuple[str, ...], ...] = ()
    horizon: int | None = None
    scenario_hash: str = ""
    scenario_files: Mapping[str, bytes] = field(default_factory=dict)
    dependence: BoundDependence | None = None
    sampling: Sampling = PLAIN
    questions: Questions = NOTHING_ASKED
    answers: Answers = NO_ANSWERS

    @cached_property
    def bought(self) -> tuple[Bought, ...]:
        """What reinsurance buys; asked for by files and lines."""
        return bought(self.table, self.net)

    @cached_property
    def diversification(self) -> Diversification:
        """What the covers need alone and together; asked for by files, pictures and lines."""
        return of_table(self.table)

    @property
    def manifest(self) -> Manifest:
        """The inputs that the figures depend on."""
        tied = None if self.dependence is None else self.dependence.file
        return Manifest(
            product=self.product.name,
            product_hash=self.product.digest,
            portfolio=f"{self.portfolio.source}, sha256 {self.portfolio.digest}",
            years=self.table.years,
            seed=self.table.seed,
            basis=self.table.basis,
            version=released(),
            on=self.product.on.isoformat(),
            scenario=self.scenario,
            scenario_hash=self.scenario_hash,
            programme=self.settlement.contracts if self.settlement is not None else (),
            kind=self.table.kind,
            by=self.by,
            horizon=self.horizon,
            dependence="" if tied is None else tied.says.dependence,
            dependence_hash="" if tied is None else tied.digest,
            currency=self.table.currency,
            sampling=self.sampling.KIND,
            measures=self.questions.measures,
            allocate=self.questions.allocate,
            sizes=self.questions.sizes,
        )

    def keeping(self, by: Sequence[tuple[str, ...]]) -> "Run":
        """Give the run as it is with these classifications, each one of its own, alone."""
        segments = self.table.by_segment
        parts = {name: segments[name] for name in map(", ".join, by) if name in segments}
        return replace(self, table=replace(self.table, by_segment=parts), by=tuple(by))

    def contents(self) -> dict[str, Content]:
        """Give the data files by name, those that the manifest holds the hashes of."""
        beside = self._beside()
        found = ranked(self.table, self.net)
        return data_files(self.table, self.measures, found, self.net, self.settlement, beside)

    def _beside(self) -> dict[str, Content]:
        """Give the data files of what not every run has."""
        own: dict[str, Content] = {
            **self.scenario_files,
            **answers_files(self.answers, self.bought),
        }
        if self.answers.sizes is not None:
            own |= sizes_files(self.answers.sizes, self.table)
        if self.dependence is None:
            return own
        return own | dependence_files(self.dependence, self.table, self.diversification)

    def _plots(self, look: Look) -> dict[str, bytes]:
        """Give the plots of what not every run has."""
        if self.dependence is None:
            return {}
        table = self.table
        run = self.dependence.file.says.dependence, table.years, f"{table.seed}"
        picture = diversification_png(
            self.diversification, table.currency, run, look.language, look.title
        )
        return {"diversification.png": picture}

    def data(self) -> dict[str, bytes]:
        """Give the bytes of the data files by name."""
        return {name: in_memory(content) for name, content in self.contents().items()}

    def write(
        self, folder: Path, language: Language = "zh", more: Beside | None = None
    ) -> tuple[Path, ...]:
        """Write the results to a folder, pictures and the report in a language; give the paths.

        more  pictures and sections of the report that took runs of their own
        """
        more = more or Beside()
        title = self.product.title
        uses = self.product.uses
        called = {name: getattr(use.title, language) for name, use in uses.items()}
        told = answers_section(self.answers, self.bought, costless(self.settlement), called)
        look = Look(title.both, language, called)
        return write_results(
            folder,
            self.table,
            self.measures,
            self.manifest,
            look,
            self.net,
            self.settlement,
            Beside(self._beside(), self._plots(look) | dict(more.plots), (told, *more.sections)),
        )


def simulate(  # noqa: PLR0913 - each is a choice of the caller
    product: AssembledProduct,
    book: Path | Portfolio | None = None,
    *,
    years: int | None = None,
    seed: int = SEED,
    basis: str = BEST_ESTIMATE,
    scenario: Scenario | None = None,
    dependence: DependenceFile | None = None,
    by: Sequence[Sequence[str]] = (),
    horizon: int | None = None,
    sampling: Sampling = PLAIN,
    questions: Questions = NOTHING_ASKED,
    above: Above | None = None,
    threads: int = 1,
    progress: Callable[[int], None] | None = None,
    execution: Execution | None = None,
) -> Run:
    """Simulate a product. The figures do not depend on who computes them, to the bit.

    book      a file of policies, or a portfolio that is ready; without it the product's own
    years     simulated years; of long-term contracts, run-offs
    scenario  a change to the basis, on the same random numbers
    dependence  what ties frequencies or results together; it moves no other draw
    by        classifications, each one name or several crossed; the table keeps claims and premium
    horizon   so many years together are one row; of long-term contracts, only the first years count
    sampling  how the numbers that drive years are drawn; another than plain is of annual contracts
    questions measures and allocations beyond what every run tells
    above     a programme above this product, in the place of its own; the details keep what it asks
              for, and nothing is settled
    execution who computes, and where blocks are kept, in place of threads and progress

    Raises BadInput for what is unknown, and BadValue for numbers outside of their bounds.
    """
    portfolio = portfolio_of(product, book)
    asked = tuple(dict.fromkeys((*map(tuple, by), *questions.by)))
    kept = tuple(names for names in asked if names != POLICY_YEAR or names in questions.by)
    refuse_policy_years(product, asked)
    shock = NO_SHOCK if scenario is None else shock_of(scenario, product)
    assumed = basis_of(product, basis)
    rows = years or (RUN_OFFS if product.long_term else sampling.near(YEARS))
    if horizon is not None and horizon < 1:
        message = f"expected a horizon of 1 year or more, got {horizon}"
        raise BadValue(message)
    questions.fit(rows if product.long_term else rows // (horizon or 1), horizon)
    tied = None if dependence is None else bind(dependence, product)
    refuse_together(sampling, rows, product, tied, horizon, questions)
    work = _Work(
        product,
        portfolio,
        assumed,
        shock,
        rows,
        seed,
        kept,
        execution or Execution.on(threads, progress=progress),
        inputs_of(product, portfolio, basis, seed, kept, scenario, horizon)
        | {"sizes": questions.sizes}
        | ties_of(tied, rows)
        | ({} if sampling is PLAIN else {"sampling": f"{sampling.KIND} of {rows} years"}),
        questions.bands,
        scenario,
        above,
        sampling,
    )
    name = "" if scenario is None else scenario.scenario
    if kept and tied is not None and tied.reordered:
        message = "expected no classification: segments hold a year's covers, which are reordered"
        raise BadValue(message)
    if product.long_term:
        made = _run_offs(work, horizon, name, by_year=POLICY_YEAR in asked)
    else:
        made = _years(work, horizon, name, tied)
    said = "" if scenario is None else scenario.digest
    files = {} if scenario is None else scenario.files
    made = replace(made, by=asked, horizon=horizon, scenario_hash=said, scenario_files=files)
    made = replace(made, sampling=sampling)
    answers = answered(questions, made.table, made.net)
    if isinstance(made.details, CohortRun) and made.details.by_year is not None:
        protected, in_force = made.settlement is not None, bool(portfolio.in_force)
        by_year = by_policy_year(made.details.by_year, protected=protected, in_force=in_force)
        answers = replace(answers, policy_years=by_year)
    return replace(made, questions=questions, answers=answers)


def portfolio_of(product: AssembledProduct, book: Path | Portfolio | None) -> Portfolio:
    """Give the policies to simulate. Raises BadInput for a book that cannot be read."""
    if isinstance(book, Portfolio):
        return book
    return generate(product) if book is None else read_book(product, book)


def basis_of(product: AssembledProduct, name: str, at: At | None = None) -> AssembledBasis:
    """Give a basis by name. Raises BadInput with the nearest known name."""
    if name not in product.bases:
        text = f"unknown basis '{name}'{nearest(name, product.bases)}"
        raise BadInput.one(at or product.product.at, "basis", text)
    return product.bases[name]


@dataclass(frozen=True)
class _Work:
    """What is simulated."""

    product: AssembledProduct
    portfolio: Portfolio
    basis: AssembledBasis
    shock: Shock
    rows: int
    seed: int
    by: tuple[tuple[str, ...], ...]
    execution: Execution
    inputs: Mapping[str, str]
    bands: Bands | None
    scenario: Scenario | None
    above: Above | None
    sampling: Sampling


def _shocked(work: _Work) -> Portfolio:
    """Give the policies under the scenario. Raises BadInput where it leaves none of them."""
    portfolio = work.shock.portfolio(work.portfolio)
    if work.portfolio.policies and not portfolio.policies:
        text = f"'volume' leaves none of {work.portfolio.policies:,} policies, and no premium"
        at = At("scenario") if work.scenario is None else work.scenario.at
        raise BadInput.one(at, "", f"{text} to hold claims against; expected 'times' to leave some")
    return portfolio


def _years(work: _Work, horizon: int | None, scenario: str, tied: BoundDependence | None) -> Run:
    product, portfolio = work.product, _shocked(work)
    model = annual_model(product, work.basis, portfolio.cells)
    model, rows = with_replays(model, work.shock.replays)
    cover = protection(portfolio) if work.above is None else None
    keeps = () if work.above is None else work.above.keeps
    run = simulate_annual(
        model,
        portfolio.premiums,
        work.rows,
        work.seed,
        shock=work.shock.annual(rows),
        varying=None if tied is None else tied.frequency(work.seed, work.rows, work.sampling),
        groupings={", ".join(names): portfolio.grouping(names) for names in work.by},
        bands=work.bands or (ONE_BAND if tied is not None and tied.reordered else None),
        protects=keeps or (() if cover is None else cover.protects),
        execution=work.execution,
        inputs=work.inputs,
        sampling=work.sampling,
    )
    times = work.shock.expense_factors(portfolio)
    spent = yearly_expenses(portfolio, work.basis, times)
    table = replace(run.table, expenses=np.broadcast_to(float(spent), (work.rows,)))
    table = table if tied is None else reordered(table, tied)
    table = table if work.bands else replace(table, sizes=None)
    net, settlement = (
        (None, None) if cover is None else cover.settled(table, run, work.execution.threads)
    )
    if horizon is not None:
        table, net = joined(table, horizon), None if net is None else joined(net, horizon)
    if work.above is None:
        run = replace(run, losses=None)  # they are settled, and take more memory than all the rest
    found = measured(table, net)
    made = Run(product, work.portfolio, scenario, table, net, settlement, found, run)
    return replace(made, dependence=tied)


def _run_offs(work: _Work, horizon: int | None, scenario: str, *, by_year: bool) -> Run:
    product, portfolio = work.product, _shocked(work)
    fit_run_offs(product, work.above)  # before anything is computed
    model = bound(product, work.basis, portfolio.risks, portfolio.premiums)
    if horizon is not None:
        model = first_years(model, horizon)
    model = shocked(model, work.shock.cohort(model))
    cover = run_off_protection(portfolio, model, work.above)
    run = simulate_cohort(
        model,
        portfolio.cells.policies,
        portfolio.premiums,
        work.rows,
        work.seed,
        keys=portfolio.cells.keys,
        groupings={", ".join(names): portfolio.grouping(names) for names in work.by},
        ceding=None if cover is None else cover.ceding,
        by_year=by_year,
        execution=work.execution,
        inputs=work.inputs,
    )
    net, settlement = None, None
    if work.above is None:
        net, settlement = (None, None) if cover is None else cover.settled(run)
        run = replace(run, taken=None)  # it is settled
    found = measured(run.table, net)
    return Run(product, work.portfolio, scenario, run.table, net, settlement, found, run)
