"""`covercast fit` with `kind: development`: what it reads, writes and refuses."""

import json

import pytest
import yaml

from product_factory.tables import read_table
from tests.rating.development.triangles import TAYLOR_ASHE
from tests.the_command import inside

HEAD = """\
fit: motor
kind: development
title: {zh: 车险, en: Motor}
source: Mack's triangle
origin: year
"""
WIDE = HEAD + "ages: [" + ", ".join(f"a{k}" for k in range(1, 11)) + "]\nof: crash.bill\n"
LONG = HEAD + "amount: paid\n"


def wide(rows=TAYLOR_ASHE):
    lines = ["year," + ",".join(f"a{k}" for k in range(1, 11))]
    lines += [
        f"{2001 + place}," + ",".join(str(x) for x in [*row, *[""] * (10 - len(row))])
        for place, row in enumerate(rows)
    ]
    return "\n".join(lines) + "\n"


def cells(rows=TAYLOR_ASHE):
    """Long: (year, age, cumulative, increment)."""
    for place, row in enumerate(rows):
        for age, value in enumerate(row):
            yield 2001 + place, age + 1, value, value - (row[age - 1] if age else 0)


def fit(folder, spec, data, *more):
    (folder / "spec.yaml").write_text(spec, encoding="utf-8")
    (folder / "data.csv").write_text(data, encoding="utf-8")
    return inside("fit", "spec.yaml", "--data", "data.csv", "-o", "out", *more, cwd=folder)


def test_every_way_to_write_a_triangle_gives_the_same(tmp_path):
    """Wide or long, cumulative or increments, by age or by calendar year, payments in parts."""
    ways = {
        "wide": (WIDE, wide()),
        "age": (
            LONG + "age: age\n",
            "year,age,paid\n" + "".join(f"{y},{a},{c}\n" for y, a, c, _ in cells()),
        ),
        "calendar": (
            LONG + "calendar: when\nholds: increments\n",
            "year,when,paid\n"
            + "".join(f"{y},{y + a - 1},{i - 7}\n{y},{y + a - 1},7\n" for y, a, _, i in cells()),
        ),
    }
    told = {}
    for name, (spec, data) in ways.items():
        run = fit(tmp_path, spec, data, "--json")
        assert run.returncode == 0, run.stderr
        told[name] = {k: v for k, v in json.loads(run.stdout).items() if k != "rows"}
    assert told["age"] == told["wide"]
    assert told["calendar"]["error"] == pytest.approx(2447095, abs=0.5)
    assert told["calendar"] == told["wide"]


def test_what_is_written_is_read_again(tmp_path):
    run = fit(tmp_path, WIDE + "last: 3\n", wide())
    assert run.returncode == 0
    said = "claims of 2008 to 2010 are to be multiplied by 3.8053 ± 0.4526"
    assert said in run.stdout
    table = read_table((tmp_path / "out" / "motor.csv").read_text("utf-8"), "motor", "motor.csv")
    assert list(table.columns)[:2] == ["factor", "error"]
    text = (tmp_path / "out" / "experience.yaml").read_text("utf-8")
    source = "Mack's triangle; chain ladder, factors by volume"
    assert yaml.safe_load(text) == {"crash": {"bill": {"development": 3.8053, "source": source}}}
    assert (tmp_path / "out" / "motor.png").read_bytes().startswith(b"\x89PNG")
    rows = (tmp_path / "out" / "ultimates.csv").read_text("utf-8").splitlines()
    assert rows[0] == "origin,age,known,ultimate,to_come,error"
    assert rows[-1].startswith("2010,1,344014,4969824.69,4625810.69,1363154.91")


def test_a_fall_is_looked_at_and_does_not_stop(tmp_path):
    rows = [[100, 150, 140], [100, 150], [100]]
    data = "year,age,paid\n" + "".join(f"{y},{a},{c}\n" for y, a, c, _ in cells(rows))
    run = fit(tmp_path, LONG + "age: age\n", data)
    assert run.returncode == 1
    assert "look: claims of 2001 fall at age 3: from 150 to 140" in run.stdout


