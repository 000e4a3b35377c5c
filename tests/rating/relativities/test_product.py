"""A fit as a whole product: it is checked, quoted, rated, filed, and its price is its mean."""

import csv
import json

import numpy as np
import pytest

import cli
from product_factory.assemble import assemble
from product_factory.shelf import Shelf
from rating.engines.collective.payments import expected_payments
from rating.tariff_tables import tariff_tables
from sandbox.laws.annual import law_one_annual
from sandbox.laws.profiles import profiles
from tests.rating.relativities.books import HEAD, STUDY, policies, write
from tests.the_command import inside

SOLD = (
    "product: {product: car, line: motor, jurisdiction: EU, currency: EUR, effective: 2026-01-01}\n"
)
PLAIN = STUDY + SOLD
COMPOUND = (
    PLAIN.replace("  frequency: {family: poisson}\n  severity: {family: gamma}\n",
                  "  cost: {family: tweedie, power: 1.6, interactions: [[region, age]]}\n")
    .replace("[frequency, severity]", "[cost], pro_rata: yes")
)  # fmt: skip
STUDIES = {"frequency and severity": PLAIN, "one Tweedie": COMPOUND}


@pytest.fixture(scope="module", params=STUDIES)
def shelf(request, tmp_path_factory):
    """A folder with the data, and a shelf `my` that the fit wrote."""
    folder = tmp_path_factory.mktemp("fit")
    (folder / "motor.yaml").write_text(STUDIES[request.param], encoding="utf-8")
    write(folder, policies())
    run = inside("fit", "motor.yaml", "--data", "lives.csv", "-o", "my", cwd=folder)
    assert run.returncode == 0, run.stderr
    return folder


def car(folder):
    return assemble(Shelf((folder / "my").resolve()), "car", cli.language(), None)


def test_it_passes_every_check(shelf):
    run = inside("check", "car", "--shelf", "my", cwd=shelf)
    assert (run.returncode, run.stdout + run.stderr) == (
        0,
        "car 1.0.0 on 2026-01-01: no findings\n",
    )


def test_the_price_is_what_the_assumptions_cost(shelf):
    """Engine and steps read the same relativities on two ways: E of the basis is the premium."""
    product = car(shelf)
    for quote, profile in zip(product.files["quotes"], profiles(product), strict=True):
        columns = {name: np.array([value]) for name, value in profile.values.items()}
        cost = expected_payments(product, product.bases["pricing"], columns)
        assert cost.value[0] == pytest.approx(float(quote.expect["payable"]), abs=0.005001)


@pytest.mark.prove
def test_the_price_is_the_mean_of_the_simulation(shelf):
    product = car(shelf)
    bases = [product.bases["pricing"]]
    for law in law_one_annual(product, bases, profiles(product), 5, threads=2):
        assert law.holds, str(law)
        assert law.sharp, str(law)


def test_its_own_book_is_rated_to_the_amounts_paid(shelf):
    keep = [word for name in ("claims", "amount") for word in ("--keep", name)]
    if "pro_rata" not in (shelf / "motor.yaml").read_text(encoding="utf-8"):
        keep += ["--keep", "exposure"]
    run = inside("rate", "car", "lives.csv", "-o", "out.csv", "--shelf", "my", *keep, cwd=shelf)
    assert run.returncode == 0, run.stderr
    assert "rows 1,500, rated 1,500" in run.stdout
    with (shelf / "out.csv").open(encoding="utf-8", newline="") as file:
        rated = list(csv.DictReader(file))
    # a tariff of yearly premiums charges what was paid over the years that were lived
    charged = [float(row["payable"]) * float(row.get("exposure", 1.0)) for row in rated]
    paid = sum(row[2] for row in policies())
    assert sum(charged) == pytest.approx(paid, rel=1e-4)


