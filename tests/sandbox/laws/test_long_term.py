"""Law 1 for long-term products: the present value that prices is the mean of the run-offs."""

from dataclasses import replace

import numpy as np
import pytest

from rating.engines.multistate.grid import Cells
from rating.engines.multistate.unknowns import bound
from rating.engines.multistate.value import annuity, discount, pv_claims
from sandbox.execution import Execution
from sandbox.laws.law import LawOne
from sandbox.laws.long_term import SHARE, law_one_long_term
from sandbox.laws.profiles import profiles
from sandbox.laws.same import fingerprint, same_bytes
from sandbox.simulate import cohort
from sandbox.simulate.cohort import CohortShock, RateShock, shocked, simulate_cohort
from tests.the_shelf import shipped

SEED = 20260301
PRODUCT = shipped("term_life")
BASES = [PRODUCT.bases[name] for name in ("pricing", "best_estimate", "cash_value")]


@pytest.fixture(scope="module")
def comparisons():
    return law_one_long_term(PRODUCT, BASES, profiles(PRODUCT), SEED, threads=2)


def test_every_cover_on_every_basis_and_profile_is_compared(comparisons):
    seen = {(law.group[0], law.basis, law.profile) for law in comparisons}
    names = {profile.name for profile in profiles(PRODUCT)}
    assert len(names) >= 3
    for name in names:
        assert {("death", basis.name, name) for basis in BASES} <= seen
        assert ("surrender", "best_estimate", name) in seen


def test_the_price_is_the_mean_of_the_simulation(comparisons):
    for law in comparisons:
        assert law.error <= SHARE * law.expected, str(law)
        assert abs(law.expected - law.simulated) <= 4.0 * law.error, str(law)


@pytest.mark.parametrize("factor", [0.97, 1.03])
def test_a_cost_that_is_three_percent_off_fails_the_law(comparisons, factor):
    for law in comparisons:
        assert not replace(law, expected=law.expected * factor).holds, str(law)


def test_a_vague_simulation_fails_the_law_however_near_it_comes():
    vague = LawOne(("death",), "pricing", "", "recursion", 100.0, 0.0, 100.0, 0.6, SHARE, 1)
    assert not vague.holds
    assert replace(vague, error=0.5).holds


def one_cell(**given: str) -> Cells:
    columns = {
        name: np.array([float(PRODUCT.variables[name].type.code(text))])
        if PRODUCT.variables[name].type.chosen
        else np.array([float(text)])
        for name, text in given.items()
    }
    return Cells(columns)


CELL = one_cell(age="30", sex="M", term="20", pay="20", sum_insured="1000000")


def test_the_premium_that_the_simulation_earns_is_the_annuity():
    model = bound(PRODUCT, PRODUCT.bases["pricing"], CELL)
    run = simulate_cohort(
        model, np.array([20_000]), np.array([100.0]), 100, SEED, keys=np.array([1], np.uint64)
    )
    rows = run.table.premium / 20_000
    error = rows.std(ddof=1) / 10.0
    assert abs(rows.mean() - 100.0 * annuity(model)[0]) <= 4.0 * error


def test_simulated_run_offs_equal_a_slow_life_by_life_walk():
    """The textbook: year after year, dead, disabled or lapsed by the rate of that year."""
    model = bound(PRODUCT, PRODUCT.bases["best_estimate"], CELL)
    generator = np.random.default_rng(1)
    v = discount(model)
    lives = 60_000
    alive = np.ones(lives, dtype=bool)
    paid = np.zeros(lives)
    cash = next(p.amount for w in model.ways for p in w.payments if p.column == "surrender")[0]
    for year in range(20):
        u, w = generator.random(lives), generator.random(lives)
        death = model.rates["mortality.death"][0, year]
        disabled = model.rates["mortality.total_disability"][0, year]
        gone = alive & (u < death + disabled)
        paid[gone] = 1_000_000.0 * v[year + 1]
        alive &= ~gone
        lapsed = alive & (w < model.rates["lapse.surrender"][0, year])
        paid[lapsed] = cash[year] * v[year + 1]
        alive &= ~lapsed
    expected = sum(float(value[0]) for value in pv_claims(model).values())
    assert abs(paid.mean() - expected) <= 4.0 * paid.std() / np.sqrt(lives)


def test_the_same_input_gives_the_same_bytes_for_any_threads_and_blocks():
    model = bound(PRODUCT, PRODUCT.bases["best_estimate"], CELL)

    def simulate(threads: int, block: int):
        return simulate_cohort(
            model,
            np.array([500]),
            np.array([2456.0]),
            200,
            SEED,
            keys=np.array([1], np.uint64),
            execution=Execution.on(threads, block),
        ).table

    assert same_bytes(simulate)


def test_a_sum_that_depends_on_threads_would_be_caught():
    """Blocks that add to one total in the order in which they finish change its last bits."""
    amounts = np.array([0.1, 0.2, 0.3, 1e8, -1e8, 0.7])

    def simulate(threads: int, block: int):
        model = bound(PRODUCT, PRODUCT.bases["pricing"], CELL)
        table = simulate_cohort(
            model, np.array([10]), np.array([1.0]), 4, SEED, keys=np.array([1], np.uint64)
        ).table
        total = 0.0
        for value in amounts if threads == 1 else amounts[::-1]:
            total += value
        return replace(table, paid=table.paid * 0.0 + total)

    assert not same_bytes(simulate)


def test_adding_a_cell_moves_no_draw_of_another():
    pair = Cells({name: np.repeat(column, 2) for name, column in CELL.columns.items()})
    basis = PRODUCT.bases["pricing"]
    alone = simulate_cohort(
        bound(PRODUCT, basis, CELL),
        np.array([300]),
        np.array([0.0]),
        50,
        SEED,
        keys=np.array([1], np.uint64),
    )
    both = simulate_cohort(
        bound(PRODUCT, basis, pair),
        np.array([300, 300]),
        np.zeros(2),
        50,
        SEED,
        keys=np.array([1, 2], np.uint64),
    )
    other = simulate_cohort(
        bound(PRODUCT, basis, CELL),
        np.array([300]),
        np.array([0.0]),
        50,
        SEED,
        keys=np.array([2], np.uint64),
    )
    assert (both.met == alone.met + other.met).all()


def test_a_shock_of_nothing_changes_nothing_and_more_deaths_cost_more():
    model = bound(PRODUCT, PRODUCT.bases["best_estimate"], CELL)
    nothing = shocked(model, CohortShock())
    worse = shocked(model, CohortShock({"mortality.death": RateShock(times=1.15)}))

    def paid(one):
        run = simulate_cohort(
            one, np.array([5000]), np.array([0.0]), 20, SEED, keys=np.array([1], np.uint64)
        )
        return run.table

    base, same, more = paid(model), paid(nothing), paid(worse)
    assert fingerprint(base) == fingerprint(same)
    assert more.paid[:, 0].mean() > base.paid[:, 0].mean()


def test_the_wrong_number_of_cells_is_refused():
    model = bound(PRODUCT, PRODUCT.bases["pricing"], CELL)
    with pytest.raises(cohort.BadValue, match="expected 1 cells, got 2 and 2"):
        simulate_cohort(
            model, np.array([1, 1]), np.zeros(2), 1, 1, keys=np.array([1, 2], np.uint64)
        )
