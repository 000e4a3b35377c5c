"""Shared factors fitted to counts: what varies beyond Poisson, and how it moves together."""

import math

import numpy as np
import pytest

from product_factory.errors import BadInput
from product_factory.nodes import read_nodes
from product_factory.strict import read
from sandbox.dependence.fitting.factors import (
    Counts,
    SharedFactorSpec,
    fit_factor,
    multiplier_covariance,
    read_counts,
)
from sandbox.dependence.fitting.factors_write import factor_lines, factor_yaml
from sandbox.dependence.specification import read_dependence
from tests.the_command import inside

SPEC = """\
fit: season
kind: shared_factor
title: {zh: 季节, en: Season}
source: made here
lines: [home.fire, home.water_damage, home.theft]
columns: [fire, water, theft]
"""


def spec(text=SPEC):
    return read(SharedFactorSpec, read_nodes(text, "fit.yaml"))


def made(years=4_000, seed=4):
    """Counts of fire and water share lognormal factors (cv 30% and 20%, 0.6); theft has none."""
    rng = np.random.default_rng(seed)
    sigma = np.sqrt(np.log1p(np.array([0.3, 0.2]) ** 2))
    z = rng.multivariate_normal([0.0, 0.0], [[1.0, 0.6], [0.6, 1.0]], years)
    factors = np.column_stack([np.exp(sigma * z - 0.5 * sigma**2), np.ones(years)])
    exposure = rng.uniform(0.5, 2.0, years)
    counts = rng.poisson(exposure[:, None] * factors * np.array([40.0, 90.0, 15.0]))
    return Counts(counts.astype(float), exposure, years)


def test_moments_are_those_of_a_slow_textbook():
    data = made(50)
    found = multiplier_covariance(data.counts, data.exposure)
    rate = data.counts.sum(axis=0) / data.exposure.sum()
    for j in range(3):
        for k in range(3):
            top = bottom = 0.0
            for row, weight in zip(data.counts, data.exposure, strict=True):
                e, f = weight * rate[j], weight * rate[k]
                top += 50.0 / 49.0 * (row[j] - e) * (row[k] - f) - (e if j == k else 0.0)
                bottom += e * f
            assert found[j, k] == pytest.approx(top / bottom, rel=1e-10, abs=1e-14)


def test_the_factor_that_made_the_counts_is_found_again():
    """Of fire and water; what theft varies beyond Poisson is within its error of nothing."""
    found = fit_factor(spec(), made())
    assert found.cv[:2] == pytest.approx([0.3, 0.2], rel=0.06)
    assert found.correlation.values[0, 1] == pytest.approx(0.6, abs=0.06)
    assert abs(found.covariance[2, 2]) < 4.0 * found.errors[2, 2]
    due = math.expm1(0.6 * math.sqrt(math.log1p(0.09) * math.log1p(0.04)))
    assert abs(found.covariance[0, 1] - due) < 4.0 * found.errors[0, 1]


def test_errors_are_those_of_repeated_data():
    cvs, errors = [], []
    for seed in range(40):
        found = fit_factor(spec(), made(60, seed))
        cvs.append(found.covariance[0, 0])
        errors.append(found.errors[0, 0])
    assert np.mean(errors) == pytest.approx(np.std(cvs, ddof=1), rel=0.4)


def test_poisson_counts_have_no_factor():
    data = made(40)
    even = np.tile(np.array([[10.0, 20.0, 5.0]]), (40, 1))
    even[::2] += 1.0
    with pytest.raises(BadInput, match=r"fit.yaml:6:10: columns: no line varies more than Poisson"):
        fit_factor(spec(), Counts(even, np.ones(40), len(data.counts)))


def test_the_fitted_file_is_one_that_a_simulation_reads(tmp_path):
    found = fit_factor(spec(), made(400))
    path = tmp_path / "dependence.yaml"
    path.write_text(factor_yaml(found), encoding="utf-8")
    factor = read_dependence(path).says.shared[0]
    assert factor.lines[:2] == ("home.fire", "home.water_damage")
    assert factor.multiplier.deviation(0) == pytest.approx(found.cv[0], abs=1e-6)
    assert max(map(len, factor_lines(found))) <= 80


def test_a_fit_from_the_command_line(tmp_path):
    data = made(60)
    rows = ["fire,water,theft,policies"]
    for row, weight in zip(data.counts, data.exposure, strict=True):
        rows.append(",".join([*(f"{n:.0f}" for n in row), f"{weight:.4f}"]))
    rows.append("1.5,2,3,1")
    (tmp_path / "d.csv").write_text("\n".join(rows) + "\n")
    (tmp_path / "fit.yaml").write_text(f"{SPEC}exposure: policies\n", encoding="utf-8")
    done = inside("fit", "fit.yaml", "--data", "d.csv", "-o", "out", cwd=tmp_path)
    assert done.returncode == 1
    assert "60 of 61 years" in done.stdout
    assert "expected a whole number" in done.stdout
    assert read_dependence(tmp_path / "out" / "dependence.yaml").says.dependence == "season"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fire,water,theft\n1,2,3\n", "expected 20 to 20,000 years with counts, got 1"),
        (
            "fire,water,theft\n" + "3,2,0\n" * 25,
            "theft: expected claims in some year of 'theft'",
        ),
    ],
)
def test_data_that_hold_too_little_are_told(text, said, tmp_path):
    (tmp_path / "d.csv").write_text(text)
    with pytest.raises(BadInput) as caught:
        read_counts(spec(), tmp_path / "d.csv")
    assert said in str(caught.value)
