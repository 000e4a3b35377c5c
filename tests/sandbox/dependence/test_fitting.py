"""Copulas fitted to data: parameters found again, the right family preferred, bad data told."""

import csv

import numpy as np
import pytest

from product_factory.errors import BadInput
from product_factory.nodes import read_nodes
from product_factory.strict import read
from sandbox.dependence.copulas import Clayton, Frank, Gaussian, Gumbel, Independence, T
from sandbox.dependence.copulas.elliptical import of_pair
from sandbox.dependence.copulas.gaussian import GaussianLine
from sandbox.dependence.fitting import DependenceSpec, Results, fit_copulas, read_results
from sandbox.dependence.fitting.estimate import (
    _partial,
    _root,
    estimate,
    log_likelihood,
    mean_tau,
    taus,
)
from sandbox.dependence.fitting.goodness import distance, parameters
from sandbox.dependence.fitting.specification import FITTED, pseudo
from sandbox.dependence.fitting.write import dependence_yaml, lines, told
from sandbox.dependence.matrix import correlation
from sandbox.dependence.specification import read_dependence
from tests.the_command import inside

KEY = np.uint64(2026)
THREE = correlation(
    np.array([[1.0, 0.6, 0.3], [0.6, 1.0, 0.4], [0.3, 0.4, 1.0]]), repair=False, at=None
)
TRUE = {
    "clayton": Clayton(1.5),
    "frank": Frank(5.0),
    "gaussian": Gaussian(of_pair(0.6)),
    "gumbel": Gumbel(1.8),
    "independence": Independence(2),
    "t": T(of_pair(0.6), 3.0),
}
SPEC = """\
fit: pair
kind: dependence
title: {zh: 两险种, en: Two lines}
source: made here
lines: [home.fire, home.theft]
columns: [fire, theft]
bootstrap: 0
"""


def spec(text=SPEC, **change):
    for key, value in change.items():
        text = "\n".join(line for line in text.splitlines() if not line.startswith(f"{key}:"))
        text += f"\n{key}: {value}\n"
    return read(DependenceSpec, read_nodes(text, "fit.yaml"))


def quiet(_):
    return None


def drawn(copula, rows=1_500):
    return pseudo(copula.sample(KEY, 0, rows))


def test_every_fitted_kind_has_an_example():
    assert set(TRUE) == set(FITTED)


def test_tau_of_the_published_learning_data_is_one_fifteenth():
    """C. Genest and A.-C. Favre (2007), table 1: six pairs of ranks."""
    ranks = np.array([[1, 2], [2, 4], [3, 3], [4, 6], [5, 5], [6, 1]], dtype=float)
    assert taus(ranks)[0, 1] == pytest.approx(1.0 / 15.0, abs=1e-15)
    assert mean_tau(ranks) == taus(ranks)[0, 1]
    assert (pseudo(ranks) == ranks / 7.0).all()


@pytest.mark.parametrize("kind", TRUE)
@pytest.mark.parametrize("method", ["likelihood", "tau"])
def test_parameters_are_found_again(kind, method):
    """Within about four standard errors of 1,500 rows."""
    true = TRUE[kind]
    found = estimate(kind, drawn(true), method)
    slack = {"clayton": 0.4, "frank": 0.9, "gaussian": 0.09, "gumbel": 0.2, "t": 0.12}
    given, due = parameters(found), parameters(true)
    if kind == "t":
        assert 2.0 < given.pop() < 5.0
        due.pop()
    assert given == pytest.approx(due, abs=slack.get(kind, 0.0))


@pytest.mark.parametrize("kind", ["clayton", "frank", "gumbel"])
def test_no_theta_of_a_grid_is_more_likely(kind):
    u = drawn(TRUE[kind], 400)
    found = estimate(kind, u, "likelihood")
    best = log_likelihood(found, u)
    for share in np.linspace(0.7, 1.3, 31):
        other = type(found)(max(found.theta * share, 1.0 if kind == "gumbel" else 0.01))
        assert log_likelihood(other, u) <= best + 1e-6


