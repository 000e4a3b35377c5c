"""A contract on two lives through every verb of the command line, and the law of the simulation."""

import json
import shutil

import numpy as np
import pytest

from product_factory.shelf import installed
from sandbox.laws.long_term import SHARE, law_one_long_term
from sandbox.laws.profiles import profiles
from tests.rating.lives.joint_shelf import B, C, assembled, write
from tests.the_command import inside

A = 0.00022
V = 1 / 1.05
NARROW = [
    ("  age: {type: age, min: 30, max: 80}", "  age: {type: age, min: 62, max: 63}"),
    ("second_age: {type: age, min: 30, max: 80}", "second_age: {type: age, min: 56, max: 57}"),
]
RISK = ["age=62", "sex=M", "second_age=57", "second_sex=F", "pay=5", "sum_insured=10000"]
GIVEN = [word for one in RISK for word in ("--set", one)]
POLICY = "{start: 2026-03-01, age: 62, sex: M, second_age: 57, second_sex: F, pay: 5, "
POLICY += "sum_insured: 10000, premium: 500}"
CLAIM = f"""\
policy: {POLICY}
events:
  - {{date: 2028-06-01, event: two_lives.first_death, marks: {{cause: illness}}}}
  - {{date: 2030-06-01, event: two_lives.last_second, marks: {{cause: illness}}}}
"""
GOLDEN = f"""\
- name: two deaths
  policy: {POLICY}
  events:
    - {{date: 2026-05-05, event: two_lives.both_deaths, marks: {{cause: illness}}}}
  expect:
    - {{date: 2026-03-01, cover: together, amount: "10000.00"}}
    - {{date: 2026-05-05, cover: first_to_die, amount: "10000.00"}}
    - {{date: 2026-05-05, cover: last_to_die, amount: "10000.00"}}
  after: ended
  working: the annuity of the first day, then both insurances
"""


def by_hand(x, y, pay):
    """The net rate per 1,000: what is paid over the premiums that fall due while both live."""

    def alive(age):
        years = np.arange(131 - age + 1.0)
        lives = np.exp(-A * years - B * C**age * (C**years - 1) / np.log(C))
        return np.concatenate([np.where(years + age <= 130, lives, 0.0), np.zeros(100)])[:100]

    v, first, second = V ** np.arange(100.0), alive(x), alive(y)
    a_x, a_y, a_xy = (v * first).sum(), (v * second).sum(), (v * first * second).sum()
    worth = a_xy + (a_x - a_xy) + 0.6 * (a_y - a_xy)
    worth += 1 - (1 - V) * a_xy + 1 - (1 - V) * (a_x + a_y - a_xy)
    return 1000 * worth / (v * first * second)[:pay].sum()


def quoted(name, x, y, pay):
    given = f"{{age: {x}, sex: M, second_age: {y}, second_sex: F, pay: {pay}, sum_insured: 10000}}"
    return f"""\
- name: {name}
  date: 2026-03-01
  given: {given}
  expect: {{net_rate: "{by_hand(x, y, pay):.6f}"}}
  source: by_hand of this test
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    ages = [("low: 55, mode: 60, high: 70", "low: 62, mode: 62, high: 63")]
    ages.append(("low: 50, mode: 58, high: 70", "low: 56, mode: 57, high: 57"))
    root = write(tmp_path_factory.mktemp("verbs"), product=NARROW, portfolio=ages)
    shutil.copytree(installed() / "rules", root / "rules")
    quotes = [("one", 62, 57, 5), ("two", 63, 56, 1), ("three", 62, 56, 10)]
    folder = root / "joint_annuity"
    (folder / "quotes.yaml").write_text("".join(quoted(*one) for one in quotes), "utf-8")
    (folder / "claims.yaml").write_text(GOLDEN, "utf-8")
    gate = "- {name: value, figure: new_business_value, measure: {kind: mean}, at_least: -1}\n"
    (folder / "gates.yaml").write_text(gate, "utf-8")
    (root.parent / "claim.yaml").write_text(CLAIM, "utf-8")
    for verb in ("build", "lock"):
        run = inside(verb, "joint_annuity", "--shelf", str(root))
        assert run.returncode == 0, run.stderr
    return root


def run(root, verb, *arguments):
    done = inside(verb, "joint_annuity", "--shelf", str(root), *arguments, cwd=root.parent)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("verb", "arguments", "says"),
    [
        ("show", ("--graph", "states"), "while two_lives.both: premiums fall due"),
        ("quote", (*GIVEN, "--explain"), "(age 62, M, second_age 57, F, 5)"),
        ("claim", ("--events", "claim.yaml"), "paid 62,000.00, after: ended"),
        ("value", ("--start", "2026-03-01", "--on", "2028-05-05", *GIVEN), "cash value"),
        ("project", GIVEN, "pols_if"),
        ("profit", GIVEN, "mortality"),
        ("tables", ("-o", "rates.xlsx"), "premiums: 48 rows"),
        ("word", ("-o", "clause.docx"), "figures traced"),
        ("simulate", ("--years", "20", "--seed", "1", "-o", "run"), "20 run-offs"),
    ],
)
def test_a_verb_knows_two_lives(root, verb, arguments, says):
    assert says in run(root, verb, *arguments)


def test_check_finds_only_what_the_test_s_interest_and_expenses_break(root):
    done = inside("check", "joint_annuity", "--shelf", str(root), "--format", "json")
    found = json.loads(done.stdout)["findings"]
    errors = {one["rule"] for one in found if one["severity"] == "error"}
    assert errors == {"cn/expense_structure", "cn/pricing_rate"}, done.stdout


def test_the_price_is_the_mean_of_the_simulation_for_every_cover(root):
    product = assembled(root)
    bases = [product.bases["pricing"], product.bases["best_estimate"]]
    found = law_one_long_term(product, bases, profiles(product), 20260301)
    assert {law.group[0] for law in found} >= {*product.covers} - {"surrender"}
    assert len({law.profile for law in found}) == len(profiles(product)) >= 3
    for law in found:
        assert law.error <= SHARE * law.expected, str(law)
        assert abs(law.expected - law.simulated) <= 4.0 * law.error, str(law)
        if law.expected:
            wrong = law.expected * 1.03
            assert abs(wrong - law.simulated) > 4.0 * law.error, str(law)
