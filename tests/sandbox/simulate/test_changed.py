"""A change of events and losses is one for price and simulation."""

import numpy as np
import pytest

from rating.engines.collective.change import Change, changed
from rating.engines.collective.expected import costs_of
from sandbox.simulate.annual import AnnualShock, simulate_annual
from tests.rating.engines.tiny_year import LAYER, tiny, tiny_model
from tests.sandbox.laws.test_law_one_counts import COUNTS

FRANCHISE = "    - {franchise: 400, per: claim}"


@pytest.mark.parametrize("kind", COUNTS)
@pytest.mark.parametrize("lines", [LAYER, FRANCHISE])
@pytest.mark.parametrize("what", ["frequency", "severity"])
def test_a_scenario_without_events_or_losses_costs_nothing(tmp_path, kind, lines, what):
    shock = AnnualShock(**{what: {"bike.damage": 0.0}})
    model = tiny_model(tiny(tmp_path, frequency=COUNTS[kind], lines=lines))
    bike, phone = (one.value for one in costs_of(changed(model, shock.change)))
    assert bike == 0.0
    assert phone > 0.0
    paid = simulate_annual(model, np.zeros(1), 50, 1, shock=shock).table.paid
    assert not paid[:, 0].any()


def test_changes_that_differ_are_told_apart():
    changes = [
        Change(),
        Change(frequency={"a.b": 2.0}),
        Change(severity={"a.b": 2.0}),
        Change(inflation=0.02),
    ]
    assert len({change.told for change in changes}) == len(changes)
