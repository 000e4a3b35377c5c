"""A 95% interval holds the exact value in 93 to 97 of 100 runs, or says that it may not."""

from dataclasses import replace

import numpy as np
import pytest

from sandbox.measures import Mean, Sample
from tests.sandbox.error_bars import HEAVY, LIGHT, MEASURES, covered, table
from tests.source_tree import ROOT

LEAST, MOST = 93.0, 97.0
YEARS = 20_000
FEW_RUNS = 80
OFF = 4.5 * 100.0 * np.sqrt(0.95 * 0.05 / FEW_RUNS)
"""Of a hundred thousand tests with so few runs, less than one misses 95% by more."""
PAGE = ROOT / "docs" / "error_bars.md"


@pytest.mark.parametrize("name", LIGHT)
def test_the_mean_of_the_years_is_the_exact_mean(name):
    book = LIGHT[name]
    years = book.runs(FEW_RUNS, 2_000)
    error = years.std() / np.sqrt(years.size)
    assert abs(years.mean() - book.exact()["mean"]) <= 4.5 * error


def test_light_tails_are_covered_by_few_runs_as_far_as_these_can_tell():
    found = covered(LIGHT["Poisson(20) gamma"], FEW_RUNS, YEARS)
    for one in found.values():
        assert one.held >= 95.0 - OFF
        assert one.trusted >= 90.0


def test_an_interval_that_is_half_as_wide_is_caught(monkeypatch):
    class Proud(Mean):
        def measure(self, sample: Sample):
            one = super().measure(sample)
            half = 0.25 * (one.high - one.low)
            return replace(one, low=one.value - half, high=one.value + half)

    monkeypatch.setitem(MEASURES, "mean", Proud())
    assert covered(LIGHT["Poisson(20) gamma"], FEW_RUNS, 500)["mean"].held < 95.0 - OFF


def test_a_heavy_tail_makes_an_interval_say_that_it_is_not_to_be_trusted():
    found = covered(HEAVY["Poisson(5) Pareto(1.8)"], 20, 2_000)
    assert found["TVaR 99%"].trusted <= 10.0
    assert found["mean"].trusted <= 60.0


def rows_of_the_page():
    return [
        line
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if "Poisson(" in line or line.startswith("| negative")
    ]


def measured(line):
    """Give book, measure and the three parts of a row of the page."""
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    return cells[0], cells[1], [float(cell.rstrip("%")) for cell in cells[2:]]


def test_the_page_states_every_book_and_light_tails_within_the_bounds():
    rows = [measured(line) for line in rows_of_the_page()]
    assert [row[:2] for row in rows] == [(n, m) for n in LIGHT | HEAVY for m in MEASURES]
    assert all(LEAST <= parts[0] <= MOST for name, _, parts in rows if name in LIGHT)


@pytest.mark.prove
@pytest.mark.long
def test_a_thousand_runs_of_twenty_thousand_years_cover_what_the_page_states():
    """The same seed gives the same counts: the page is held to the digit."""
    assert table(1_000, YEARS) == rows_of_the_page()
