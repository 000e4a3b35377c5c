"""Years of home: the same bytes however they are computed, and draws that stay where they are."""

import threading
from dataclasses import replace

import numpy as np
import pytest

from rating.engines.collective.annual import AnnualModel, annual_model
from rating.engines.collective.cells import RiskCells, risk_cells
from sandbox.execution import Execution, blocks
from sandbox.laws.annual import cells_of
from sandbox.laws.same import fingerprint, same_bytes
from sandbox.simulate import annual
from sandbox.simulate.annual import AnnualShock, simulate_annual
from tests.sandbox.home_profiles import HOME, PROFILES

SEED, YEARS = 20260301, 600
BASIS = HOME.bases["pricing"]
POLICIES = (300, 40, 7)
ORDER = 1e-12
"""Policies with and without claims are added up in another order where a process is silent."""


def cells(*places: int, policies: tuple[int, ...] = POLICIES) -> RiskCells:
    """Give cells of the profiles, one of each place."""
    parts = [cells_of(HOME, PROFILES[place], policies[place]) for place in places]
    items = {n: [part.item_columns[n] for part in parts] for n in parts[0].item_columns}
    return risk_cells(
        HOME,
        np.concatenate([part.policies for part in parts]),
        {n: np.concatenate([part.columns[n] for part in parts]) for n in parts[0].columns},
        {n: np.concatenate(columns) for n, columns in items.items()},
        np.concatenate([part.present for part in parts]),
    )


def model_of(*places: int, policies: tuple[int, ...] = POLICIES) -> AnnualModel:
    return annual_model(HOME, BASIS, cells(*places, policies=policies))


def run(model: AnnualModel, years: int = YEARS, **how) -> annual.AnnualRun:
    premiums = np.full(model.cells.size, 500.0)
    return simulate_annual(model, premiums, years, SEED, **how)


@pytest.fixture(scope="module")
def portfolio() -> AnnualModel:
    return model_of(0, 1, 2)


def covered(one: annual.AnnualRun, cover: str) -> np.ndarray:
    return one.table.paid[:, one.table.columns.index(cover)]


def test_the_same_input_gives_the_same_bytes_for_any_threads_and_blocks(portfolio):
    runs = [
        run(portfolio, execution=Execution.on(threads, block))
        for threads in (1, 2)
        for block in (1, 77, 256)
    ]
    assert len({fingerprint(one.table) for one in runs}) == 1
    assert len({one.storm_paid.tobytes() for one in runs}) == 1
    assert len({one.storm_year.tobytes() for one in runs}) == 1
    assert len({one.claims for one in runs}) == 1
    assert runs[0].claims > 1000
    assert same_bytes(
        lambda threads, block: run(portfolio, execution=Execution.on(threads, block)).table
    )


def test_a_sum_that_threads_add_to_in_the_order_in_which_they_finish_is_caught(portfolio):
    """A planted error: each block adds its years to one total, the last block first."""
    table = run(portfolio).table

    def simulate(threads: int, block: int):
        parts = blocks(YEARS, block)
        total = np.zeros(len(table.columns))
        turn = threading.Lock()

        def add(first: int, last: int) -> None:
            with turn:
                total[:] += table.paid[first:last].sum(axis=0)

        # two workers, of which the one with the early blocks is slow
        for first, last in parts if threads == 1 else [*parts[1::2], *parts[0::2]]:
            worker = threading.Thread(target=add, args=(first, last))
            worker.start()
            worker.join()
        return replace(table, paid=np.broadcast_to(total / YEARS, table.paid.shape).copy())

    assert not same_bytes(simulate)


def test_fewer_years_are_the_first_of_more(portfolio):
    many, few = run(portfolio), run(portfolio, years=250)
    assert few.table.paid.tobytes() == many.table.paid[:250].tobytes()


def test_another_seed_gives_other_years(portfolio):
    other = simulate_annual(portfolio, np.full(3, 500.0), YEARS, SEED + 1)
    assert fingerprint(other.table) != fingerprint(run(portfolio).table)


