"""A run: the same figures for any threads; gross, ceded and net; files that say it all."""

import json

import numpy as np
import pytest

from product_factory.errors import BadInput, BadValue
from sandbox.execution import Execution
from sandbox.horizon import joined
from sandbox.portfolio.expenses import yearly_expenses
from sandbox.reinsurance import ExcessOfLoss, QuotaShare
from sandbox.reinsurance_file import REINSURANCE, programme_of
from sandbox.run import simulate
from sandbox.runs import Runs
from sandbox.stress import fitting, stress
from tests.sandbox.shipped import product, small, written

ROWS = 120
SEED = 3


def run(name, **change):
    return simulate(product(name), small(name), **{"years": ROWS, "seed": SEED, **change})


@pytest.mark.parametrize("name", ["home", "term_life"])
def test_threads_move_no_figure(name):
    one, two = run(name, threads=1), run(name, threads=2)
    assert np.array_equal(one.table.paid, two.table.paid)
    assert one.measures == two.measures
    assert one.manifest == two.manifest


@pytest.mark.parametrize("name", ["home", "term_life"])
def test_results_are_written_with_what_they_were_made_of(name, tmp_path):
    made = run(name)
    names = {path.name for path in made.write(tmp_path)}
    assert {"years.parquet", "figures.json", "manifest.json", "loss_ratio.png"} <= names
    assert ("net.parquet" in names) == (name == "home")
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["product_hash"] == product(name).digest
    assert manifest["portfolio"].startswith("generated: 300 policies, seed 20260301, sha256 ")
    figures = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    assert figures["measures"]["claims.mean"]["value"] == made.measures["claims.mean"].value


def test_net_and_ceded_are_gross_to_the_bit_and_net_is_never_more():
    made = run("home", years=1_000)
    settled = made.settlement
    ceded = np.add.reduce(settled.ceded, axis=1)
    assert np.array_equal(settled.net + ceded, settled.gross)
    assert (made.net.total() <= made.table.total() * (1 + 1e-12)).all()
    assert made.net.total().sum() < made.table.total().sum()
    assert made.manifest.programme == ("quota_share", "storm_layer")


def test_long_term_contracts_have_no_programme():
    made = run("term_life")
    assert (made.net, made.settlement, made.manifest.programme) == (None, None, ())
    assert made.table.kind == "cohort"


def test_expenses_are_those_of_the_basis():
    """best_estimate of home: 20% commission and 1.2% rescue costs of each premium, 12 a policy."""
    portfolio = small("home")
    basis = product("home").bases["best_estimate"]
    expected = 0.212 * portfolio.premium() + 12.0 * portfolio.policies
    assert np.isclose(yearly_expenses(portfolio, basis), expected, rtol=1e-12)
    assert (run("home").table.expenses == yearly_expenses(portfolio, basis)).all()


def test_ten_years_of_annual_contracts_are_ten_rows_added():
    years, decades = run("home").table, run("home", horizon=10).table
    assert decades.years == ROWS // 10
    assert np.allclose(decades.total(), years.total().reshape(-1, 10).sum(axis=1), rtol=1e-12)
    assert np.array_equal(decades.largest_event, years.largest_event.reshape(-1, 10).max(axis=1))


def test_years_that_do_not_fill_a_row_are_dropped():
    assert joined(run("home").table, 50).years == 2
    with pytest.raises(BadValue, match="expected as many simulated years, got 120"):
        joined(run("home").table, 121)


def test_the_first_years_of_long_term_contracts_are_a_part_of_all_of_them():
    whole, first = run("term_life").table, run("term_life", horizon=10).table
    assert (first.premium <= whole.premium * (1 + 1e-12)).all()
    longest = run("term_life", horizon=100).table
    assert np.array_equal(longest.paid, whole.paid)


def paid(name, column, horizon=None):
    table = run(name, horizon=horizon).table
    return table.paid[:, table.columns.index(column)]


def test_what_falls_due_after_the_years_that_count_does_not():
    """Annuities begin after 5 years at the soonest; the shortest endowment matures after 10."""
    assert not paid("annuity", "annuity", 5).any()
    assert not paid("endowment", "maturity", 9).any()
    tenth, every = paid("endowment", "maturity", 10), paid("endowment", "maturity")
    assert 0.0 < tenth.mean() < every.mean()


def test_an_unknown_basis_is_told_with_the_nearest():
    with pytest.raises(
        BadInput, match="unknown basis 'best_estimat'; did you mean 'best_estimate'"
    ):
        run("home", basis="best_estimat")


def test_a_stress_test_shows_every_figure_under_every_scenario():
    for name in ("home", "term_life"):
        scenarios = fitting(product(name))
        rows = stress(Runs(product(name), small(name), 60, SEED), scenarios)
        assert {row.scenario for row in rows} == {s.scenario for s in scenarios}
        for row in rows:
            moved = row.shocked.value - row.base.value
            rounding = 1e-9 * abs(row.base.value) if row.side == "bought" else 0.0
            assert abs(row.difference.value - moved) <= rounding


@pytest.mark.parametrize("name", ["home", "term_life"])
def test_a_run_that_is_asked_for_again_is_the_same_to_the_byte_and_not_made_again(name):
    by = [("zone",), ("construction",)] if name == "home" else [("sex",)]
    steps = []
    runs = Runs(product(name), small(name), 60, SEED, Execution.on(progress=steps.append))
    more = runs.run(by=by)
    plain = runs.run()
    assert sum(steps) == 60
    assert more.data() == simulate(product(name), small(name), years=60, seed=SEED, by=by).data()
    alone = simulate(product(name), small(name), years=60, seed=SEED)
    assert plain.data() == alone.data()
    assert plain.manifest == alone.manifest
    assert runs.run(scenario=fitting(product(name))[0]).data() != plain.data()
    assert sum(steps) == 120


PROGRAMME = """covers: [typhoon]
contracts:
  - {kind: quota_share, name: share, cession: 30%}
  - - {kind: excess_of_loss, name: low, attachment: 100, limit: 100, reinstatements: 1}
    - {kind: excess_of_loss, name: high, attachment: 200, limit: 300}
"""


def test_a_programme_is_read_in_inuring_order():
    stages = programme_of(written(REINSURANCE, PROGRAMME)).stages
    assert stages == (
        (QuotaShare(name="share", cession=0.3),),
        (
            ExcessOfLoss(name="low", attachment=100, limit=100, reinstatements=1),
            ExcessOfLoss(name="high", attachment=200, limit=300),
        ),
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("kind: quota_share", "kind: quota", "3:5: contracts[0].kind: unknown kind 'quota'; did"),
        ("cession: 30%", "cessions: 30%", "unknown key 'cessions'; did you mean 'cession'?"),
        ("cession: 30%", "cession: lots", "3:47: contracts[0].cession: expected a share such as"),
        (
            "cession: 30%",
            "cession: 130%",
            "3:47: contracts[0].cession: expected a share above",
        ),
        ("limit: 300", "limit: 0", "contracts[1][1].limit: expected an amount above 0, got 0"),
        ("attachment: 100, ", "", "4:7: contracts[1][0]: expected the key 'attachment'"),
    ],
)
def test_a_programme_that_is_written_wrong_is_told_with_its_place(old, new, says):
    with pytest.raises(BadInput) as error:
        written(REINSURANCE, PROGRAMME.replace(old, new))
    assert says in str(error.value)


def test_contracts_have_different_names():
    with pytest.raises(BadInput, match="expected each name once, got 'low' twice"):
        written(REINSURANCE, PROGRAMME.replace("name: high", "name: low"))
