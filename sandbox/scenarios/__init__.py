"""Scenarios: named changes to assumptions, one kind of change in one file.

In use:
    scenarios = load_scenarios(shelf)                      name → Scenario
    shock = shock_of(find(scenarios, "pandemic_year+lapse_up_40"), product)
"""

from sandbox.scenarios.expense import Expenses
from sandbox.scenarios.frequency import Frequency
from sandbox.scenarios.given import given_scenario, kept_files, recorded_scenario
from sandbox.scenarios.interest import Interest
from sandbox.scenarios.pack import Pack, load_packs, of_pack
from sandbox.scenarios.premium import Premium
from sandbox.scenarios.rate import Rate
from sandbox.scenarios.replay import Replay
from sandbox.scenarios.scenario import CHANGES, Scenario, find, fits, load_scenarios, shock_of
from sandbox.scenarios.severity import Severity
from sandbox.scenarios.shock import NO_SHOCK, Replayed, Shock
from sandbox.scenarios.storms import with_replays
from sandbox.scenarios.volume import Volume

__all__ = [
    "CHANGES",
    "NO_SHOCK",
    "Expenses",
    "Frequency",
    "Interest",
    "Pack",
    "Premium",
    "Rate",
    "Replay",
    "Replayed",
    "Scenario",
    "Severity",
    "Shock",
    "Volume",
    "find",
    "fits",
    "given_scenario",
    "kept_files",
    "load_packs",
    "load_scenarios",
    "of_pack",
    "recorded_scenario",
    "shock_of",
    "with_replays",
]
