"""`scenarios`: each figure before, after, and the difference, on the same random numbers."""

from product_factory.canonical import digest_of
from product_factory.errors import At
from product_factory.json_text import json_text
from sandbox.bought import costless
from sandbox.dependence.specification import dependence_of
from sandbox.runs import Runs
from sandbox.scenarios import Scenario, load_scenarios, recorded_scenario
from sandbox.stress import stress
from sandbox.stress_told import stress_csv, stress_lines, stress_told
from sandbox.studies.asked import Asked, Outcome
from sandbox.studies.data import DEPENDENCE


def study(asked: Asked) -> Outcome:
    """Run every scenario that is named; files of users stand among what is given."""
    scenarios = _scenarios(asked)
    asked.most(asked.years * (1 + len(scenarios)))
    tied = None
    if DEPENDENCE in asked.given:
        tied = dependence_of(asked.given[DEPENDENCE], DEPENDENCE)
    work = asked.product, asked.portfolio, asked.years, asked.seed
    runs = Runs(*work, asked.execution, tied)
    rows = stress(runs, scenarios)
    told = stress_told(rows)
    data = {"stress.json": f"{json_text(told)}\n".encode(), "stress.csv": stress_csv(rows)}
    said = digest_of((one.scenario, one.digest) for one in scenarios)
    free = costless(runs.run().settlement) if rows else ()
    lines = tuple(stress_lines(rows, asked.language, costless=free))
    return Outcome(asked, told, lines, {**data, **asked.given}, scenario_hash=said)


def _scenarios(asked: Asked) -> list[Scenario]:
    """Resolve the names. Raises BadInput with the nearest known name."""
    known = load_scenarios(asked.product.shelf)
    names = filter(None, asked.options["scenarios"].split(", "))
    return [recorded_scenario(name, asked.given, known, At("--scenario")) for name in names]
