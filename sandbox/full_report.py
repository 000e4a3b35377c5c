"""A simulation with what a board asks next: scenarios, and whether the rate is right."""

from sandbox.adequacy.judge import Wanted, adequacy
from sandbox.execution import ONE_THREAD, Execution
from sandbox.results.further import adequacy_section, scenario_section
from sandbox.results.plots import Language
from sandbox.results.plots.adequacy import adequacy_plots
from sandbox.results.write import Beside
from sandbox.run import Run
from sandbox.runs import Runs
from sandbox.stress import compare, fitting, rows_of

CONFIDENCE = 0.9
"""How often premium must be enough, as `adequacy` asks where nothing else is said."""


def simulated(run: Run) -> int:
    """Tell how many rows the further runs simulate."""
    again = 3 if run.product.long_term else 2
    again = 0 if run.portfolio.in_force else again
    return run.table.years * (len(fitting(run.product)) + again)


def further(run: Run, language: Language, *, execution: Execution = ONE_THREAD) -> Beside:
    """Compare every scenario that fits, judge the rate, and give pictures and sections of both.

    A rate is judged by contracts at issue: of a book with some in force there is no such section.

    run  of no scenario and without a dependence, as all that are held against it
    """
    table = run.table
    runs = Runs(run.product, run.portfolio, table.years, table.seed, execution)
    rows = [
        row
        for scenario in fitting(run.product)
        for row in compare(
            rows_of(run), rows_of(runs.fresh(table.basis, scenario)), scenario.scenario
        )
    ]
    if run.portfolio.in_force:
        return Beside(sections=(scenario_section(rows),))
    judged = adequacy(runs, Wanted(CONFIDENCE, 0.0, table.basis))
    title = run.product.title.both
    plots = adequacy_plots(judged, run.manifest, language, title)
    long_term = run.product.long_term
    sections = scenario_section(rows), adequacy_section(judged, plots, long_term=long_term)
    return Beside(plots=plots, sections=sections)