def test_years_without_a_payment_are_zero_where_that_is_said(tmp_path):
    data = "year,age,paid\n2001,1,10\n2001,3,5\n2002,1,10\n2002,2,4\n2003,1,8\n"
    spec = LONG + "age: age\nholds: increments\n"
    run = fit(tmp_path, spec, data)
    assert run.returncode == 2
    assert "a hole: nothing of 2001 at age 2" in run.stderr
    assert "say 'missing: zero'" in run.stderr
    run = fit(tmp_path, spec + "missing: zero\n", data, "--json")
    assert run.returncode == 0
    assert json.loads(run.stdout)["factors"][0]["factor"] == pytest.approx(24 / 20)


def test_years_that_are_filled_whole_are_looked_at(tmp_path):
    """A slip of one row's year would else make diagonals without a claim."""
    data = "year,age,paid\n2001,1,10\n2001,2,5\n2003,1,10\n2004,3,1\n"
    spec = LONG + "age: age\nholds: increments\nmissing: zero\nmethod: cape_cod\nexposure: due\n"
    data = "\n".join(f"{row},{'due' if k == 0 else 9}" for k, row in enumerate(data.split()))
    run = fit(tmp_path, spec, data.replace("2003,1,10,9", "2003,1,10,9\n2002,5,1,9") + "\n")
    assert run.returncode == 1, run.stderr
    assert "look: no row is of the calendar year 2004" in run.stdout
    assert "look: no row is of the calendar year 2005" in run.stdout
    run = fit(tmp_path, LONG + "age: age\nholds: increments\nmissing: zero\n",
              "year,age,paid\n2001,1,10\n2001,2,5\n2001,3,1\n2003,1,4\n")  # fmt: skip
    assert run.returncode == 2
    assert "2002 has no claims yet at age 2, which no factor can grow" in run.stderr
    spec = LONG + "age: age\nholds: increments\nmissing: zero\nlast: 1\n"
    run = fit(tmp_path, spec, "year,age,paid\n2001,1,10\n2001,2,5\n2001,3,1\n2003,1,4\n")
    assert run.returncode == 1, run.stderr
    assert "look: no row is of the year of origin 2002" in run.stdout
    assert "look: 2002 has no claims yet at age 2, which no factor can grow" in run.stdout


def test_an_error_that_is_not_known_is_not_written(tmp_path):
    run = fit(tmp_path, LONG + "age: age\n", THREE)
    assert run.returncode == 0, run.stderr
    table = read_table((tmp_path / "out" / "motor.csv").read_text("utf-8"), "motor", "motor.csv")
    assert list(table.columns) == ["factor", "years", "to_ultimate", "developed"]
    rows = (tmp_path / "out" / "ultimates.csv").read_text("utf-8").splitlines()
    assert [row.rpartition(",")[2] for row in rows] == ["error", "0", ""]


def test_a_row_without_exposure_is_left_out_of_the_claims_too(tmp_path):
    spec = LONG + "age: age\nmethod: cape_cod\nexposure: due\n"
    rows = ["2001,1,10,9", "2001,2,15,9", "2002,1,12,9", "2002,2,16,9", "2003,1,11,9"]
    whole = "year,age,paid,due\n" + "\n".join([*rows, "2003,2,20,none"]) + "\n"
    run = fit(tmp_path, spec, whole, "--json")
    assert run.returncode == 1, run.stderr
    assert json.loads(run.stdout)["years"][-1]["age"] == 1


def test_a_tail_without_error_is_looked_at(tmp_path):
    run = fit(tmp_path, LONG + "age: age\ntail: {factor: 1.02}\n", THREE)
    assert run.returncode == 1
    assert "look: the tail of 1.02 is taken as known; state its error" in run.stdout
    run = fit(tmp_path, LONG + "age: age\ntail: {factor: 1.02, error: 0.01}\n", THREE)
    assert run.returncode == 0


