"""Experience in a file of `aggregate`: what it multiplies, where it is told, what is refused."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rating.aggregate.claim import TermsOfClaim
from rating.aggregate.grown import grown
from rating.aggregate.terms import ClaimTerms
from rating.severities import Empirical, Gamma, Lognormal, Lomax
from tests.rating.test_aggregate_year import SPEC
from tests.the_command import inside

YEARS = 1096 / 365.25
EXPERIENCE = """experience:
  frequency: {development: 1.1, source: triangle}
  severity: {large_losses: 4%, trend: 6%, from: 2023-07-01, to: 2026-07-01, source: fitted}
"""
TERMS = ClaimTerms(100.0, 4000.0, 0.9, 700.0, 500.0, franchise=900.0)


@settings(max_examples=30)
@given(
    factor=st.floats(0.3, 4.0),
    deductible=st.floats(0.0, 3000.0),
    limit=st.floats(10.0, 1e6),
    corridor=st.floats(0.0, 900.0),
    franchise=st.floats(0.0, 2000.0),
)
def test_a_loss_that_grew_is_a_larger_loss(factor, deductible, limit, corridor, franchise):
    """Factor × a lognormal is one whose mu is larger by ln factor, under the very same terms."""
    terms = ClaimTerms(deductible, limit, 0.8, corridor, 300.0, franchise)
    made = grown(Lognormal(7.0, 1.2), terms, factor)
    same = TermsOfClaim(Lognormal(7.0 + math.log(factor), 1.2), terms)
    for figure in ("mean", "square", "most", "some"):
        assert getattr(made, figure) == pytest.approx(getattr(same, figure), rel=1e-9), figure
    assert made.beyond(1e-4) == pytest.approx(same.beyond(1e-4), rel=1e-9)
    assert made.limited(777.0) == pytest.approx(same.limited(777.0), rel=1e-9, abs=1e-9)
    assert made.above(555.0) == pytest.approx(same.above(555.0), rel=1e-9, abs=1e-9)
    one, other = made.lump(50.0, 256), same.lump(50.0, 256)
    assert one.step == other.step
    np.testing.assert_allclose(one.chances, other.chances, rtol=1e-7, atol=1e-12)
    for one, other in zip(made.atoms(), same.atoms(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)


def test_single_amounts_grow_and_what_grew_by_nothing_is_the_claim_itself():
    terms = replace(TERMS, franchise=0.0)
    amounts, _ = grown(Empirical.of((1000.0, 3000.0)), terms, 1.5).atoms()
    assert sorted(amounts) == pytest.approx(sorted(terms.of_amounts(np.array([1500.0, 4500.0]))))
    assert grown(Gamma(1.0, 9.0), terms, 1.0) == TermsOfClaim(Gamma(1.0, 9.0), terms)


def run(folder, text, *more):
    (folder / "cargo.yaml").write_text(SPEC + text, encoding="utf-8")
    return inside("aggregate", "cargo.yaml", "--step", "200", *more, cwd=folder)


def test_a_file_is_the_year_of_what_its_experience_is_brought_to(tmp_path):
    """As the file that states 55 claims and a mu larger by the logarithm of the factor."""
    factor = 1.04 * 1.06**YEARS
    brought = run(tmp_path, EXPERIENCE, "--json", "--deductibles", "0,2000")
    assert brought.returncode == 0, brought.stderr
    found = json.loads(brought.stdout)
    stated = SPEC.replace("mean: 50", "mean: 55").replace("mu: 8", f"mu: {8 + math.log(factor)!r}")
    (tmp_path / "stated.yaml").write_text(stated, encoding="utf-8")
    told = ("--step", "200", "--json", "--deductibles", "0,2000")
    same = json.loads(inside("aggregate", "stated.yaml", *told, cwd=tmp_path).stdout)
    for key in ("claims", "mean_exact", "mean", "sd", "chance_of_nothing"):
        assert found[key] == pytest.approx(same[key], rel=1e-7), key
    for key in ("chances", "deductibles"):
        for one, other in zip(found[key], same[key], strict=True):
            assert one == pytest.approx(other, rel=1e-6), key
    assert f"severity x {factor:.6g}: large losses + 4%, trend 6% a year" in found["what"]
    assert "frequency x 1.1: development x 1.1 (triangle)" in found["what"]
    assert found["digest"] != same["digest"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "{frequency: {large_losses: 4%, source: x}}",
            "8:13: experience: expected no 'large_losses'",
        ),
        ("{severity: {trend: 4%, source: x}}", "'trend', 'from' and 'to' belong together"),
        (
            "{severity: {development: 0, source: x}}",
            "experience.severity.development: expected more",
        ),
        ("{severities: {development: 1, source: x}}", "did you mean 'severity'?"),
        ("{severity: {development: age, source: x}}", "unknown name 'age'"),
        ("{}", "8:13: experience: expected 'frequency' or 'severity'"),
        ("{frequency: {development: 9, source: x}}", "frequency: "),
    ],
)
def test_what_is_no_experience_is_refused_with_its_place(tmp_path, text, says):
    count = "frequency: {kind: binomial, trials: 60, chance: 80%}"
    spec = SPEC.replace("frequency: {kind: poisson, mean: 50}", count)
    (tmp_path / "cargo.yaml").write_text(f"{spec}experience: {text}\n", encoding="utf-8")
    made = inside("aggregate", "cargo.yaml", cwd=tmp_path)
    assert made.returncode == 2
    assert made.stdout == ""
    assert "cargo.yaml:" in made.stderr
    assert says in made.stderr


def test_a_severity_without_a_mean_is_refused_where_the_mean_is_needed_only(tmp_path):
    """Under a limit of each claim its payments have one: that of the layer."""
    heavy = SPEC.replace(
        "kind: lognormal, mu: 8, sigma: 1.8", "kind: lomax, alpha: 0.9, scale: 1000"
    )
    (tmp_path / "heavy.yaml").write_text(heavy, encoding="utf-8")
    found = json.loads(inside("aggregate", "heavy.yaml", "--json", cwd=tmp_path).stdout)
    layer = Lomax(0.9, 1000.0).expected_layer(2000.0, 500_000.0)
    assert found["mean_exact"] == pytest.approx(50.0 * layer, rel=1e-12)
    assert found["mean"] == pytest.approx(50.0 * layer, rel=1e-9)
    open_ended = heavy.replace(", limit: 500000", "")
    (tmp_path / "heavy.yaml").write_text(open_ended, encoding="utf-8")
    made = inside("aggregate", "heavy.yaml", cwd=tmp_path)
    assert made.returncode == 2
    assert "heavy.yaml:6:11: severity: lomax.alpha: expected above 1 (for a mean)" in made.stderr