def by_cell(model: AnnualModel) -> np.ndarray:
    """Give what each cell is paid, [year, cell]."""
    size = model.cells.size
    labels = tuple(str(key) for key in model.cells.keys.tolist())
    grouping = annual.Grouping(labels, np.arange(size))
    return run(model, groupings={"cell": grouping}).table.by_segment["cell"].paid


def test_adding_a_cell_moves_no_draw_of_another():
    both, alone = by_cell(model_of(0, 1)), by_cell(model_of(0))
    assert both[:, 0].tobytes() == alone[:, 0].tobytes()
    turned = by_cell(model_of(1, 0))
    assert turned.tobytes() == both[:, ::-1].tobytes()


def test_adding_policies_moves_only_their_own_cell():
    some, more = by_cell(model_of(0, 1, 2)), by_cell(model_of(0, 1, 2, policies=(301, 40, 7)))
    assert some[:, 1:].tobytes() == more[:, 1:].tobytes()
    assert some[:, 0].tobytes() != more[:, 0].tobytes()


@pytest.mark.parametrize("left_out", ["fire.occurrence", "theft.occurrence", "typhoon.storm"])
def test_adding_a_process_moves_no_draw_of_another(left_out):
    """On a home whose limits nothing reaches: there only draws connect the covers."""
    model = model_of(1)
    whole, without = run(model), run(model, shock=AnnualShock(frequency={left_out: 0.0}))
    silent = left_out.partition(".")[0]
    assert not covered(without, silent).any()
    for cover in {"fire", "water_damage", "typhoon"} - {silent}:
        assert covered(whole, cover) == pytest.approx(covered(without, cover), rel=ORDER)


def test_a_process_that_is_left_out_of_the_model_moves_no_draw():
    model = model_of(0)
    fewer = replace(model, collective=tuple(p for p in model.collective if p.name[0] != "t"))
    whole, without = run(model), run(fewer)
    assert not covered(without, "theft").any()
    same = np.isclose(covered(whole, "water_damage"), covered(without, "water_damage"), rtol=ORDER)
    # a theft may have used up the limit that the water then found
    assert same.mean() > 0.99


def test_a_shock_of_nothing_changes_nothing(portfolio):
    ones = {p.name: 1.0 for p in portfolio.collective}
    shocked = run(portfolio, shock=AnnualShock(frequency=ones, severity=ones))
    assert fingerprint(shocked.table) == fingerprint(run(portfolio).table)


def test_more_and_larger_claims_never_cost_less_in_any_year(portfolio):
    """Common random numbers: counts and sizes are inversions, so a worse year is worse."""
    base = run(portfolio)
    larger = run(portfolio, shock=AnnualShock(severity={"water_damage.occurrence": 1.3}))
    assert (covered(larger, "water_damage") >= covered(base, "water_damage")).all()
    assert covered(larger, "water_damage").mean() > 1.25 * covered(base, "water_damage").mean()


def test_the_storms_of_a_year_add_up_to_its_typhoon_column(portfolio):
    one = run(portfolio)
    total = np.zeros(YEARS)
    np.add.at(total, one.storm_year, one.storm_paid)
    assert total == pytest.approx(covered(one, "typhoon"), rel=1e-12)
    largest = np.zeros(YEARS)
    np.maximum.at(largest, one.storm_year, one.storm_paid)
    assert (one.table.largest_event == largest).all()


def test_a_storm_that_always_happens_hits_every_year():
    model = model_of(0)
    (process,) = model.catalogue
    worst = int(np.argmax(process.intensity[:, process.place[0]]))
    shock = AnnualShock(frequency={"typhoon.storm": 0.0}, always={"typhoon.storm": worst})
    one = run(model, shock=shock)
    assert one.storm_year.tolist() == list(range(YEARS))
    assert (one.storm_paid > 0.0).all()
    # alike but for policies whose other claims of the year had used up part of a limit
    assert np.unique(one.storm_paid).size <= 5
