"""Dependence in a simulation: what it ties together, and all that it leaves where it was."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau

from product_factory.errors import BadValue
from rating.engines.collective.annual import annual_model
from rating.engines.collective.expected import costs_of
from sandbox.dependence.bind import bind
from sandbox.dependence.copulas import COPULAS, Comonotonic
from sandbox.dependence.diversification import diversification
from sandbox.dependence.reorder import orders
from sandbox.execution import Execution
from sandbox.laws.annual import cells_of
from sandbox.laws.same import fingerprint, same_bytes
from sandbox.rerun import rerun
from sandbox.results import read_manifest
from sandbox.run import simulate
from sandbox.runs import Runs
from sandbox.scenarios import find, load_scenarios
from sandbox.simulate.annual import simulate_annual
from sandbox.stress import stress
from tests.sandbox.dependence.dependence_texts import HEAD, file, reordering, shared
from tests.sandbox.home_profiles import HOME, PROFILES
from tests.sandbox.shipped import product, small
from tests.the_command import inside

SEED, YEARS = 20260301, 400
COPULA = {
    "clayton": "{kind: clayton, theta: 2}",
    "comonotonic": "{kind: comonotonic}",
    "frank": "{kind: frank, theta: 5}",
    "gaussian": "{kind: gaussian, correlation: 0.7}",
    "gumbel": "{kind: gumbel, theta: 2}",
    "independence": "{kind: independence}",
    "t": "{kind: t, freedom: 4, correlation: 0.7}",
}


def run(*parts, name="home", **change):
    tied = file(*parts) if parts else None
    return simulate(
        product(name), small(name), years=YEARS, seed=SEED, threads=1, dependence=tied, **change
    )


@pytest.fixture(scope="module")
def free():
    return run()


def column(done, name):
    return done.table.paid[:, done.table.columns.index(name)]


def model_of(policies):
    return annual_model(HOME, HOME.bases["pricing"], cells_of(HOME, PROFILES[0], policies))


def years_of(model, years, **how):
    return simulate_annual(model, np.full(model.cells.size, 500.0), years, SEED, **how)


def test_a_year_whose_multipliers_are_one_is_the_same_to_the_bit():
    """Every other year fire doubles: the other years keep every bit, and so do other storms."""
    model = model_of(200)
    usual = years_of(model, 200)
    times = np.where(np.arange(200) % 2 == 0, 1.0, 2.0)
    tied = years_of(model, 200, varying={"fire.occurrence": times})
    assert (tied.table.paid[::2] == usual.table.paid[::2]).all()
    assert (tied.table.paid[1::2] != usual.table.paid[1::2]).any()
    assert tied.claims > usual.claims
    kept = [name for name in usual.table.columns if name != "fire"]
    for name in kept:  # the sum insured of an item is one for all perils: a few years may differ
        place = usual.table.columns.index(name)
        assert (tied.table.paid[:, place] == usual.table.paid[:, place]).mean() > 0.98


def test_the_bytes_are_the_same_for_any_threads_and_blocks():
    model = model_of(60)
    bound = bind(file(shared(lines="[home.fire, home.theft, home.typhoon]")), HOME)
    varying = bound.frequency(SEED, 300)
    assert set(varying) == {"fire.occurrence", "theft.occurrence", "typhoon.storm"}
    assert same_bytes(
        lambda threads, block: (
            years_of(model, 300, varying=varying, execution=Execution.on(threads, block)).table
        )
    )


def test_more_years_move_no_year_that_shares_a_factor():
    model, bound = model_of(60), bind(file(shared()), HOME)
    few = years_of(model, 50, varying=bound.frequency(SEED, 50)).table
    more = years_of(model, 90, varying=bound.frequency(SEED, 90)).table
    assert (more.paid[:50] == few.paid).all()


def test_law_one_holds_with_a_shared_factor_and_its_variance_is_that_of_a_mixture():
    """E stays; Var S = Var S0 + cv² E² and Cov(S, T) = cv² E S E T: compound mixed Poisson.

    The law fails for a multiplier whose mean is 1.15.
    """
    policies, years, cv = 3_000, 1_500, 0.5
    model = model_of(policies)
    price = {one.group: policies * one.value for one in costs_of(model) if len(one.group) == 1}
    varying = bind(file(shared(cv="50%")), HOME).frequency(SEED, years)
    tied = years_of(model, years, varying=varying).table
    usual = years_of(model, years).table
    planted = {event: 1.15 * times for event, times in varying.items()}
    heavier = years_of(model, years, varying=planted).table
    found = {}
    for name in ("water_damage", "theft"):
        place = tied.columns.index(name)
        due, rows = price[name,], tied.paid[:, place]
        error = rows.std(ddof=1) / np.sqrt(years)
        assert abs(rows.mean() - due) < 4.0 * error
        wrong = heavier.paid[:, place]
        assert abs(wrong.mean() - due) > 4.0 * wrong.std(ddof=1) / np.sqrt(years)
        mixture = usual.paid[:, place].var(ddof=1) + (cv * due) ** 2
        assert rows.var(ddof=1) == pytest.approx(mixture, rel=0.15)
        found[name] = rows
    covariance = np.cov(*found.values())[0, 1]
    due = cv * cv * price["water_damage",] * price["theft",]
    assert covariance == pytest.approx(due, rel=0.2)


def test_products_of_one_file_share_their_years():
    """A run of each with the same seed meets the same multiplier in the same year."""
    tied = file(shared(lines="[home.fire, million_medical.illness]"))
    home = bind(tied, HOME).frequency(SEED, 50)
    medical = bind(tied, product("million_medical")).frequency(SEED, 50)
    assert set(medical) == {"illness.treatment"}
    assert (home["fire.occurrence"] == medical["illness.treatment"]).all()


def test_factors_of_one_line_multiply():
    other = shared().replace("factor: season", "factor: trend").partition("\n")[2]
    tied = bind(file(shared(), other), HOME)
    one = bind(file(shared()), HOME).frequency(SEED, 20)["theft.occurrence"]
    both = tied.frequency(SEED, 20)["theft.occurrence"]
    assert (both != one).all()
    assert (both / one).mean() == pytest.approx(1.0, abs=0.5)


@pytest.mark.parametrize("kind", COPULA)
def test_reordering_keeps_every_margin_to_the_bit(kind, free):
    """Sorted, every column is what it was; the first line and all others stay where they were."""
    done = run(reordering(copula=COPULA[kind]))
    for name in free.table.columns:
        assert (np.sort(column(done, name)) == np.sort(column(free, name))).all()
        if name != "theft":
            assert (column(done, name) == column(free, name)).all()
    assert (done.table.largest_event == free.table.largest_event).all()
    assert done.measures["largest_event.mean"] == free.measures["largest_event.mean"]
    assert done.measures["claims.mean"].value == pytest.approx(
        free.measures["claims.mean"].value, rel=1e-14
    )


def test_every_copula_reorders():
    assert set(COPULA) == set(COPULAS)


@pytest.mark.parametrize("kind", COPULA)
def test_reordered_results_have_the_tau_of_the_copula(kind):
    text = "{copula: " + COPULA[kind] + "}"
    line = file(reordering(copula=COPULA[kind])).says.reordered[0].copula
    copula, years = line.bound(("a", "b")), 4_000
    rng = np.random.default_rng(1)
    columns = [rng.lognormal(size=years), rng.pareto(2.0, size=years)]
    first, second = orders(columns, copula.sample(np.uint64(7), 0, years))
    assert (first == np.arange(years)).all(), text
    assert sorted(second.tolist()) == list(range(years))
    found = kendalltau(columns[0], columns[1][second]).statistic
    assert found == pytest.approx(copula.tau()[0, 1], abs=4.5 / np.sqrt(years))


@given(
    rows=st.lists(st.tuples(*[st.integers(0, 6)] * 3), min_size=1, max_size=40),
    seed=st.integers(0, 2**64 - 1),
)
@settings(max_examples=60, deadline=None)
def test_an_order_hands_out_every_year_once_also_where_results_are_equal(rows, seed):
    """The first column stays; a line that is comonotonic with it rises as it rises."""
    columns = list(np.array(rows, dtype=float).T)
    u = Comonotonic(3).sample(np.uint64(seed), 0, len(rows))
    found = orders(columns, u)
    assert (found[0] == np.arange(len(rows))).all()
    by_first = np.argsort(columns[0], kind="stable")
    for column, order in zip(columns, found, strict=True):
        assert sorted(order.tolist()) == list(range(len(rows)))
        assert (np.diff(column[order][by_first]) >= 0.0).all()


def test_comonotonic_lines_have_no_diversification():
    rng = np.random.default_rng(1)
    columns = {"a": rng.lognormal(size=2_000), "b": rng.pareto(3.0, size=2_000)}
    alike = {"a": np.sort(columns["a"]), "b": np.sort(columns["b"])}
    assert diversification(alike).benefit.value == pytest.approx(0.0, abs=1e-12)
    apart = diversification(columns)
    assert 0.0 < apart.benefit.value < 1.0
    assert apart.joint.value < apart.total.value


def test_the_error_of_the_benefit_is_that_of_repeated_runs():
    rng = np.random.default_rng(2)
    runs = [
        diversification({"a": rng.lognormal(size=2_000), "b": rng.lognormal(size=2_000)}).benefit
        for _ in range(60)
    ]
    spread = np.std([one.value for one in runs], ddof=1)
    assert np.mean([one.error for one in runs]) == pytest.approx(spread, rel=0.35)


def test_a_run_that_is_tied_is_made_again_from_its_manifest(tmp_path):
    done = run(shared(), reordering())
    done.write(tmp_path)
    recorded = read_manifest(tmp_path / "manifest.json")
    assert recorded.dependence == "tied"
    again = rerun(recorded, product("home"), tmp_path, small("home"), execution=Execution.on(2))
    assert again.same
    assert {"dependence.json", "dependence.yaml"} < set(again.files)
    told = json.loads((tmp_path / "dependence.json").read_text())
    assert told["diversification"]["total"]["value"] > told["diversification"]["joint"]["value"]
    text = (tmp_path / "dependence.yaml").read_text().replace("theta: 2}", "theta: 3}")
    (tmp_path / "dependence.yaml").write_text(text)
    changed = rerun(recorded, product("home"), tmp_path, small("home"))
    assert not changed.same
    assert any("dependence" in reason for reason in changed.reasons)


def test_without_a_dependence_a_run_says_nothing_of_one(free):
    assert free.manifest.dependence == ""
    assert set(free.data()) == {
        "answers.json",
        "figures.json",
        "net.parquet",
        "reinsurance.parquet",
        "years.parquet",
    }


def test_storms_of_a_year_are_mixed_poisson():
    """Mean r and variance r + cv² r² of the number of storms, r the rate of the catalogue."""
    years, cv, model = 6_000, 1.0, model_of(1)
    rate = float(model.catalogue[0].rates.sum())
    tied = bind(file(shared(lines="[home.typhoon]", cv="100%")), HOME)
    done = years_of(model, years, varying=tied.frequency(SEED, years))
    counts = np.bincount(done.storm_year, minlength=years)
    variance = rate + (cv * rate) ** 2
    assert abs(counts.mean() - rate) < 4.0 * np.sqrt(variance / years)
    assert counts.var(ddof=1) == pytest.approx(variance, rel=0.12)


def test_a_stress_test_is_tied_on_both_sides():
    """The scenario multiplies a frequency that the factor multiplies as well."""
    tied = file(shared())
    chosen = find(load_scenarios(product("home").shelf), "frequency_plus_20")
    runs = Runs(product("home"), small("home"), 60, SEED, dependence=tied)
    (base, shocked) = runs.run(), runs.run(scenario=chosen)
    assert base.dependence is not None
    assert shocked.dependence is not None
    assert (column(shocked, "theft") >= column(base, "theft")).mean() > 0.95
    assert len(stress(runs, [chosen])) > 0


def test_segments_are_not_kept_of_years_that_are_reordered():
    with pytest.raises(BadValue, match="expected no classification"):
        run(reordering(), by=[["zone"]])


def test_a_repair_is_told_beside_the_results():
    matrix = (
        "{kind: gaussian, matrix: [[1, 0.9, 0.1], [0.9, 1, 0.7], [0.1, 0.7, 1]], repair: nearest}"
    )
    lines = "[home.fire, home.water_damage, home.theft]"
    done = run(shared(lines=lines, copula=matrix))
    told = json.loads(done.data()["dependence.json"])
    assert told["shared"]["season"]["repaired"]["largest_change"] == pytest.approx(0.0628, abs=1e-4)


def test_the_command_line_tells_what_was_tied(tmp_path):
    (tmp_path / "d.yaml").write_text(HEAD + reordering(), encoding="utf-8")
    done = inside("simulate", "home", "--years", "60", "--dependence", "d.yaml", cwd=tmp_path)
    assert done.returncode == 0
    assert "dependence: tied" in done.stdout
    assert "gumbel: tau 0.500, lower tail 0.000, upper tail 0.586" in done.stdout
    _, tied = done.stdout.split("dependence: tied")
    (benefit,) = [line for line in tied.splitlines() if line.startswith("  diversification")]
    assert benefit.endswith(" *")  # of 60 years one lies beyond the 99%
    assert "* not to be trusted: " in tied


def test_the_fingerprint_of_a_free_run_is_not_moved_by_a_dependence_of_others(free):
    """A factor of another product moves nothing of this one's other lines."""
    done = run(shared(lines="[million_medical.illness, home.theft]"))
    for name in ("water_damage", "typhoon"):
        assert (column(done, name) == column(free, name)).mean() > 0.98
    assert fingerprint(done.table) != fingerprint(free.table)