@pytest.mark.parametrize("method", ["cape_cod", "bornhuetter_ferguson"])
def test_exposure_tells_what_years_come_to(tmp_path, method):
    rows = [[100, 150, 160], [90, 150], [110]]
    data = "year,age,paid,premium\n" + "".join(
        f"{y},{a},{c},{1000 * (y - 2000)}\n" for y, a, c, _ in cells(rows)
    )
    spec = LONG + f"age: age\nexposure: premium\nmethod: {method}\n"
    spec += "expected: 10%\n" if method == "bornhuetter_ferguson" else ""
    run = fit(tmp_path, spec, data, "--json")
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    first, second = 300 / 190, 160 / 150
    developed = [1.0, 1 / second, 1 / second / first]
    latest, premium = [160, 150, 110], [1000, 2000, 3000]
    ratio = 0.1
    if method == "cape_cod":
        ratio = sum(latest) / sum(p * d for p, d in zip(premium, developed, strict=True))
    ends = [x + (1 - d) * p * ratio for x, d, p in zip(latest, developed, premium, strict=True)]
    assert [year["ultimate"] for year in told["years"]] == pytest.approx(ends, rel=1e-12)
    assert told["expected"] == pytest.approx(ratio)
    assert told["error"] is None


THREE = "year,age,paid\n2001,1,10\n2001,2,15\n2002,1,12\n"


def test_a_cell_given_twice_is_told_and_left_out(tmp_path):
    run = fit(tmp_path, LONG + "age: age\n", THREE + "2001,2,16\n")
    assert run.returncode == 1
    assert "row 4: age" in run.stdout


@pytest.mark.parametrize(
    ("spec", "data", "said"),
    [
        ("age: age", "year,age,paid\n2001,1,10\n2001,2,15\n", "two years of origin and two ages"),
        ("age: age", "year,age,paid\n2001,1,10\n2002,1,15\n", "got 2 and 1"),
        ("age: age", THREE + "2004,1,9\n", "a hole: nothing of 2002 at age 2"),
        ("age: age", THREE.replace(",12", ",-12"), "0 or more, got -12 of 2002 at age 1"),
        (
            "age: age\nholds: increments",
            THREE.replace(",15", ",-15"),
            "0 or more, got -5 of 2001 at age 2",
        ),
        (
            "age: age\nholds: increments\nmissing: zero",
            THREE + "2001,2,many\n",
            "every row of increments, since what one adds would be lost; row 4",
        ),
        ("age: age\nmissing: zero", THREE, "'missing: zero' goes with 'holds: increments'"),
        (
            "age: age",
            THREE.replace(",12", ",0"),
            "2002 has no claims yet at age 1, which no factor can grow; use bornhuetter_ferguson",
        ),
        ("age: age", THREE.replace(",10", ",1e-3"), "a development above 0, at most 100, got"),
        ("age: age", THREE.replace(",15", ",1e38").replace(",10", ",1e-38"), "at most 100, got"),
        ("age: age", THREE.replace(",12", ",many"), "row 3 was left out: paid: expected a number"),
        ("age: age", THREE.replace("2002,1", "x,1"), "row 3 was left out: year"),
        (
            "age: age",
            THREE.replace(",10", ",0").replace(",12", ",0"),
            "data.csv: age 1: all claims are 0",
        ),
        ("calendar: age", THREE, "two years of origin"),
        ("age: agee", THREE, "has no column 'agee'; did you mean 'age'"),
        ("age: age\nlast: 3", THREE, "at most the 2 years"),
        ("age: age\nlast: 0", THREE, "1 or more under 'last'"),
        ("age: age\ncalendar: c", THREE, "one of 'age' and 'calendar'"),
        ("age: age\nmethod: cape_cod", THREE, "'exposure' goes with"),
        ("age: age\nmethod: cape_code", THREE, "cape_cod"),
        ("age: age\ntail: {factor: 1.1, curve: exponential}", THREE, "one of 'factor' and 'curve'"),
        ("age: age\ntail: {factor: 30}", THREE, "from 0.5 to 10, got 30"),
        ("age: age\ntail: {curve: exponential}", THREE, "two factors above 1, got 1"),
    ],
)
def test_bad_input_is_told(tmp_path, spec, data, said):
    run = fit(tmp_path, LONG + spec + "\n", data)
    assert run.returncode == 2
    assert said in run.stderr
    assert "Warning" not in run.stderr
