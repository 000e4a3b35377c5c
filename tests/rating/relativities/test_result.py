"""How well a fit does: Gini, lift and double lift against textbooks, folds, tests of factors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from product_factory.nodes import read_nodes
from product_factory.strict import read
from rating.relativities.data import read_policies
from rating.relativities.lift import double_lift, gini, lift
from rating.relativities.result import fit_relativities
from rating.relativities.specification import Relativities
from sandbox.results.relativities_page import relativities_page
from tests.rating.relativities.test_fitted import HEAD, made

ROWS = st.lists(
    st.tuples(st.floats(0.0, 9.0), st.floats(0.1, 9.0), st.floats(0.1, 2.0)), min_size=2, max_size=9
)


@given(ROWS)
def test_gini_is_the_mean_difference_of_pairs(rows):
    """Σ over pairs of exposure e_i e_j sign(p_i - p_j)(r_i - r_j), over 2 Σe Σo: no curve drawn."""
    observed, predicted, exposure = map(np.array, zip(*rows, strict=True))
    if observed.sum() == 0.0:
        return
    pairs = 0.0
    for i in range(len(rows)):
        for j in range(len(rows)):
            sign = np.sign(predicted[i] - predicted[j])
            pairs += sign * (observed[i] * exposure[j] - observed[j] * exposure[i])
    by_hand = pairs / (2.0 * exposure.sum() * observed.sum())
    assert gini(observed, predicted, exposure) == pytest.approx(by_hand, abs=1e-12)


def test_a_lift_keeps_exposure_and_totals():
    random = np.random.default_rng(1)
    exposure, predicted = random.uniform(0.1, 1.0, 500), random.uniform(0.5, 2.0, 500)
    observed = random.poisson(predicted * exposure).astype(float)
    parts = lift(observed, predicted, exposure)
    assert parts.exposure.sum() == pytest.approx(exposure.sum())
    assert (parts.observed * parts.exposure).sum() == pytest.approx(observed.sum())
    assert (parts.predicted * parts.exposure).sum() == pytest.approx((predicted * exposure).sum())
    assert (np.diff(parts.predicted) > 0.0).all()
    np.testing.assert_allclose(parts.exposure, exposure.sum() / 10, atol=1.0)


def test_the_double_lift_shows_whose_premium_is_nearer():
    """Where the present tariff knows nothing and ours all, what was paid goes with ours."""
    random = np.random.default_rng(2)
    exposure, truth = np.ones(4000), random.uniform(50.0, 150.0, 4000)
    parts = double_lift(truth, truth, np.full(4000, 37.0), exposure)
    np.testing.assert_allclose(parts.predicted, parts.observed)
    np.testing.assert_allclose(parts.present, truth.mean())  # brought to the same total
    other = double_lift(truth, np.full(4000, 80.0), truth * 2.0, exposure)
    assert (np.diff(other.present) < 0.0).all()
    assert np.abs(other.present * truth.sum() / (80.0 * 4000) - other.observed).max() < 1e-9


FULL = """
present: today
variables: {kind: {}, use: {}, age: {bands: [18, 30, 50], monotone: falling}}
models:
  frequency: {family: poisson, by: [kind, age], interactions: [[kind, use]]}
  severity: {family: gamma, by: [use]}
