"""Fitted models against what can be worked by hand: marginal totals, cell means, pooled rates."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.errors import BadInput
from product_factory.nodes import read_nodes
from product_factory.strict import read
from rating.relativities.data import read_policies
from rating.relativities.filed import file_model
from rating.relativities.fitted import deviance, fit_model, response
from rating.relativities.result import fit_relativities
from rating.relativities.specification import Relativities
from rating.relativities.term import terms_of

TIGHT = 1e-7

HEAD = """\
fit: made
kind: glm
title: {zh: 试, en: Made}
source: made for this test
exposure: {column: years}
claims: {column: claims}
amounts: {column: paid}
tests: no
decimals: 8
"""


def spec_of(text):
    return read(Relativities, read_nodes(HEAD + text, "made.yaml"))


def fitted(folder, text, frame):
    """The first model of a file, fitted to a frame; with its terms, policies and specification."""
    spec = spec_of(text)
    frame.to_parquet(folder / "data.parquet", index=False)
    policies = read_policies(spec, folder / "data.parquet")
    name, model = next(iter(spec.models.items()))
    terms = terms_of(spec, name, policies)
    return fit_model(model, terms, policies), policies, spec


def made(size=400, seed=3):
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "years": random.uniform(0.2, 1.0, size),
            "kind": random.choice(["a", "b", "c"], size),
            "use": random.choice(["home", "work"], size),
            "age": random.integers(18, 80, size),
            "factor": random.choice([0.5, 1.0, 2.0], size),
        }
    )
    mean = frame["years"] * np.where(frame["kind"] == "b", 1.5, 0.8) * np.exp(-0.01 * frame["age"])
    frame["claims"] = random.poisson(2.0 * mean)
    paid = random.gamma(np.maximum(frame["claims"], 1) * 2.0, 50.0)
    frame["paid"] = np.where(frame["claims"] > 0, paid, 0.0)
    return frame


ONE_WAY = """
variables: {kind: {base: a}}
models: {frequency: {family: poisson}}
"""


def test_one_factor_gives_the_ratios_of_the_frequencies(tmp_path):
    """Relativities are b's and c's claims a year over a's; the variance of a log ratio is
    φ (1/claims + 1/claims of the base).
    """
    frame = made()
    found, _, _ = fitted(tmp_path, ONE_WAY, frame)
    sums = frame.groupby("kind")[["claims", "years"]].sum()
    rate = sums["claims"] / sums["years"]
    np.testing.assert_allclose(np.exp(found.logs(0)), rate / rate["a"], rtol=TIGHT)
    assert np.exp(found.intercept) == pytest.approx(rate["a"], rel=TIGHT)
    mean = frame["years"] * rate[frame["kind"]].to_numpy()
    pearson = float(((frame["claims"] - mean) ** 2 / mean).sum()) / (len(frame) - 3)
    assert found.dispersion == pytest.approx(pearson, rel=1e-6)
    by_hand = np.sqrt(pearson * (1 / sums["claims"] + 1 / sums.loc["a", "claims"]))
    np.testing.assert_allclose(found.errors(0)[1:], by_hand[1:], rtol=1e-6)
    assert found.errors(0)[0] == 0.0


def test_the_deviance_is_twice_the_gain_of_the_log_likelihood(tmp_path):
    frame = made()
    found, _, _ = fitted(tmp_path, ONE_WAY, frame)
    sums = frame.groupby("kind")[["claims", "years"]].sum()
    mean = frame["years"] * (sums["claims"] / sums["years"])[frame["kind"]].to_numpy()
    alone = frame["years"] * (frame["claims"].sum() / frame["years"].sum())
    gain = float((frame["claims"] * np.log(mean / alone) - mean + alone).sum())
    assert found.null - found.deviance == pytest.approx(2.0 * gain, rel=1e-9)


@pytest.mark.parametrize(("family", "power"), [("poisson", 1.0), ("gamma", 2.0), ("tweedie", 1.5)])
def test_the_score_of_every_level_is_zero(tmp_path, family, power):
    """Σ w (y - μ) μ^(1-p) over the policies of a level is 0: for Poisson, the totals agree."""
    text = f"variables: {{kind: {{}}, use: {{}}}}\nmodels: {{m: {{family: {family}}}}}"
    found, policies, spec = fitted(tmp_path, text, made())
    told = response(spec.models["m"], policies)
    logs = found.intercept + sum(found.terms[n].at(found.logs(n)) for n in range(2))
    mean = np.exp(logs)[told.rows]
    score = np.zeros(policies.size)
    score[told.rows] = told.weight * (told.y - mean) * mean ** (1.0 - power)
    size = np.abs(score).sum()
    for term in found.terms:
        assert np.abs(term.total(score)).max() < TIGHT * size


def test_the_interaction_of_all_factors_gives_the_mean_of_every_cell(tmp_path):
    text = """
variables: {kind: {}, use: {}}
models: {frequency: {family: poisson, interactions: [[kind, use]]}}
"""
    frame = made()
    found, policies, _ = fitted(tmp_path, text, frame)
    mean = np.exp(found.intercept + sum(found.terms[n].at(found.logs(n)) for n in range(3)))
    frame["mean"] = mean * policies.exposure
    sums = frame.groupby(["kind", "use"])[["claims", "mean"]].sum()
    np.testing.assert_allclose(sums["mean"], sums["claims"], rtol=TIGHT)


def pooled(rates, weights):
    """Rates that rise: neighbours that fall are pooled until none does (the slow textbook)."""
    blocks = [[r, w, 1] for r, w in zip(rates, weights, strict=True)]
    place = 0
    while place < len(blocks) - 1:
        if blocks[place][0] > blocks[place + 1][0]:
            (r, w, n), (s, v, m) = blocks[place : place + 2]
            blocks[place : place + 2] = [[(r * w + s * v) / (w + v), w + v, n + m]]
            place = max(0, place - 1)
        else:
            place += 1
    return np.repeat([b[0] for b in blocks], [b[2] for b in blocks])


@given(st.lists(st.integers(1, 30), min_size=4, max_size=8))
def test_a_monotone_factor_is_the_pooled_one(tmp_path_factory, counts):
    """For one factor the most likely rising rates are those of pool-adjacent-violators."""
    starts = list(range(len(counts)))
    frame = pd.DataFrame({"years": 10.0, "age": starts, "claims": counts, "paid": 1.0})
    text = f"""
