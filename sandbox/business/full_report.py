"""What the full report of a business holds besides the run: every usual scenario of its products.

Whether a rate is right is asked of a product, and stands in the full report of that.
"""

from functools import partial

from sandbox.business.run import BusinessRun, simulate_business
from sandbox.business.stress import stress_scenarios
from sandbox.execution import Execution
from sandbox.results.further import scenario_section
from sandbox.results.write import Beside
from sandbox.stress import compare, rows_of


def simulated(run: BusinessRun) -> int:
    """Tell how many rows the further runs simulate."""
    return run.table.years * len(run.members) * len(stress_scenarios(run.members, (), ()))


def further(run: BusinessRun, execution: Execution) -> Beside:
    """Compare every usual scenario that changes a product, of all together, gross and net.

    run  of no scenario and without a dependence, as all that are held against it
    """
    table = run.table
    once = partial(
        simulate_business,
        run.file,
        run.members,
        years=table.years,
        seed=table.seed,
        basis=table.basis,
        execution=execution,
    )
    rows = [
        row
        for scenario in stress_scenarios(run.members, (), ())
        for row in compare(rows_of(run), rows_of(once(scenario=scenario)), scenario.scenario)
    ]
    return Beside(sections=(scenario_section(rows),))