premium: {of: [frequency, severity]}
holdout: {share: 20%, seed: 3}
folds: 4
"""


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    text = HEAD.replace("tests: no", "tests: yes") + FULL
    frame = made(3000).assign(today=100.0)
    path = tmp_path_factory.mktemp("full") / "data.parquet"
    frame.to_parquet(path, index=False)
    spec = read(Relativities, read_nodes(text, "made.yaml"))
    return fit_relativities(spec, read_policies(spec, path)), frame


def test_every_row_is_measured_by_one_fold_and_a_part_by_the_holdout(result):
    scores, frame = result[0].scores, result[1]
    rows = {score.where: score.rows for score in scores if score.what == "frequency"}
    assert rows["all"] == len(frame) == rows["fitted"] + rows["held out"]
    assert rows["held out"] == 600
    folds = [rows[f"fold {number}"] for number in range(1, 5)]
    assert sum(folds) == len(frame)
    assert max(folds) - min(folds) <= 1
    held = [s.explained for s in scores if s.what == "frequency" and s.where.startswith("fold")]
    assert np.mean(held) < next(s.explained for s in scores if s.where == "all")


def test_the_holdout_is_the_split_of_scikit_learn(result):
    from sklearn.model_selection import train_test_split

    kept, held = train_test_split(np.arange(3000), test_size=0.2, random_state=3)
    order = np.random.RandomState(3).permutation(3000)
    assert set(held) == set(order[:600])
    assert set(kept) == set(order[600:])


def test_a_factor_that_matters_passes_its_test_and_noise_does_not(result):
    tests = {(e.name, t.term): t for e in result[0].models for t in e.tests}
    assert tests["frequency", "kind"].chance < 1e-6
    assert tests["frequency", "kind_use"].chance > 0.05
    assert tests["frequency", "kind_use"].columns == 2
    assert all(test.rise >= -1e-6 for test in tests.values())
    ages = result[0].filed["frequency"].relativities[1]
    assert (np.diff(ages) <= 0.0).all()


def test_a_type_iii_test_is_that_of_nested_deviances_by_hand(tmp_path):
    """One factor: fitted frequencies are claims over exposure of each level, or of all.

    F = (D0 - D1) / 2 / φ with φ = Σ (n - μ)² / μ / (rows - 3), on 2 and rows - 3 degrees.
    """
    head = HEAD.replace("tests: no", "tests: yes")
    text = head + "variables: {kind: {}}\nmodels: {frequency: {family: poisson}}\n"
    frame = made(400)
    frame.to_parquet(tmp_path / "data.parquet", index=False)
    spec = read(Relativities, read_nodes(text, "made.yaml"))
    found = fit_relativities(spec, read_policies(spec, tmp_path / "data.parquet"))
    ((test,),) = (model.tests for model in found.models)
    n, years = frame["claims"].to_numpy(), frame["years"].to_numpy()
    level = frame.groupby("kind")[["claims", "years"]].transform("sum")
    one, each = years * n.sum() / years.sum(), years * (level["claims"] / level["years"]).to_numpy()

    def deviance(mean):
        logs = np.where(n > 0, n * np.log(np.where(n > 0, n, 1.0) / mean), 0.0)
        return 2.0 * float(np.sum(logs - (n - mean)))

    rise = deviance(one) - deviance(each)
    dispersion = float(np.sum((n - each) ** 2 / each)) / 397
    assert (test.term, test.columns) == ("kind", 2)
    assert test.rise == pytest.approx(rise, rel=1e-6)
    assert test.statistic == pytest.approx(rise / 2 / dispersion, rel=1e-6)
    assert test.chance == pytest.approx(stats.f.sf(rise / 2 / dispersion, 2, 397), rel=1e-5)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_shows_error_and_exposure_beside_every_cell(result, language):
    page = relativities_page(result[0], language)
    told = page.partition("</table>")[0]
    assert f"<td>{result[0].policies.size:,}</td>" in told
    assert ("所用保单数" in told, "policies used" in told) == (language == "zh", language == "en")
    pictures = page.count("data:image/png;base64,")
    assert pictures == 3 + 1 + 2 + 1  # lifts, double lift, single factors of each model
    for entry in result[0].models:
        for number, term in enumerate(entry.fitted.terms):
            exposure = term.total(result[0].policies.exposure)
            errors = entry.fitted.errors(number)
            for point in range(exposure.size):
                cells = f"<td>{errors[point]:.4f}</td><td>{exposure[point]:,.1f}</td>"
                assert cells in page
