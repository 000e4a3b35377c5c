"""Law 1 for treatments beside a life: both sides' present values are means of the run-offs."""

from dataclasses import replace

import numpy as np
import pytest

from rating.engines.collective.change import Change
from rating.engines.multistate.forward import expected
from rating.engines.multistate.unknowns import bound
from rating.engines.multistate.value import pv_claims, pv_expenses
from sandbox.execution import Execution
from sandbox.laws import long_term
from sandbox.laws.law import LawOne
from sandbox.laws.long_term import SHARE, law_one_long_term
from sandbox.laws.profiles import Profile
from sandbox.laws.same import same_bytes
from sandbox.simulate.cohort import CohortShock, RateShock, shocked, simulate_cohort
from tests.law_sizes import OFF, SMALL
from tests.rating.beside.tiny_medical import BASES, PER_CLAIM, medical, one_life

SEED = 20260301
WRONG = 1.0 + OFF * SMALL
MONTHLY = BASES.replace("  interest: 3%\n", "  interest: 3%\n  grid: {step: month}\n")
STARTS = BASES.replace("  interest: 3%\n", "  interest: 3%\n  grid: {benefits: start}\n")


def risk(age: float) -> Profile:
    return Profile(f"age {age:g}", {"age": age}, {}, np.zeros(1, np.int64))


@pytest.fixture(scope="module")
def yearly(tmp_path_factory):
    return medical(tmp_path_factory.mktemp("yearly"))


def laws(product, basis, age=40.0) -> tuple[LawOne, ...]:
    bases, share = [product.bases[basis]], SHARE * SMALL
    return law_one_long_term(product, bases, [risk(age)], SEED, share=share)


@pytest.mark.parametrize("basis", ["pricing", "best_estimate"])
def test_the_price_is_the_mean_of_the_simulation_on_both_sides(yearly, basis):
    found = {law.group[0]: law for law in laws(yearly, basis)}
    assert {*found} == {"medical", "death"}
    for law in found.values():
        assert law.holds, str(law)
    assert found["medical"].method == "numeric"
    assert 0.0 < found["medical"].bound < 0.001 * found["medical"].expected


@pytest.mark.parametrize("bases", [MONTHLY, STARTS], ids=["months", "starts"])
def test_the_law_holds_for_other_conventions_of_the_grid(tmp_path, bases):
    """Who leaves within a year has had the first months' events only, and their deductible."""
    product = medical(tmp_path, **{"plain/bases.yaml": bases})
    for law in laws(product, "best_estimate"):
        assert law.holds, str(law)


PLANTED = {
    "frequency": (Change(frequency={"illness.treatment": WRONG}), {}, "medical"),
    "severity": (Change(severity={"illness.treatment": WRONG}), {}, "medical"),
    "inflation": (Change(inflation=0.03), {}, "medical"),
    "deaths": (Change(), {"mortality.death": RateShock(times=WRONG)}, "death"),
}


@pytest.mark.parametrize("error", PLANTED)
def test_an_error_in_what_is_drawn_fails_the_law(yearly, monkeypatch, error):
    """12% too many or too large, or 3% more inflation, at four times the error of a launch."""
    change, rates, cover = PLANTED[error]
    moved = {}

    def wrong(model, *rest, **more):
        beside = bool(model.running)
        if beside not in moved:
            made = shocked(model, CohortShock(rates, change=change))
            moved[beside] = made if beside else replace(made, running=())
        return simulate_cohort(moved[beside], *rest, **more)

    monkeypatch.setattr(long_term, "simulate_cohort", wrong)
    found = {law.group[0]: law for law in laws(yearly, "pricing")}
    assert found[cover].sharp
    assert not found[cover].holds, str(found[cover])


def drawn(model, policies=400, runs=60, **more):
    keys = np.array([7], np.uint64)
    many = np.array([policies])
    return simulate_cohort(model, many, np.array([900.0]), runs, SEED, keys=keys, **more)


def test_the_same_bytes_for_any_threads_and_blocks(yearly):
    model = bound(yearly, yearly.bases["best_estimate"], one_life())

    def simulate(threads, block):
        return drawn(model, execution=Execution.on(threads, block)).table

    assert same_bytes(simulate)


def test_a_shock_moves_the_price_as_it_moves_the_simulation(yearly):
    model = bound(yearly, yearly.bases["pricing"], one_life())
    change = Change({"illness.treatment": 1.2}, {"illness.treatment": 1.1}, 0.03)
    worse = shocked(model, CohortShock(change=change))
    costs = [pv_claims(one)["medical"][0] for one in (model, worse)]
    assert costs[1] > 1.2 * 1.1 * costs[0]
    paid = drawn(worse, policies=500, runs=200).table
    rows = paid.paid[:, paid.columns.index("medical")] / 500
    assert abs(rows.mean() - costs[1]) <= 4.0 * rows.std(ddof=1) / np.sqrt(200)
    assert shocked(model, CohortShock()).running == model.running


def test_deaths_move_no_treatment_of_those_who_stay(yearly):
    """Common random numbers: a shock of one side leaves the draws of the other as they are."""
    model = bound(yearly, yearly.bases["pricing"], one_life())
    nobody = shocked(model, CohortShock({"mortality.death": RateShock(times=0.0)}))
    more = replace(nobody, change=Change(severity={"illness.treatment": 2.0}))
    base, larger = drawn(nobody), drawn(more)
    assert base.met.tolist() == larger.met.tolist()
    medical_place = base.table.columns.index("medical")
    assert (larger.table.paid[:, medical_place] > base.table.paid[:, medical_place]).all()


def test_what_treatments_cost_to_settle_is_among_the_expenses(tmp_path):
    product = medical(tmp_path, PER_CLAIM)
    model = bound(product, product.bases["best_estimate"], one_life())
    run = drawn(model, policies=500, runs=200)
    assert run.table.expenses is not None
    rows = run.table.expenses / 500
    error = rows.std(ddof=1) / np.sqrt(200)
    assert abs(rows.mean() - pv_expenses(model, expected(model))[0]) <= 4.0 * error
    assert run.events[-1] == "illness.treatment"
    assert run.met[:, -1].mean() > 500