def test_a_level_that_the_fit_never_saw_is_rejected_at_rating(shelf):
    rows = policies(3)
    rows[1][3] = "W"
    rows[2][4] = 17
    with (shelf / "new.csv").open("w", encoding="utf-8") as file:
        file.write("\n".join(",".join(map(str, row)) for row in (HEAD, *rows)) + "\n")
    keep = [word for name in ("claims", "amount") for word in ("--keep", name)]
    if "exposure" not in car(shelf).variables:
        keep += ["--keep", "exposure"]
    run = inside("rate", "car", "new.csv", "-o", "few.csv", "--shelf", "my", *keep, cwd=shelf)
    assert run.returncode == 1
    assert "rated 1," in run.stdout
    young = "应为不小于 18，实为 17；是否应为 18？"
    told = (shelf / "few.csv.rejects.csv").read_text(encoding="utf-8").splitlines()
    assert told[1:] == [
        '2,region,W,"expected N or S, got W",N or S,,应为 N 或 S，实为 W',
        '3,age,17,"expected 18 or more, got 17",18 or more,18,' + young,
    ]


def test_its_tables_are_filed_as_they_are_written(shelf):
    tables = {table.name: table for table in tariff_tables(car(shelf))}
    tariff = tables.pop("tariff")
    looked_up = {how.partition(".")[0] for _, kind, how in tariff.rows if kind == "lookup"}
    assert set(tables) == looked_up
    for name, table in tables.items():
        text = (shelf / "my" / "car" / "tables" / f"{name}.csv").read_text(encoding="utf-8")
        body = [line for line in text.splitlines() if not line.startswith("#")]
        assert [",".join(row) for row in (table.columns, *table.rows)] == body
        assert car(shelf).digest in table.note
    run = inside("tables", "car", "-o", "car.xlsx", "--shelf", "my", cwd=shelf)
    assert run.returncode == 0, run.stderr


def test_fitting_again_leaves_what_a_person_changed_outside_of_the_product(shelf):
    rule = next((shelf / "my" / "rules").rglob("*.yaml"))
    changed = (rule, shelf / "my" / "modules" / "motor" / "car.yaml")
    for path in changed:
        path.write_text(path.read_text(encoding="utf-8") + "# ours\n", encoding="utf-8")
    (shelf / "my" / "car" / "rating.yaml").unlink()
    run = inside("fit", "motor.yaml", "--data", "lives.csv", "-o", "my", "--json", cwd=shelf)
    assert json.loads(run.stdout)["fit"] == "motor"
    assert all(path.read_text(encoding="utf-8").endswith("# ours\n") for path in changed)
    assert (shelf / "my" / "car" / "rating.yaml").is_file()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("  region: {}", "  payable: {column: region}",
         "expected a name that a tariff does not use itself, got payable"),
        ("  region: {}", "  frequency: {column: region}",
         "the step 'frequency' would have the name of a variable; rename it"),
        ("  region: {}", "  frequency_age: {column: region}",
         "the step 'frequency_age' would have the name of a variable; rename it"),
        ("  severity: {family: gamma}", "  severity: {family: gamma, offset: severity_region}",
         "the step 'severity_region' would have the name of an offset; rename it"),
        ("premium: {of: [frequency, severity]}\n", "",
         "a product charges a premium; say under 'premium' of which models"),
        ("product: car", "product: rules",
         "expected a name that no folder of a shelf has, got rules"),
        ("currency: EUR", "curency: EUR", "unknown key 'curency'; did you mean 'currency'?"),
    ],
)  # fmt: skip
def test_what_would_make_no_product_is_told_with_its_place(tmp_path, old, new, says):
    assert old in PLAIN
    (tmp_path / "motor.yaml").write_text(PLAIN.replace(old, new), encoding="utf-8")
    write(tmp_path, policies(300))
    run = inside("fit", "motor.yaml", "--data", "lives.csv", "-o", "my", cwd=tmp_path)
    assert run.returncode == 2
    assert says in run.stderr
    assert run.stderr.strip().splitlines()[-1].startswith("motor.yaml:")