def test_no_matrix_near_is_more_likely():
    for kind, true in (("gaussian", Gaussian(THREE)), ("t", T(THREE, 4.0))):
        u = drawn(true, 500)
        found = estimate(kind, u, "likelihood", None if kind == "gaussian" else 4.0)
        best = log_likelihood(found, u)
        assert parameters(found)[:3] == pytest.approx([0.6, 0.3, 0.4], abs=0.13)
        for i in range(3):
            for j in range(i):
                for move in (-0.01, 0.01):
                    values = found.correlation.values.copy()
                    values[i, j] = values[j, i] = values[i, j] + move
                    near = correlation(values, repair=False, at=None)
                    other = Gaussian(near) if kind == "gaussian" else T(near, 4.0)
                    assert log_likelihood(other, u) < best + 1e-4


def test_partial_correlations_make_their_factor():
    partial = np.array([0.3, -0.5, 0.8])
    assert _partial(_root(partial, 3)) == pytest.approx(partial, abs=1e-12)


@pytest.mark.parametrize("kind", ["clayton", "gumbel"])
def test_the_family_that_made_the_data_has_the_least_aic_and_fits(kind):
    """The other tail's family does not fit."""
    other = {"clayton": "gumbel", "gumbel": "clayton"}[kind]
    wanted = spec(bootstrap="30", copulas=f"[{kind}, {other}, independence]")
    found = fit_copulas(wanted, Results.of(drawn(TRUE[kind], 300)), quiet)
    assert kind == found.best.copula.KIND
    chances = {one.copula.KIND: one.chance for one in found.candidates}
    assert chances[kind] > 0.1
    assert chances[other] < 0.05
    assert chances["independence"] < 0.05
    assert found.best.errors[0] < 0.6


def test_the_chance_is_uniform_where_the_copula_is_the_true_one():
    """Of 80 data sets of 50 rows the mean is near 1/2, and about one in ten is below 10%."""
    wanted = spec(bootstrap="39", copulas="[clayton]", method="tau")
    chances = []
    for one in range(80):
        u = pseudo(Clayton(1.5).sample(np.uint64(1_000 + one), 0, 50))
        chances.append(fit_copulas(wanted, Results.of(u), quiet).best.chance)
    assert abs(np.mean(chances) - 0.5) < 4.0 * 0.289 / np.sqrt(80)
    below = np.mean(np.array(chances) < 0.1)
    assert 0.01 <= below <= 0.1 + 4.0 * np.sqrt(0.09 / 80)


def test_the_freedom_of_a_t_is_the_one_that_is_most_likely_with_its_matrix():
    """Both are found together: no other freedom, and no other correlation, is likelier."""
    u = drawn(TRUE["t"], 400)
    found = estimate("t", u, "likelihood")
    best = log_likelihood(found, u)
    for freedom in (found.freedom * 0.97, found.freedom * 1.03):
        assert log_likelihood(T(found.correlation, freedom), u) < best
    for rho in (found.rho - 0.01, found.rho + 0.01):
        assert log_likelihood(T(of_pair(rho), found.freedom), u) < best


def test_a_long_bootstrap_says_how_far_it_is():
    said = []
    wanted = spec(bootstrap="100", copulas="[clayton]", method="tau")
    fit_copulas(wanted, Results.of(drawn(TRUE["clayton"], 20)), said.append)
    assert said == ["clayton", "clayton: 50 of 100 samples", "clayton: 100 of 100 samples"]


def test_the_distance_is_that_of_a_slow_textbook():
    u, copula = drawn(TRUE["frank"], 60), Frank(4.0)
    total = 0.0
    for a, b in u:
        share = sum(1 for x, y in u if x <= a and y <= b) / len(u)
        total += (share - copula.distribution(np.array([a]), np.array([b]))[0]) ** 2
    assert distance(copula, u) == pytest.approx(total, rel=1e-12)


