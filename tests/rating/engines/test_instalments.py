"""Payments while alive, from the language to the engine, against sums written out."""

import csv
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from product_factory.due import Due
from product_factory.errors import BadInput
from product_factory.module import Module
from product_factory.nodes import read_nodes
from product_factory.shelf import installed
from product_factory.strict import read
from rating.engines.multistate import Cells, annuity, model, pv_claims, reserves
from rating.engines.multistate.moves import chained
from rating.engines.multistate.project import occupancy, present_value, thiele_residual, values
from rating.engines.multistate.unknowns import bound
from rating.engines.multistate.value import discount, net_premium
from rating.projection import project
from tests.product_factory.shelves import FILES, altered, made

SOLD, BASES, TABLE = "short_life/product.yaml", "short_life/bases.yaml", "tables/death_rate.csv"
RATE = 0.035
ALIVE = "  - {use: life/alive@^1, as: alive}"


@cache
def cl(sex):
    with (installed() / "tables/cl_2010_2013.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(line for line in file if not line.startswith("#")))[1:]
    return [float(rate) for _, of, rate in rows if of == sex]


def shelf(due, amount="sum_insured", *, event="", step="year", where=""):
    """The small shelf's life product on the published table, with payments while alive."""
    files = altered(
        SOLD,
        ("of: [3, 5, to 60]", "of: [20]"),
        ("of: [1, 3, 5]", "of: [1, 20]"),
        ("waiting: 90 days}}", f"waiting: 0 days}}}}\n{ALIVE}"),
    )
    rows = [f"{x},{x + 1},{sex},{q!r}" for sex in "MF" for x, q in enumerate(cl(sex))]
    text = FILES[BASES].split("  expenses")[0].replace("2.0%", "3.5%")
    listens = f"  event: {event}\n" if event else ""
    return files | {
        TABLE: FILES[TABLE].split("18,40")[0] + "\n".join(rows),
        BASES: f"{text}  grid: {{step: {step}}}\n  risk:\n    mortality: "
        "{death: death_rate, cause: {illness: 100%}}\n",
        "modules/life/alive.yaml": "module: life/alive\nversion: 1.0.0\n"
        f"title: {{zh: 生存, en: Alive}}\nkind: scheduled\npays:\n  while: alive\n{listens}"
        f"  due: {due}\n{where}  amount: {amount}\n",
    }


def cells(*rows):
    """Rows of age, sex (0 for M), pay (its place) and sum insured, all for the only term."""
    names = ("age", "sex", "pay", "sum_insured", "term")
    columns = zip(*((*row, 0.0) for row in rows), strict=True)
    return Cells({n: np.array(c, float) for n, c in zip(names, columns, strict=True)})


def on(tmp_path, files, *rows):
    product = made(tmp_path, "short_life", files)
    return bound(product, product.bases["pricing"], cells(*rows))


def survival(age, sex, steps, per_year=1):
    """Chance of being alive at each time; within a year a constant force."""
    alive, found = 1.0, [1.0]
    for k in range(steps):
        q = cl(sex)[age + k // per_year]
        alive *= (1.0 - q) ** (1.0 / per_year)
        found.append(alive)
    return found


@pytest.mark.parametrize(("sex", "endowment"), [("M", "34.893875"), ("F", "34.469813")])
def test_the_endowment_of_the_chinese_table_is_the_published_one(tmp_path, sex, endowment):
    """Issue 5, acceptance: at 30, 20 years, 3.5%, per 1,000, death at the year's end and maturity
    at the end of the term, 20 premiums: an endowment written as a product.
    """
    at = on(tmp_path, shelf("{once: term}"), (30, "MF".index(sex), 1, 1_000.0))
    assert f"{net_premium(at)[0]:.6f}" == endowment


def worth(age, sex, months, amounts=None, per_year=1):
    """Sum of v^t × chance of being alive over due dates in months."""
    alive = survival(age, sex, 20 * per_year, per_year)
    paid = amounts or [1.0] * len(months)
    return sum(
        a * alive[m * per_year // 12] * (1 + RATE) ** (-m / 12)
        for m, a in zip(months, paid, strict=True)
    )


@pytest.mark.parametrize(
    ("due", "months"),
    [
        ("{every: year}", range(0, 240, 12)),
        ("{every: year, at: end}", range(12, 241, 12)),
        ("{every: 3 years, at: end}", range(36, 240, 36)),
        ("{every: 3 years}", range(0, 240, 36)),
        ("{every: year, from: 5 years, until: 12 years}", range(60, 144, 12)),
        ("{every: year, at: end, from: 5 years, until: 12 years}", range(72, 145, 12)),
        ("{every: year, from: {age: 40}, until: {age: 45}}", range(120, 180, 12)),
        ("{once: 10 years}", [120]),
        ("{once: {age: 45}}", [180]),
        ("{once: term}", [240]),
        ("{once: 0 years}", [0]),
        ("{once: 30 years}", []),
    ],
)
def test_what_falls_due_is_worth_the_sum_over_its_dates(tmp_path, due, months):
    at = on(tmp_path, shelf(due), (30, 0, 1, 1.0))
    wanted = worth(30, "M", months)
    assert pv_claims(at)["alive"][0] == pytest.approx(wanted, rel=1e-13)
    chain = chained(at)
    assert present_value(chain, "alive")[0] == pytest.approx(wanted, rel=1e-13)
    assert project(at, np.zeros(1)).net_cf[0] @ discount(at)[:-1] == pytest.approx(
        -wanted - pv_claims(at)["death"][0], rel=1e-12
    )


@pytest.mark.parametrize(
    ("every", "months"), [("month", 1), ("quarter", 3), ("half_year", 6), ("year", 12)]
)
@pytest.mark.parametrize("side", ["start", "end"])
def test_on_a_grid_of_months_instalments_within_the_year_are_held(tmp_path, every, months, side):
    due = f"{{every: {every}, at: {side}, from: 2 years, until: 4 years}}"
    at = on(tmp_path, shelf(due, step="month"), (30, 1, 1, 1.0))
    dates = range(24, 48, months) if side == "start" else range(24 + months, 49, months)
    wanted = worth(30, "F", dates, per_year=12)
    assert pv_claims(at)["alive"][0] == pytest.approx(wanted, rel=1e-12)


CHOSEN = "{every: [{when: {pay: 1}, is: 1 / 12}, {otherwise: 1}], at: %s}"
TWELFTH = "[{when: {pay: 1}, is: sum_insured / 12}, {otherwise: sum_insured}]"


@pytest.mark.parametrize("side", ["start", "end"])
def test_the_customer_chooses_whether_it_is_paid_by_month_or_by_year(tmp_path, side):
    """年领 or 月领: one product, each policy by its own choice (here that of a single premium)."""
    files = shelf(CHOSEN % side, TWELFTH, step="month")
    at = on(tmp_path, files, (30, 0, 0, 1.0), (30, 0, 1, 1.0))
    after = 0 if side == "start" else 1
    for cell, every in enumerate((1, 12)):
        dates = range(after * every, 240 + after, every)
        wanted = worth(30, "M", dates, [every / 12] * len(dates), per_year=12)
        assert pv_claims(at)["alive"][cell] == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize(
    ("amount", "of_year"),
    [
        ("sum_insured * (policy_year / term)", lambda year: year / 20),
        ("sum_insured * ((21 - policy_year) / term)", lambda year: (21 - year) / 20),
        ("sum_insured * 1.03 ^ (policy_year - 1)", lambda year: 1.03 ** (year - 1)),
        ("premiums_paid * 10%", lambda year: 0.1 * 7.0 * min(year, 20)),
        ("sum_insured * ((attained_age - age) / term)", lambda year: (year - 1) / 20),
    ],
)
@pytest.mark.parametrize("side", ["start", "end"])
def test_amounts_are_those_of_the_policy_year_that_the_payment_is_for(
    tmp_path, amount, of_year, side
):
    product = made(tmp_path, "short_life", shelf(f"{{every: year, at: {side}}}", amount))
    at = model(product, product.bases["pricing"], cells((30, 0, 1, 1.0)), np.array([7.0]))
    dates = range(0, 240, 12) if side == "start" else range(12, 241, 12)
    wanted = worth(30, "M", dates, [of_year(year) for year in range(1, 21)])
    assert pv_claims(at)["alive"][0] == pytest.approx(wanted, rel=1e-13)


def test_premiums_are_returned_to_those_who_live_to_the_end(tmp_path):
    """At the end of the term all premiums have been paid, not one more."""
    product = made(tmp_path, "short_life", shelf("{once: term}", "premiums_paid"))
    at = model(product, product.bases["pricing"], cells((30, 0, 1, 1.0)), np.array([0.5]))
    wanted = 20 * 0.5 * worth(30, "M", [240])
    assert pv_claims(at)["alive"][0] == pytest.approx(wanted, rel=1e-13)


GUARANTEED = "{{every: {every}, at: {side}, from: 5 years, guaranteed: {years} years}}"


@pytest.mark.parametrize(("every", "months"), [("year", 12), ("2 years", 24)])
@pytest.mark.parametrize("side", ["start", "end"])
@pytest.mark.parametrize("years", [0, 6, 10])
def test_a_death_within_the_guarantee_brings_the_rest_in_one_sum(
    tmp_path, every, months, side, years
):
    """Written out: who dies in year k + 1, from the guarantee's start on, leaves all guaranteed
    payments of time k + 1 and later, paid at the year's end; before its start nothing.
    """
    due = GUARANTEED.format(every=every, side=side, years=years)
    at = on(tmp_path, shelf(due, event="mortality.death"), (30, 0, 1, 1.0))
    dates = (
        list(range(60, 240, months)) if side == "start" else list(range(60 + months, 241, months))
    )
    held = [m for m in dates if (m < 60 + 12 * years if side == "start" else m <= 60 + 12 * years)]
    alive = survival(30, "M", 20)
    rest = sum(
        (alive[k] - alive[k + 1]) * (1 + RATE) ** -(k + 1) * sum(m >= 12 * (k + 1) for m in held)
        for k in range(5, 20)
    )
    assert pv_claims(at)["alive"][0] == pytest.approx(worth(30, "M", dates) + rest, rel=1e-13)
    assert (rest > 0.0) == (years > 0)


def test_backward_is_forward_and_the_reserve_holds_what_falls_due_that_day(tmp_path):
    """The value at issue is the present value, that at the end is the payment of that day."""
    due = GUARANTEED.format(every="year", side="end", years=10)
    at = on(tmp_path, shelf(due, event="mortality.death"), (30, 0, 1, 1.0), (41, 1, 0, 2.0))
    single = sum(pv_claims(at).values())
    np.testing.assert_allclose(reserves(at, np.zeros((2, 20)))[:, 0], single, rtol=1e-13)
    net = (single / annuity(at))[:, None] * np.ones((2, 20))
    held = reserves(at, net)
    np.testing.assert_allclose(held[:, 0], 0.0, atol=1e-10)
    np.testing.assert_allclose(held[:, 20], [1.0, 2.0])
    chain = chained(at)
    stream = chain.stream("alive")
    value = values(chain, stream)
    assert thiele_residual(chain, stream, value) < 1e-10 * np.abs(value).max()
    alive = occupancy(chain)[:, :, 0]
    assert alive.shape == (2, 21)


def test_conditions_on_the_policy_say_who_is_paid(tmp_path):
    files = shelf("{every: year}", where="  where: {sex: F}\n")
    at = on(tmp_path, files, (30, 0, 1, 1.0), (30, 1, 1, 1.0))
    paid = pv_claims(at)["alive"]
    assert paid[0] == 0.0
    assert paid[1] == pytest.approx(worth(30, "F", range(0, 240, 12)), rel=1e-13)


def test_an_annuity_for_life_runs_to_the_end_of_the_table(tmp_path):
    files = shelf("{every: year, from: {age: 60}}")
    files[SOLD] = files[SOLD].replace("term: offered, pay", "term: life, pay")
    files[SOLD] = files[SOLD].replace("  term: {type: years, of: [20]}\n", "")
    files[SOLD] = files[SOLD].replace("require: pay <= term", "require: pay <= 20")
    product = made(tmp_path, "short_life", files)
    risk = Cells({n: np.array([v]) for n, v in
                  {"age": 30.0, "sex": 0.0, "pay": 1.0, "sum_insured": 1.0}.items()})  # fmt: skip
    at = bound(product, product.bases["pricing"], risk)
    alive, total = 1.0, 0.0
    for t in range(106 - 30):
        total += alive * (1 + RATE) ** -t if t >= 30 else 0.0
        alive *= 1.0 - cl("M")[30 + t]
    assert pv_claims(at)["alive"][0] == pytest.approx(total, rel=1e-13)


AT = "at age 30, sex M, pay 20, sum_insured 1, term 20"
BEFORE = "expected whole years from the start on, got"
GRID = "the basis 'pricing' has steps of a year, and 'alive' falls due every"
PERIOD = "expected a month, a quarter, half a year or a whole number of years"
REFUSED = {
    "{every: month}": f"pricing.grid.step: {GRID} month; write grid: {{step: month}}",
    "{every: quarter}": f"pricing.grid.step: {GRID} 3 months; write grid: {{step: month}}",
    "{every: year, from: {age: 29}}": f"covers.alive.due.from: {BEFORE} -1 {AT}",
    "{every: year, until: 2.5}": f"covers.alive.due.until: {BEFORE} 2.5 {AT}",
    "{every: year, from: term / (age / term - 1.5)}": f"covers.alive.due.from: {BEFORE} inf {AT}",
    "{once: 0 * term / (age / term - 1.5)}": f"covers.alive.due.once: {BEFORE} nan {AT}",
    "{every: 1 / 0}": f"covers.alive.due.every: {PERIOD}, got inf years {AT}",
    "{every: 1.5}": f"covers.alive.due.every: {PERIOD}, got 1.5 years {AT}",
    "{every: year, from: policy_year}": "covers.alive.due.from: expected a time that stands when "
    "the contract begins, got one that moves",
}


@pytest.mark.parametrize(("due", "said"), REFUSED.items())
def test_a_due_date_that_the_grid_cannot_hold_is_told(tmp_path, due, said):
    with pytest.raises(BadInput) as caught:
        on(tmp_path, shelf(due), (30, 0, 1, 1.0))
    problem = caught.value.problems[0]
    assert f"{problem.path}: {problem.text}" == said
    assert problem.at.line > 0


@pytest.mark.parametrize("years", ["-1", "2.5", "1 / 0"])
def test_a_guarantee_is_of_whole_years(tmp_path, years):
    files = shelf(f"{{every: year, guaranteed: {years}}}", event="mortality.death")
    with pytest.raises(BadInput, match=r"due\.guaranteed: expected 0 or more whole years, got"):
        on(tmp_path, files, (30, 0, 1, 1.0))


def test_an_absurd_time_is_never_reached(tmp_path):
    """A product file may say anything; nothing is built or listed that nobody can live to see."""
    at = on(tmp_path, shelf("{every: 900000 years, from: 1e15}"), (30, 0, 1, 1.0))
    assert pv_claims(at)["alive"][0] == 0.0


PAGE = (Path(__file__).resolve().parents[3] / "docs/annuities.md").read_text(encoding="utf-8")
LETTERS = [row for row in re.findall(r"^\| `(\{.+?\})` \|", PAGE, re.MULTILINE) if "…" not in row]


@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_of_the_page_can_be_written(letter):
    assert read(Due, read_nodes(letter, "page")).at.line == 1


def test_the_module_of_the_page_is_that_of_the_shelf_by_another_name():
    """docs/annuities.md shows a promise of the shelf."""
    written = re.search(r"```yaml pension\.yaml\n(.+?)```", PAGE, re.DOTALL)
    shown = read(Module, read_nodes(written[1], "page"))
    shelf_text = (installed() / "modules/life/annuity.yaml").read_text(encoding="utf-8")
    ours = read(Module, read_nodes(shelf_text, "annuity.yaml"))
    assert len(LETTERS) >= 6
    for key in ("during", "event"):
        assert getattr(shown.pays, key) == getattr(ours.pays, key)
    assert shown.pays.due.guaranteed.name == ours.pays.due.guaranteed.name
    assert shown.pays.due.begins.age.name == ours.pays.due.begins.age.name
    assert (shown.pays.due.every, shown.kind) == (ours.pays.due.every, ours.kind)
