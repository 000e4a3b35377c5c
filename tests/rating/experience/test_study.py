"""Studies from end to end: data and a file of words in, rates with their errors out."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from product_factory.errors import BadInput
from product_factory.tables import read_table
from rating.experience import fit_study
from rating.experience.write import lines, table_text, told

REAL = Path(__file__).resolve().parents[4] / "shared/data/lapse_uslapseagent/uslapseagent.parquet"
STUDY = """\
study: leaving
title: {zh: 退保率, en: Surrender}
source: made for this test
event: surrender
columns:
  start: start
  end: end
  birth: birth
  status: {column: why, in_force: [open]}
axis: {name: policy_year, from: 1, to: 3}
by:
  sex: {column: sex, is: {F: female, M: male}}
"""
HEAD = "start,end,birth,why,sex\n"
LIVES = """\
2020-01-01,2021-07-01,1980-06-01,surrender,male
2020-01-01,2023-01-01,1980-06-01,open,male
2020-01-01,2022-01-01,1980-06-01,death,male
2020-01-01,2020-07-01,1990-06-01,surrender,female
"""


def investigate(tmp_path, study=STUDY, lives=HEAD + LIVES, standard=None):
    (tmp_path / "study.yaml").write_text(study, encoding="utf-8")
    (tmp_path / "lives.csv").write_text(lives, encoding="utf-8")
    table = None
    if standard is not None:
        table = tmp_path / "usual.csv"
        table.write_text(standard, encoding="utf-8")
    return fit_study(tmp_path / "study.yaml", tmp_path / "lives.csv", table)


def test_four_lives_are_counted_as_by_hand(tmp_path):
    """Men: year 1 three whole years; year 2 181/365 + 1 + 1, one surrender; year 3 one."""
    women, men = investigate(tmp_path).groups
    np.testing.assert_allclose(men.exposure, [3.0, 2.0 + 181 / 365, 1.0], rtol=1e-14)
    assert men.events.tolist() == [0.0, 1.0, 0.0]
    np.testing.assert_allclose(men.crude[1], 1 - np.exp(-1 / (2 + 181 / 365)), rtol=1e-14)
    assert women.events.tolist() == [1.0, 0.0, 0.0]
    np.testing.assert_allclose(women.exposure, [182 / 366, 0.0, 0.0], rtol=1e-14)
    assert np.isnan(women.crude[1])


def test_the_window_cuts_exposure_and_sees_no_event_outside(tmp_path):
    window = STUDY + "window: {from: 2020-07-01, to: 2021-06-30}\n"
    women, men = investigate(tmp_path, window).groups
    assert women.events.sum() == men.events.sum() == 0.0
    np.testing.assert_allclose(men.exposure[0], 3 * 184 / 366, rtol=1e-14)
    np.testing.assert_allclose(men.exposure[1], 3 * 180 / 365, rtol=1e-14)


def test_ages_are_counted_from_birthdays(tmp_path):
    aged = STUDY.replace(
        "axis: {name: policy_year, from: 1, to: 3}", "axis: {name: attained_age, from: 39, to: 42}"
    )
    men = investigate(tmp_path, aged).groups[1]
    first = 152 / 366  # from 1 January 2020 to the 40th birthday on 1 June
    np.testing.assert_allclose(men.exposure[:2], [3 * first, 3.0], rtol=1e-14)
    assert men.events.tolist() == [0.0, 0.0, 1.0, 0.0]


def test_bad_rows_are_left_out_and_told_and_the_rest_counts(tmp_path):
    bad = (
        "2020-13-01,2021-07-01,1980-06-01,surrender,male\n"
        "2020-01-01,2019-07-01,1980-06-01,surrender,male\n"
        "2020-01-01,2021-07-01,1980-06-01,surrender,man\n"
        "2020-01-01,2021-07-01,1980-06-01,,male\n"
    )
    result = investigate(tmp_path, lives=HEAD + bad + LIVES)
    assert [(r.row, r.column, r.reason) for r in result.records.rejects] == [
        (1, "start", "expected a day such as 2026-03-01, between 1800 and 2200"),
        (2, "end", "expected an end on or after the start"),
        (3, "sex", "expected one of female, male"),
        (4, "why", "expected a word"),
    ]
    assert result.records.rows == len(result.records.rejects) + result.records.start.size
    assert result.groups == pytest.approx(result.groups)
    assert "row 3: sex: expected one of female, male, got man" in "\n".join(lines(result))


STANDARD = """\
# title: the usual
# source: made for this test
# status: illustrative
# columns: {policy_year: {key: step, type: integer}, rate: {type: ratio}}
policy_year,rate
1,10%
2,5%
"""


def test_little_experience_leans_on_the_standard_table(tmp_path):
    study = STUDY + "standard: {table: usual}\n"
    men = investigate(tmp_path, study, standard=STANDARD).groups[1]
    force = -np.log1p(-np.array([0.10, 0.05, 0.05]))
    z = np.sqrt(1 / 1082.217)
    np.testing.assert_allclose(men.expected, force @ men.exposure, rtol=1e-12)
    assert men.weight == pytest.approx(z, rel=1e-5)
    own = 1 / men.exposure[1]
    np.testing.assert_allclose(men.rate[1], 1 - np.exp(-(z * own + (1 - z) * force[1])), rtol=1e-5)


def test_the_table_is_one_that_a_product_can_read(tmp_path):
    many = "".join(
        f"2020-01-01,{2020 + k % 3}-0{1 + k % 9}-15,1980-06-01,"
        f"{'surrender' if k % 4 else 'open'},{'male' if k % 2 else 'female'}\n"
        for k in range(400)
    )
    study = STUDY + "graduate: {order: 2, smoothing: reml}\n"
    result = investigate(tmp_path, study, HEAD + many)
    text = table_text(result)
    table = read_table(text, "leaving", "leaving.csv")
    assert table.status == "fitted"
    assert table.find("rate", sex="M", policy_year=2) == round(float(result.groups[1].rate[1]), 6)
    assert table.find("exposure", sex="F", policy_year=1) == round(result.groups[0].exposure[0], 2)
    assert max(map(len, lines(result))) <= 80
    assert told(result)["used"] == 400


BROKEN = [
    (
        "event: surrender",
        "event: surender",
        "study.yaml:4:8: event: no life of {data} ends with 'surender'; did you mean 'surrender'?",
    ),
    ("start: start", "start: begin", "study.yaml:6:10: columns: lives.csv has no column 'begin'"),
    ("  end: end\n", "", "study.yaml:6:3: columns: expected one of 'end' and 'lasts', got none"),
    (
        "from: 1, to: 3",
        "from: 3, to: 1",
        "study.yaml:10:7: axis: expected 1 or more, rising, at most 200 values, got 3 to 1",
    ),
    (
        "name: policy_year",
        "name: duration",
        "study.yaml:10:14: axis.name: expected policy_year or attained_age, got duration",
    ),
    ("  birth: birth\n", "", None),
]


@pytest.mark.parametrize(("old", "new", "says"), BROKEN)
def test_a_slip_in_the_study_is_told_with_its_place(tmp_path, old, new, says):
    text = STUDY.replace(old, new)
    if says is None:
        text = text.replace("name: policy_year, from: 1", "name: attained_age, from: 30").replace(
            "to: 3", "to: 40"
        )
        says = "study.yaml:6:3: columns: ages are counted from a birthday; "
        says += "name its column under 'birth'"
    with pytest.raises(BadInput) as told_:
        investigate(tmp_path, text)
    line = str(told_.value).removeprefix(f"{tmp_path.as_posix()}/")
    assert line == says.format(data=tmp_path / "lives.csv")


def test_a_group_too_thin_to_graduate_is_named(tmp_path):
    study = STUDY.replace("from: 1, to: 3", "from: 1, to: 2") + "graduate: {smoothing: 5}\n"
    with pytest.raises(BadInput, match=re.escape("differences of order 2 in the group F")):
        investigate(tmp_path, study)


@pytest.mark.parametrize(
    ("standard", "says"),
    [
        (None, "expected the table 'usual'; name its file with --standard"),
        (STANDARD.replace("policy_year", "month"), "is by 'month', and the study has no"),
        (STANDARD.replace("5%", "100%"), "expected rates of 0 to below 1, got 1 at 2"),
    ],
)
def test_a_standard_table_that_does_not_fit_is_told(tmp_path, standard, says):
    with pytest.raises(BadInput, match=re.escape(says)):
        investigate(tmp_path, STUDY + "standard: {table: usual}\n", standard=standard)


def test_known_rates_are_found_in_simulated_lives(tmp_path):
    """40,000 lives under a constant force of 8% a year, censored by deaths at 2%."""
    rng = np.random.default_rng(3)
    leaves, dies = rng.exponential(1 / 0.08, 40_000), rng.exponential(1 / 0.02, 40_000)
    lasted = np.minimum(np.minimum(leaves, dies), 3.0)
    why = np.where(lasted == 3.0, "open", np.where(leaves < dies, "surrender", "death"))
    frame = pd.DataFrame(
        {"start": "2020-01-01", "days": lasted * 365.25, "why": why, "sex": "male"}
    )
    frame.to_parquet(tmp_path / "lives.parquet")
    study = STUDY.replace("  end: end\n  birth: birth\n", "  lasts: {column: days, unit: 1}\n")
    (tmp_path / "study.yaml").write_text(study, encoding="utf-8")
    men = fit_study(tmp_path / "study.yaml", tmp_path / "lives.parquet").groups[1]
    error = np.sqrt(men.events) / men.exposure
    assert (np.abs(men.crude - (1 - np.exp(-0.08))) < 4 * error).all()


@pytest.mark.skipif(
    not REAL.is_file(), reason="the data of uslapseagent are not beside the project"
)
def test_the_lapses_of_uslapseagent_are_all_counted_and_graduated(tmp_path):
    """29,317 lives, 11,098 surrenders, 1,284 deaths; durations count quarters of 91 days."""
    study = STUDY.replace("  end: end\n  birth: birth\n", "  lasts: {column: duration, unit: 91}\n")
    study = study.replace("start: start", "start: issue.date").replace("[open]", "[in-force]")
    study = study.replace("column: why", "column: termination.cause").replace("to: 3", "to: 16")
    study = study.replace(
        "{column: sex, is: {F: female, M: male}}", "{column: gender, is: {F: Female, M: Male}}"
    )
    (tmp_path / "study.yaml").write_text(study + "graduate: {order: 2}\n", encoding="utf-8")
    result = fit_study(tmp_path / "study.yaml", REAL)
    assert result.records.rows == 29_317
    assert sum(group.events.sum() for group in result.groups) == 11_098
    lived = float(pd.read_parquet(REAL)["duration"].sum()) * 91 / 365.25
    assert sum(group.exposure.sum() for group in result.groups) == pytest.approx(lived, rel=2e-4)
    for group in result.groups:
        assert group.graduated is not None
        fitted = group.exposure @ group.graduated.rate
        assert fitted == pytest.approx(group.events.sum(), rel=1e-9)
        assert 0.05 < group.rate[0] < 0.11
        assert group.rate[0] > group.rate[4]
