"""A stress test with a programme: gross, net, and what reinsurance buys under each shock."""

import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest

from sandbox.bought import bought
from sandbox.figures import difference, difference_of_differences
from sandbox.measures import Mean, Sample, ValueAtRisk
from sandbox.results.further import scenario_section
from sandbox.results.html_page import Page
from sandbox.run import simulate
from sandbox.runs import Runs
from sandbox.scenarios import find, load_scenarios
from sandbox.stress import STRESSED, stress
from sandbox.stress_told import stress_csv, stress_lines, stress_told
from tests.sandbox.shipped import product, small

YEARS, SEED = 80, 3


@pytest.fixture(scope="module")
def scenario():
    return find(load_scenarios(product("home").shelf), "severity_plus_10")


@pytest.fixture(scope="module")
def runs():
    return Runs(product("home"), small("home"), YEARS, SEED)


@pytest.fixture(scope="module")
def rows(runs, scenario):
    return stress(runs, [scenario])


def test_a_stressed_run_is_the_simulation_with_scenario_and_programme_to_the_byte(
    runs, scenario, rows
):
    alone = simulate(product("home"), small("home"), years=YEARS, seed=SEED, scenario=scenario)
    assert runs.run(scenario=scenario).data() == alone.data()
    every = {(row.figure, row.measure, row.side): row for row in rows}
    for one in bought(alone.table, alone.net):
        if one.measure in STRESSED.get(one.figure, ()):
            sides = (every[one.figure, one.measure, side].shocked for side in ("gross", "net"))
            assert tuple(sides) == (one.gross, one.net)
            assert every[one.figure, one.measure, "bought"].shocked == one.change
    net = alone.measures["net largest_event.value_at_risk 99.5%"]
    assert every["largest_event", ValueAtRisk(level=0.995), "net"].shocked == net


def test_every_figure_is_told_gross_net_and_as_what_reinsurance_buys(rows):
    sides = [row.side for row in rows]
    assert sides == ["gross", "net", "bought"] * (len(rows) // 3)
    for gross, net, buys in zip(rows[::3], rows[1::3], rows[2::3], strict=True):
        assert buys.base.value == net.base.value - gross.base.value
        assert buys.shocked.value == net.shocked.value - gross.shocked.value
        moved = net.difference.value - gross.difference.value
        assert buys.difference.value == pytest.approx(moved, rel=1e-6, abs=1e-9)
    lines = stress_lines(rows, costless=["storm_layer"])
    assert sum(line.startswith("  bought ") for line in lines) == len(rows) // 3
    assert "  without a premium, so at no cost: storm_layer" in lines
    assert all(len(line) <= 80 for line in lines)
    table = list(csv.DictReader(io.StringIO(stress_csv(rows).decode())))
    assert [one["side"] for one in table] == sides
    assert [one["side"] for one in json.loads(json.dumps(stress_told(rows)))] == sides


def test_a_product_without_a_programme_has_one_line_for_each_figure():
    from sandbox.stress import Rows, compare

    table = simulate(product("home"), small("home"), years=YEARS, seed=SEED).table
    found = compare(Rows(table, None), Rows(table, None), "same")
    assert {row.side for row in found} == {"gross"}
    assert not any("bought" in line for line in stress_lines(found))


def test_the_report_has_the_sides(rows):
    page = Page("t", "en")
    scenario_section(rows)(page, "en")
    text = page.html()
    assert ">reinsurance</th>" in text
    assert text.count(">bought<") == len(rows) // 3


def test_the_error_of_what_reinsurance_buys_more_is_what_repeated_runs_show():
    """The mean of min(x, 20), before and after a shock of a tenth, over 200 runs of 500 rows."""
    found, errors = [], []
    for number in range(200):
        x = np.random.default_rng(number).gamma(2.0, 10.0, 500)
        base = Sample(x), Sample(np.minimum(x, 20.0))
        shocked = Sample(1.1 * x), Sample(np.minimum(1.1 * x, 20.0))
        one = difference_of_differences(Mean(), base, shocked)
        found.append(one.value)
        errors.append(one.error)
        apart = difference(Mean(), *base).error + difference(Mean(), *shocked).error
        assert one.error < 0.3 * apart
    assert np.isclose(np.std(found), np.mean(errors), rtol=0.2)


def test_a_shock_that_reinsurance_takes_no_part_of_is_exactly_nothing():
    rng = np.random.default_rng(1)
    storms, fires = rng.gamma(2.0, 1e7, 500), rng.gamma(2.0, 0.1, 500)
    base = Sample(storms + fires), Sample(0.7 * storms + fires)
    shocked = Sample(storms + 1.2 * fires), Sample(0.7 * storms + 1.2 * fires)
    one = difference_of_differences(Mean(), base, shocked)
    assert (one.value, one.error, one.low, one.high) == (0.0, 0.0, 0.0, 0.0)


def test_what_moves_every_row_alike_is_its_own_interval():
    rng = np.random.default_rng(1)
    gross, net = Sample(rng.gamma(2.0, 10.0, 500)), Sample(rng.gamma(2.0, 10.0, 500))
    shocked = replace(net, values=net.values + 8.0)
    one = difference_of_differences(Mean(), (gross, net), (gross, shocked))
    assert one.value == pytest.approx(8.0)
    assert one.low <= 8.0 + 1e-9
    assert one.high >= 8.0 - 1e-9


@pytest.mark.parametrize("far", [8.1, 0.9331, 1e7 / 3.0])
def test_what_moves_every_row_alike_has_no_error_of_rounding(far):
    """One rule for a difference and for one of two differences."""
    rng = np.random.default_rng(1)
    base, net = Sample(rng.gamma(2.0, 10.0, 500)), Sample(rng.gamma(2.0, 10.0, 500))
    shocked = replace(base, values=base.values + far)
    moves = (
        difference(Mean(), base, shocked),
        difference_of_differences(Mean(), (net, base), (net, shocked)),
    )
    for one in moves:
        assert one.value == pytest.approx(far)
        assert (one.error, one.why) == (0.0, "")