def test_the_aic_counts_parameters():
    found = fit_copulas(spec(copulas="[t, independence]"), Results.of(drawn(TRUE["t"], 200)), quiet)
    of = {one.copula.KIND: one for one in found.candidates}
    assert of["t"].aic == 4.0 - 2.0 * of["t"].log_likelihood
    assert of["independence"].aic == 0.0


def test_the_fitted_file_is_one_that_a_simulation_reads(tmp_path):
    found = fit_copulas(spec(), Results.of(drawn(TRUE["t"], 300)), quiet)
    path = tmp_path / "dependence.yaml"
    path.write_text(dependence_yaml(found), encoding="utf-8")
    says = read_dependence(path).says
    assert says.reordered[0].lines == ("home.fire", "home.theft")
    again = says.reordered[0].bound()
    assert parameters(again) == pytest.approx(parameters(found.best.copula), abs=1e-3)


def test_a_matrix_that_was_repaired_is_read_again(tmp_path):
    """Taus of three lines that no matrix has: the nearest has an eigenvalue of nearly 0."""
    rng = np.random.default_rng(5)
    one = rng.normal(size=200)
    other = np.where(np.arange(200) % 2 == 0, one, rng.normal(size=200))
    values = np.column_stack([one, one + 1e-3 * rng.normal(size=200), other])
    found = estimate("gaussian", pseudo(values), "tau")
    text = f"copula: {found.yaml()}\n"
    node = read_nodes(text, "d.yaml")["copula"]
    again = read(GaussianLine, node).bound(("a", "b", "c"))
    assert again.correlation.values == pytest.approx(found.correlation.values, abs=2e-4)


def test_lines_fit_a_terminal_and_data_say_the_same():
    found = fit_copulas(spec(), Results.of(drawn(TRUE["gumbel"], 200)), quiet)
    shown = list(lines(found))
    assert max(map(len, shown)) <= 80
    assert told(found)["copulas"][0]["kind"] in shown[-1]


def test_a_fit_from_the_command_line(tmp_path):
    values = np.random.default_rng(3).lognormal(size=(60, 2))
    with (tmp_path / "d.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["fire", "theft"])
        writer.writerows(values.tolist())
        writer.writerow(["none", "1"])
    (tmp_path / "fit.yaml").write_text(SPEC, encoding="utf-8")
    done = inside("fit", "fit.yaml", "--data", "d.csv", "-o", "out", cwd=tmp_path)
    assert done.returncode == 1  # a row was left out
    assert "60 of 61 rows" in done.stdout
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "copulas.csv",
        "dependence.yaml",
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"copulas": "[gausian]"}, "did you mean 'gaussian'?"),
        ({"columns": "[fire]"}, "expected a column for each of 2 lines, got 1"),
        ({"columns": "[fire, fire]"}, "expected each name once, got 'fire' more than once"),
        ({"bootstrap": "-1"}, "expected 0 to 10000 samples, got -1"),
        ({"method": "moments"}, "likelihood"),
    ],
)
def test_a_specification_that_is_wrong_is_told(change, said):
    with pytest.raises(BadInput) as caught:
        spec(**change)
    assert said in str(caught.value)
    assert "fit.yaml:" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fire,theft\n1,2\n", "expected 20 to 20,000 rows with results, got 1"),
        ("fire,robbery\n1,2\n", "fit.yaml:6:10: columns: d.csv has no column 'theft'"),
        (
            "fire,theft\n" + "".join(f"{n},5\n" for n in range(30)),
            "theft: expected results that differ, got 5 in every row of 'theft'",
        ),
    ],
)
def test_data_that_hold_too_little_are_told(text, said, tmp_path):
    (tmp_path / "d.csv").write_text(text)
    with pytest.raises(BadInput) as caught:
        read_results(spec(), tmp_path / "d.csv")
    assert said in str(caught.value)