variables: {{age: {{bands: {starts}, monotone: rising, base: "0"}}}}
models: {{frequency: {{family: poisson}}}}
"""
    found, _, _ = fitted(tmp_path_factory.mktemp("m"), text, frame)
    rates = np.exp(found.intercept + found.logs(0))
    expected = pooled(np.array(counts) / 10.0, np.full(len(counts), 10.0))
    np.testing.assert_allclose(rates, expected, rtol=1e-6)


def test_between_knots_the_logarithm_is_a_line(tmp_path):
    text = """
variables: {age: {knots: [18, 40, 80], base: "40"}}
models: {frequency: {family: poisson}}
"""
    found, policies, spec = fitted(tmp_path, text, made())
    filed = file_model(spec, spec.models["frequency"], found, policies)
    mean = filed.mean(policies)
    at = {int(age): value for age, value in zip(policies.numbers["age"], mean, strict=True)}
    assert np.log(at[29]) == pytest.approx(0.5 * (np.log(at[18]) + np.log(at[40])), abs=1e-12)


def test_a_curve_is_the_natural_spline_through_its_knots(tmp_path):
    """Its second derivative is 0 at both ends, and all of it is read at every step."""
    text = """
variables: {age: {curve: {knots: [18, 30, 50, 80], step: 1}, base: "30"}}
models: {frequency: {family: poisson}}
"""
    found, _, _ = fitted(tmp_path, text, made(2000))
    logs = found.logs(0)
    assert logs.size == 63
    assert logs[12] == 0.0
    bends = np.diff(logs, 2)
    np.testing.assert_allclose(np.diff(bends[:10], 2), 0.0, atol=1e-12)
    assert bends[0] == pytest.approx(bends[1] / 2, rel=1e-9)


def test_an_offset_multiplies_and_joined_levels_are_one(tmp_path):
    text = """
variables: {kind: {join: {others: [b, c]}}}
models: {frequency: {family: poisson, offset: factor}}
"""
    frame = made()
    frame["claims"] = (frame["claims"] * frame["factor"] * 2).astype(int)
    found, policies, spec = fitted(tmp_path, text, frame)
    logs = dict(zip(found.terms[0].labels[0], found.logs(0), strict=True))
    assert logs["b"] == logs["c"] != logs["a"]
    mean = file_model(spec, spec.models["frequency"], found, policies).mean(policies)
    ratio = mean / frame["factor"]
    years = frame["years"] * frame["factor"]
    of_a = frame["kind"] == "a"
    rate = frame["claims"][of_a].sum() / years[of_a].sum()
    assert ratio[of_a].iloc[0] == pytest.approx(rate, rel=1e-6)


def test_robust_errors_are_those_of_the_sandwich(tmp_path):
    """Of one factor, the variance of a log rate is Σ (claims - mean)² / (Σ claims)²."""
    frame = made()
    text = ONE_WAY.replace("poisson", "poisson, errors: robust")
    found, _, _ = fitted(tmp_path, text, frame)
    sums = frame.groupby("kind")[["claims", "years"]].sum()
    rest = (
        frame["claims"]
        - frame["years"] * (sums["claims"] / sums["years"])[frame["kind"]].to_numpy()
    )
    variance = (rest**2).groupby(frame["kind"]).sum() / sums["claims"] ** 2
    by_hand = np.sqrt(variance + variance["a"])
    np.testing.assert_allclose(found.errors(0)[1:], by_hand[1:], rtol=1e-6)


def test_the_deviance_of_every_family_is_zero_at_the_data_and_positive_elsewhere():
    y, weight = np.array([0.5, 2.0, 7.0]), np.ones(3)
    for power in (1.0, 1.3, 1.7, 2.0):
        assert deviance(y, y, weight, power) == pytest.approx(0.0, abs=1e-12)
        assert deviance(y, y * 1.1, weight, power) > 0.0
    near = [deviance(y, y * 1.2, weight, power) for power in (1.0, 1.0 + 1e-6)]
    assert near[0] == pytest.approx(near[1], rel=1e-5)


def test_rounded_relativities_keep_the_total(tmp_path):
    spec = spec_of(ONE_WAY).model_copy(update={"decimals": 1})
    frame = made()
    frame.to_parquet(tmp_path / "data.parquet", index=False)
    result = fit_relativities(spec, read_policies(spec, tmp_path / "data.parquet"))
    filed = result.filed["frequency"]
    assert all((values == np.round(values, 1)).all() for values in filed.relativities)
    total = float(np.sum(filed.mean(result.policies) * result.policies.exposure))
    assert total == pytest.approx(frame["claims"].sum(), rel=1e-8)


def test_two_variables_that_say_the_same_are_named(tmp_path):
    frame = made().assign(twin=lambda rows: rows["kind"])
    text = "variables: {kind: {}, twin: {}, use: {}}\nmodels: {frequency: {family: poisson}}"
    with pytest.raises(BadInput) as raised:
        fitted(tmp_path, text, frame)
    assert str(raised.value) == (
        "made.yaml:11:21: models: the data cannot tell the effects of 'kind' and 'twin' apart; "
        "leave one out, or join levels"
    )
