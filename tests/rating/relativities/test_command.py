"""`covercast fit` with `kind: glm` as a user runs it: what it writes, what it says of bad data."""

import csv
import re

import numpy as np
import pytest

from product_factory.nodes import read_nodes
from product_factory.tables import read_table
from tests.rating.relativities.books import HEAD, STUDY, policies, write
from tests.the_command import inside


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "motor.yaml").write_text(STUDY, encoding="utf-8")
    write(tmp_path, policies())
    return tmp_path


def fit(folder):
    return inside("fit", "motor.yaml", "--data", "lives.csv", "-o", "out", cwd=folder)


def cells(folder, name):
    with (folder / "out" / "tables" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def test_what_is_written_is_what_a_person_would_write(folder):
    run = fit(folder)
    assert run.returncode == 0, run.stderr
    read_nodes((folder / "out" / "rating.yaml").read_text(encoding="utf-8"), "rating.yaml")
    written = (folder / "out" / "tables" / "by_region.csv").read_text(encoding="utf-8")
    read_table(written, "by_region", "by_region.csv")
    assert (folder / "out" / "report.html").stat().st_size > 10_000
    north, south = cells(folder, "by_region")
    assert float(south["frequency"]) == 1.0  # most was lived there
    assert abs(np.log(float(north["frequency"]) * 2.0)) < 4.0 * float(north["frequency_error"])
    young, old = cells(folder, "by_age")
    assert abs(np.log(float(young["frequency"]) / 1.5)) < 4.0 * float(young["frequency_error"])
    assert float(old["frequency"]) == 1.0
    rows = policies()
    assert float(north["exposure"]) == pytest.approx(sum(r[0] for r in rows if r[3] == "N"))
    assert float(north["claims"]) == sum(r[1] for r in rows if r[3] == "N")
    assert float(south["amounts"]) == pytest.approx(sum(r[2] for r in rows if r[3] == "S"))


def test_the_rates_that_are_written_charge_what_was_paid(folder):
    """The tariff worked by hand from the files: over all policies it gives the amounts."""
    assert fit(folder).returncode == 0
    text = (folder / "out" / "rating.yaml").read_text(encoding="utf-8")
    stated = re.findall(r"^  is: (?:frequency \* severity \* )?([0-9.]+)", text, re.MULTILINE)
    frequency, severity, balance = map(float, stated)
    region = {row["region"]: row for row in cells(folder, "by_region")}
    young, old = cells(folder, "by_age")
    charged = 0.0
    for lived, _, _, where, age in policies():
        group = young if age < 30 else old
        parts = (frequency, severity, balance, lived)
        for name in ("frequency", "severity"):
            parts += (float(region[where][name]), float(group[name]))
        charged += float(np.prod(parts))
    assert charged == pytest.approx(sum(row[2] for row in policies()), rel=1e-5)


BAD = (
    (0, -0.5, "exposure: expected an exposure above 0, got -0.5"),
    (2, -1.0, "amount: expected"),
    (3, "", "region: expected a word, got none"),
    (4, "old", "age: expected a number"),
)
"""What is wrong in a column, a row each."""


def test_bad_rows_are_left_out_and_told(folder):
    rows = policies()
    for row, (place, value, _) in zip(rows, BAD, strict=False):
        row[place] = value
    write(folder, rows)
    run = fit(folder)
    assert run.returncode == 1
    for number, (_, _, says) in enumerate(BAD, 1):
        assert f"row {number}: {says}" in run.stdout
    assert run.stdout.count("got ") == len(BAD)
    assert "1,496 of 1,500 policies" in run.stdout


def test_a_column_that_is_not_there_is_told_with_the_nearest(folder):
    write(folder, policies(10), ["exposure", "klaims", *HEAD[2:]])
    run = fit(folder)
    assert run.returncode == 2
    assert "motor.yaml:6:18: columns: lives.csv has no column 'claims'" in run.stderr
    assert "did you mean 'klaims'?" in run.stderr


def test_without_a_claim_there_is_nothing_to_fit(folder):
    write(folder, [[row[0], 0, 0.0, *row[3:]] for row in policies(20)])
    run = fit(folder)
    assert (run.returncode, run.stderr.strip()) == (
        2,
        "lives.csv: no policy has a claim, so there is nothing to fit",
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("region: {}", "region: {base: E}",
         "motor.yaml:9:18: variables.region.base: expected N or S, got E"),
        ("region: {}", "region: {join: {all: [N, X]}}",
         "motor.yaml:9:18: variables.region.join: expected N or S, got X"),
        ("region: {}", "region: {column: same}",
         ("motor.yaml:9:11: models.frequency: region one in every row: "
         "a factor needs two levels; leave it out")),
        ("region: {}", "region: {column: lucky}",
         ("motor.yaml:9:11: models.frequency: region never: no claim among its policies, so its "
         "relativity would be nothing; join it with another level, or take wider bands")),
        ("{bands: [18, 30]}", "{column: always, knots: [18, 30, 80]}",
         ("motor.yaml:12:14: models: the data do not show every effect of 'age': too few points "
         "in use; leave one out, or join levels")),
        ("family: gamma", "family: gamma, by: [regoin]",
         "motor.yaml:13:13: models.severity: unknown variable 'regoin'; did you mean 'region'?"),
        ("family: gamma", "family: gama",
         ("motor.yaml:13:22: models.severity.family: expected poisson, gamma or tweedie, "
         "got gama; did you mean 'gamma'?")),
    ],
)  # fmt: skip
def test_what_cannot_be_fitted_is_told_with_its_place(tmp_path, old, new, says):
    assert old in STUDY
    (tmp_path / "motor.yaml").write_text(STUDY.replace(old, new), encoding="utf-8")
    rows = [[*row, "one", "ever" if row[1] else "never", 40] for row in policies(300)]
    write(tmp_path, rows, [*HEAD, "same", "lucky", "always"])
    run = fit(tmp_path)
    told = [line for line in run.stderr.splitlines() if not line.startswith("...")]
    assert (run.returncode, told) == (2, [says])
