"""The state graph: what events do becomes states and transitions; periods become clocks."""

import pytest

from product_factory.assemble import assemble
from product_factory.clocks import Cell, clocks, steps_of
from product_factory.errors import BadInput
from product_factory.shelf import installed, open_shelf
from product_factory.states import ENDED, State, state_graph
from tests.product_factory.shelves import FILES, any_language, made

DEATH = "modules/life/death.yaml"
PRODUCT = "short_life/product.yaml"
ILLNESS = """\
process: illness
version: 1.0.0
title: {zh: 疾病, en: Illness}
kind: incidence
drawn: policy
events:
  grave: {title: {zh: 重病, en: grave}}
  light: {title: {zh: 轻病, en: light}}
marks:
  cause: {type: choice, of: [illness, accident]}
"""
LIGHT = """\
module: life/light
version: 1.0.0
title: {zh: 轻病给付, en: Light}
kind: lump_sum
terms:
  event: {type: event, of: [illness.grave, illness.light]}
  times: {type: integer, min: 1}
  gap:   {type: days, default: 0 days}
pays:
  event: event
  gap: gap
  times: times
  amount: sum_insured * 10%
  then: {THEN}
"""


def shelf(then: str = "waives: premium", uses: str = "", **times: int) -> dict[str, str]:
    """The small shelf with one cover of light illness for each name: how often it pays."""
    lines = [
        f"  - {{use: life/light@^1, as: {name}, set: {{event: illness.light, times: {n}{uses}}}}}\n"
        for name, n in times.items()
    ]
    product = FILES[PRODUCT].replace(
        "{mortality: mortality@^1}", "{mortality: mortality@^1, illness: illness@^1}"
    )
    bases = FILES["short_life/bases.yaml"].replace(
        "  leaves_out:",
        "    illness: {grave: 1%, light: 2%, cause: {illness: 100%}}\n  leaves_out:",
    )
    return FILES | {
        PRODUCT: product.replace("provisions:", "".join(lines) + "provisions:"),
        "short_life/bases.yaml": bases,
        "processes/illness.yaml": ILLNESS,
        "modules/life/light.yaml": LIGHT.replace("THEN", then),
    }


@pytest.fixture(scope="module")
def critical_illness():
    return assemble(open_shelf(installed()), "critical_illness", any_language())


def test_critical_illness_has_twelve_living_states(critical_illness):
    """0-2 moderate × 0-3 mild payments; premiums are waived as soon as one was paid."""
    graph = state_graph(critical_illness)
    assert graph.counted == ("moderate", "mild")
    expected = [State((m, n), (), waived=m + n > 0) for m in range(3) for n in range(4)]
    assert list(graph.living) == expected
    assert graph.names[0] == "in_force"
    assert graph.names[6] == "moderate1_mild2_waived"


def test_each_payment_leads_on_until_its_cover_has_ended(critical_illness):
    graph = state_graph(critical_illness)
    for number, state in enumerate(graph.living):
        leads = {t.event: t.target for t in graph.transitions if t.source == number and t.pays}
        moderate, mild = state.paid
        assert leads["critical_illness.severe"] == ENDED
        assert leads["mortality.death"] == ENDED
        paying = [
            t.event.rpartition(".")[2]
            for t in graph.transitions
            if t.source == number and t.pays in {("moderate",), ("mild",)}
        ]
        assert paying == ["moderate"] * (moderate < 2) + ["mild"] * (mild < 3)
        if mild < 3:
            assert graph.living[graph.after(number, ["mild"])].paid == (moderate, mild + 1)


def test_the_line_of_an_exclusion_takes_the_event_alone(critical_illness):
    graph = state_graph(critical_illness)
    taken = [t for t in graph.transitions if t.pays == ("norm.own_acts",)]
    assert {t.event.partition(".")[0] for t in taken} == {"critical_illness"}
    assert {t.target for t in taken} == {ENDED}


