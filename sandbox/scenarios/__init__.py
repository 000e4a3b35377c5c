"""Scenarios: named changes to assumptions, one kind of change in one file.

In use:
    scenarios = load_scenarios(shelf)                      name → Scenario
    shock = shock_of(find(scenarios, "pandemic_year"), product)
"""

from sandbox.scenarios.frequency import Frequency
from sandbox.scenarios.interest import Interest
from sandbox.scenarios.rate import Rate
from sandbox.scenarios.replay import Replay
from sandbox.scenarios.scenario import CHANGES, Scenario, find, load_scenarios, shock_of
from sandbox.scenarios.severity import Severity
from sandbox.scenarios.shock import NO_SHOCK, Replayed, Shock
from sandbox.scenarios.storms import with_replays

__all__ = [
    "CHANGES",
    "NO_SHOCK",
    "Frequency",
    "Interest",
    "Rate",
    "Replay",
    "Replayed",
    "Scenario",
    "Severity",
    "Shock",
    "find",
    "load_scenarios",
    "shock_of",
    "with_replays",
]
