"""Trends: the regression against the textbook and scipy, what is written, what is refused."""

import json
import math
from datetime import date

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import linregress

from rating.trend.regression import regression
from tests.the_command import inside

SPEC = """\
fit: bikes
kind: trend
title: {zh: 车险, en: Bikes}
source: five years made for the tests
year: year
exposure: insured
claims: claims
amount: paid
to: 2027-07-01
number_of: crash.accident
size_of: crash.bill
"""
DATA = """\
year,insured,claims,paid
2020,1000,50,100000
2021,1100,57,121000
2022,1300,66,152000
2023,1250,66,163000
2024,700,40,100000
2024,700,35,92000
"""


def fit(folder, spec=SPEC, data=DATA, *more):
    (folder / "spec.yaml").write_text(spec, encoding="utf-8")
    (folder / "data.csv").write_text(data, encoding="utf-8")
    return inside("fit", "spec.yaml", "--data", "data.csv", "-o", "out", *more, cwd=folder)


def test_the_line_is_that_of_scipy():
    x = np.arange(2015.0, 2025.0)
    y = np.log([4.1, 4.0, 4.4, 4.9, 4.7, 5.2, 5.1, 5.9, 6.1, 6.0])
    slope, error, line, fit_ = regression(x, y, np.ones(10))
    known = linregress(x, y)
    assert slope == pytest.approx(known.slope, rel=1e-9)
    assert error == pytest.approx(known.stderr, rel=1e-9)
    assert line == pytest.approx(known.intercept + known.slope * x, rel=1e-9)
    assert fit_ == pytest.approx(known.rvalue**2, rel=1e-9)


def test_weights_are_those_of_generalised_least_squares():
    """(X'WX)^-1 X'Wy, with the residual variance over n - 2 (the textbook's matrices)."""
    x = np.arange(6.0)
    y = np.array([0.1, 0.3, 0.2, 0.5, 0.45, 0.7])
    w = np.array([1.0, 2.0, 5.0, 1.0, 3.0, 0.5])
    design = np.column_stack([np.ones(6), x])
    inverse = np.linalg.inv(design.T @ (w[:, None] * design))
    beta = inverse @ design.T @ (w * y)
    left = float((w * (y - design @ beta) ** 2).sum()) / 4
    slope, error, line, _ = regression(x, y, w)
    assert slope == pytest.approx(beta[1], rel=1e-12)
    assert error == pytest.approx(math.sqrt(left * inverse[1, 1]), rel=1e-12)
    assert line == pytest.approx(design @ beta, rel=1e-12)


@given(st.floats(-0.3, 0.5), st.integers(3, 15), st.floats(0.01, 1e6))
def test_what_grows_by_a_share_has_that_trend_without_error(trend, years, start):
    x = np.arange(2000.0, 2000.0 + years)
    slope, error, _, _ = regression(x, math.log(start) + math.log1p(trend) * x, np.ones(years))
    assert math.expm1(slope) == pytest.approx(trend, abs=1e-9)
    assert error < 1e-9


def test_the_error_is_the_one_that_is_seen():
    random = np.random.default_rng(2)
    x = np.arange(8.0)
    found = [regression(x, 0.05 * x + random.normal(0, 0.04, 8), np.ones(8)) for _ in range(4000)]
    slopes = np.array([one[0] for one in found])
    assert np.mean([one[1] ** 2 for one in found]) == pytest.approx(slopes.var(), rel=0.1)


def test_rows_of_a_year_add_up_and_the_entries_can_be_pasted(tmp_path):
    run = fit(tmp_path, SPEC, DATA, "--json")
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)["trends"]
    assert told["frequency"]["observed"][-1] == pytest.approx(75 / 1400)
    # the experience is the ratio of sums, whose middle is by exposure, of severity by claims
    middles = [date(y, 7, 2).toordinal() for y in range(2020, 2025)]
    mean = np.average(middles, weights=[1000, 1100, 1300, 1250, 1400])
    assert abs(date.fromisoformat(told["frequency"]["from"]).toordinal() - mean) <= 1
    assert told["severity"]["from"] > told["frequency"]["from"]
    entry = yaml.safe_load((tmp_path / "out" / "experience.yaml").read_text("utf-8"))
    assert set(entry["crash"]) == {"accident", "bill"}
    assert entry["crash"]["bill"]["trend"] == f"{100 * told['severity']['trend']:.2f}%"
    assert entry["crash"]["bill"]["to"] == date(2027, 7, 1)
    assert (tmp_path / "out" / "bikes.png").read_bytes().startswith(b"\x89PNG")
    rows = (tmp_path / "out" / "bikes.csv").read_text("utf-8").splitlines()
    assert rows[0].startswith("year,exposure,claims,amount,frequency,frequency_fitted")
    assert len(rows) == 6


def test_frequency_and_severity_make_the_pure_premium(tmp_path):
    told = json.loads(fit(tmp_path, SPEC, DATA, "--json").stdout)["trends"]
    both = (1 + told["frequency"]["trend"]) * (1 + told["severity"]["trend"])
    assert 1 + told["pure_premium"]["trend"] == pytest.approx(both, rel=1e-12)


@pytest.mark.parametrize(
    ("spec", "data", "said"),
    [
        (SPEC, "\n".join(DATA.splitlines()[:3]) + "\n", "3 years or more, got 2"),
        (SPEC, DATA.replace("2022", "2019"), "above 0 in every year, got none of 2022"),
        (SPEC, DATA.replace(",66,152000", ",0,152000"), "'claims' above 0 in every year"),
        (SPEC, DATA.replace("2022", "soon"), "row 3 was left out: year: expected a number"),
        (SPEC, DATA.replace("1000,", "1e30,"), "years whose frequency tells of a trend, got"),
        (
            SPEC,
            DATA.replace("1000,", "1e30,").replace("700,", "1e30,"),
            "years whose frequency tells of a trend, got",
        ),
        (SPEC.replace("2027-07-01", "9999-12-31"), DATA, "a factor of frequency above 0.0099, at"),
        (SPEC.replace("2027-07-01", "2019-07-01"), DATA, "a day after the middle of the"),
        (SPEC.replace("2027-07-01", "2027-13-01"), DATA, "spec.yaml:9:5: to:"),
        (SPEC + "last: 2\n", DATA, "3 years or more under 'last', got 2"),
        (SPEC + "last: 9\n", DATA, "expected 9 years or more, got 5"),
        (SPEC.replace("claims: claims\n", ""), DATA, "'number_of' takes the columns"),
        (SPEC.replace("claims: claims\n", "claims: claim\n"), DATA, "did you mean 'claims'"),
        (SPEC + "weight: yes\n", DATA, "unknown key 'weight'; did you mean 'weighted'"),
    ],
)
def test_bad_input_is_told(tmp_path, spec, data, said):
    run = fit(tmp_path, spec, data)
    assert run.returncode == 2
    assert said in run.stderr
    assert "Warning" not in run.stderr