def test_the_gaps_of_critical_illness_by_month_are_cells(critical_illness):
    """Moderate and mild count to 2 and 3; each has 6 cells while it has paid and may again."""
    basis = critical_illness.bases["best_estimate"]
    timed = clocks(critical_illness, basis, state_graph(critical_illness))
    assert timed.waits == dict.fromkeys(["severe", "moderate", "mild", "death"], 3)
    assert timed.gaps == {"moderate": 6, "mild": 6}
    assert len(timed.cells) == (1 + 6 + 1) * (1 + 6 + 6 + 1)
    start = timed.cells[0]
    once = timed.after(start, ("mild",))
    assert once == Cell(1, (0, 5))
    assert "mild" not in timed.ready(once)
    for _ in range(5):
        once = timed.after(once)
    assert "mild" in timed.ready(once)
    assert timed.after(once, ("severe",)) is None


def test_every_cell_leads_to_cells_alone(critical_illness):
    basis = critical_illness.bases["best_estimate"]
    graph = state_graph(critical_illness)
    timed = clocks(critical_illness, basis, graph)
    known = set(timed.cells)
    for cell in timed.cells:
        ways = [(), *((cover,) for cover in ("moderate", "mild") if cover in timed.ready(cell))]
        assert {timed.after(cell, way) for way in ways} <= known


@pytest.mark.parametrize(
    ("days", "step", "steps"),
    [(0, "month", 0), (90, "month", 3), (180, "month", 6), (365, "month", 12), (100, "month", None),
     (730, "year", 2), (180, "year", None), (360, "month", 12)],
)  # fmt: skip
def test_thirty_days_are_a_month_and_365_a_year(days, step, steps):
    assert steps_of(days, step) == steps


def test_a_period_that_is_no_whole_number_of_steps_names_the_step_that_would_do(tmp_path):
    files = shelf(a=2, uses=", gap: 180 days")
    product = made(tmp_path, "short_life", files)
    with pytest.raises(BadInput) as raised:
        clocks(product, product.bases["pricing"], state_graph(product))
    assert "credits 180 days, no whole number of its steps of a year" in str(raised.value)
    assert "write grid: {step: month}, or leave out 'a.gap'" in str(raised.value)
    product = made(tmp_path / "odd", "short_life", shelf(a=2, uses=", gap: 100 days"))
    with pytest.raises(BadInput, match="no step would do"):
        clocks(product, product.bases["pricing"], state_graph(product))


def test_more_than_64_living_states_are_too_many(tmp_path):
    fits = state_graph(made(tmp_path, "short_life", shelf(a=7, b=7)))
    # one event pays both covers, so they count together
    assert len(fits.living) == 8
    with pytest.raises(BadInput, match=r"expected at most 64 living states, got more: a 0-70"):
        state_graph(made(tmp_path / "more", "short_life", shelf(a=70)))


def test_a_cover_that_ends_itself_counts_once(tmp_path):
    graph = state_graph(made(tmp_path, "short_life", shelf("ends: cover", a=3)))
    assert graph.names == ("in_force", "a1")


def test_what_restores_the_sum_insured_forgets_what_reduced_it(tmp_path):
    files = shelf("reduces: sum_insured", a=2)
    graph = state_graph(made(tmp_path, "short_life", files))
    assert [state.reduced for state in graph.living] == [(0,), (1,), (2,)]
    files = shelf("reduces: sum_insured, restores: sum_insured", a=2)
    graph = state_graph(made(tmp_path / "again", "short_life", files))
    assert [state.reduced for state in graph.living] == [(0,), (0,), (0,)]
    assert graph.names == ("in_force", "a1", "a2")


def test_a_covers_condition_makes_two_ways_of_an_event(tmp_path):
    files = shelf("waives: premium", a=1)
    light = files["modules/life/light.yaml"]
    files["modules/life/light.yaml"] = light.replace("  gap: gap", "  where: {cause: accident}")
    graph = state_graph(made(tmp_path, "short_life", files))
    ways = {t.pays for t in graph.transitions if t.event == "illness.light"}
    assert ways == {("a",)}  # where it does not hold nothing is paid and nothing changes
