"""`covercast fit` with `kind: severity` as a user runs it: what it writes, what it refuses."""

import csv
import json
import re

import numpy as np
import pytest

from product_factory.nodes import read_nodes
from product_factory.strict import read_as
from sandbox.uncertainty import UNCERTAINTY
from tests.the_command import inside

SPEC = """\
fit: fires
kind: severity
title: {zh: 火灾, en: Fires}
source: made for the tests
losses: {column: paid}
truncated: {column: deductible}
limited: {column: limit}
of: [lognormal, weibull, beta]
tail: {threshold: 300, least: 20}
levels: [90%, 99%]
"""
HEAD = ["paid", "deductible", "limit"]


def fires(size=240):
    """Lognormal losses above a deductible, cut at a limit."""
    random = np.random.default_rng(4)
    rows = []
    while len(rows) < size:
        loss = float(random.lognormal(4.5, 1.1))
        deductible = float(random.choice([0.0, 20.0]))
        if loss > deductible:
            rows.append([round(min(loss, 2000.0), 2), deductible, 2000.0])
    return rows


def write(folder, rows, spec=SPEC, head=HEAD):
    (folder / "fires.yaml").write_text(spec, encoding="utf-8")
    with (folder / "fires.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])


def fit(folder, *more):
    return inside("fit", "fires.yaml", "--data", "fires.csv", "-o", "out", *more, cwd=folder)


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fires")
    rows = fires()
    rows[3][0] = -4.0
    rows[7][0] = 10.0
    rows[7][1] = 20.0
    write(folder, rows)
    return folder, fit(folder)


def test_it_tells_what_was_fitted_and_what_was_left_out(done):
    _, run = done
    assert run.returncode == 1, run.stderr
    assert "Fires: 238 of 240 losses" in run.stdout
    assert "row 4: paid: expected a loss above 0, got -4.0" in run.stdout
    assert "row 8: paid: expected a loss above its truncation, got 10.0" in run.stdout
    assert "beta: expected losses as shares of the sum insured, below 1" in run.stdout
    assert "above 300:" in run.stdout
    assert "90%: value at risk " in run.stdout
    assert max(map(len, run.stdout.splitlines())) <= 80


def test_what_it_writes_is_what_was_told(done):
    folder, _ = done
    out = folder / "out"
    node = read_nodes((out / "severity.yaml").read_text(encoding="utf-8"), "severity.yaml")
    assert str(node["kind"]) == "spliced"
    with (out / "candidates.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = list(dict.fromkeys(row["severity"] for row in rows))
    assert set(names) == {"lognormal", "weibull", "lognormal+tail", "weibull+tail"}
    best = next(name for name in names if name.endswith("+tail"))
    assert str(node["body"]["kind"]) == best.partition("+")[0]
    weight = next(r for r in rows if (r["severity"], r["parameter"]) == (best, "weight"))
    assert float(weight["value"]) == float(str(node["weight"]))
    page = (out / "report.html").read_text(encoding="utf-8")
    assert page.count("data:image/png") == 5
    with (out / "thresholds.csv").open(encoding="utf-8") as file:
        looked = list(csv.DictReader(file))
    known = read_as(UNCERTAINTY, read_nodes((out / "uncertainty.yaml").read_text("utf-8"), "u"))
    assert [(one.kind, one.trust) for one in known] == [("severity", "illustrative")]
    assert 0.0 < known[0].times.error < 0.5
    assert [int(row["losses"]) for row in looked] == sorted(
        (int(row["losses"]) for row in looked), reverse=True
    )
    assert int(looked[-1]["losses"]) == 20


def test_a_chinese_report_tells_the_data_in_chinese(done):
    folder, _ = done
    run = inside(
        *("fit", "fires.yaml", "--data", "fires.csv", "-o", "zh", "--language", "zh"), cwd=folder
    )
    assert run.returncode == 1, run.stderr
    page = (folder / "zh" / "report.html").read_text(encoding="utf-8")
    _, _, rest = page.partition("<h2>数据</h2>")
    told = rest.partition("</table>")[0]
    assert "<td>所用损失数</td><td>238</td>" in told
    assert not re.search("[a-z]{3,}", re.sub("<[^>]*>", "", told))
    assert "row 4: paid: expected a loss above 0" in page


def test_a_stable_threshold_is_chosen_by_the_stated_rule(tmp_path):
    spec = SPEC.replace("threshold: 300", "threshold: stable").replace("weibull, beta", "weibull")
    write(tmp_path, [[row[0]] for row in fires()], _plain(spec), HEAD[:1])
    run = fit(tmp_path, "--json")
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    for place, one in enumerate(told["thresholds"]):
        reach = 1.959963984540054 * one["shape_error"]
        later = told["thresholds"][place + 1 :]
        if all(abs(other["shape"] - one["shape"]) <= reach for other in later):
            assert told["tail"]["threshold"] == one["threshold"]
            return
    pytest.fail("no threshold is stable, and the last always is")


def _plain(spec):
    return "".join(
        line
        for line in spec.splitlines(keepends=True)
        if not line.startswith(("truncated", "limited"))
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[lognormal, weibull", "[lognormle, weibull", "expected "),
        ("threshold: 300", "threshold: high", "expected a number"),
        ("threshold: 300", "threshold: 5000", "tail: expected 3 losses or more above 5000, got 0"),
        ("least: 20", "least: 2", "expected 10 losses or more under 'least', got 2"),
        ("{column: paid}", "{column: payd}", "has no column 'payd'; did you mean 'paid'?"),
        ("[90%, 99%]", "[90%, 100%]", "expected levels between 0% and 100%"),
        ("of: [lognormal, weibull, beta]\n", "of: [beta]\n", "none of the severities can be"),
        ("levels", "bootstrap: 19\nlevels", "expected no loss that has reached its limit"),
    ],
)
def test_a_bad_file_is_told_with_its_place(tmp_path, old, new, says):
    assert old in SPEC
    spec = SPEC.replace(old, new).replace("[lognormal, weibull, beta]", "[lognormal]")
    write(tmp_path, [*fires(60), [2000.0, 0.0, 2000.0]], spec)
    run = fit(tmp_path)
    assert run.returncode == 2, run.stdout
    assert run.stderr.splitlines()[-1].startswith("fires.yaml:")
    assert says in run.stderr
    assert not (tmp_path / "out" / "severity.yaml").exists()
