"""A benefit by the day or the hour: waiting, at most so many for an event, and so many in a year.

A length divided by its unit is a number, so that a waiting time is a deductible of so many daily
amounts, and a longest time a limit of so many: priced, simulated and paid as those are.
"""

import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import cli
from product_factory.assemble import assemble
from product_factory.examples import ClaimEvent
from product_factory.nodes import read_nodes
from product_factory.shelf import open_shelf
from product_factory.strict import read
from rating.claims import pay_with
from rating.engines.collective.expected import costs_of
from rating.payout import bind
from sandbox.laws.annual import SHARE, law_one_annual
from sandbox.laws.profiles import Profile
from tests.law_sizes import OFF, REDUCED
from tests.rating.engines.tiny_year import BASES, PROCESS, PRODUCT, tiny_model
from tests.shelf_files import write_files

MANUAL = Path(__file__).parents[3] / "docs" / "manual.md"
FREQUENCY = "{kind: poisson, mean: 0.4}"
STAYS = 0.4
MODULE = """
module: health/cash
version: 1.0.0
title: {zh: 津贴, en: Cash}
kind: lump_sum
line: property
terms:
  each:    {type: money, default: 200}
  waiting: {type: TYPE, default: 3UNIT}
  most:    {type: TYPE, default: 30UNIT}
  yearly:  {type: TYPE, default: 45UNIT}
pays:
  event: cash.damage
  amount: each * (LENGTH)
  adjust:
    - {deductible: each * (WAITING), per: event}
    - {limit: each * (MOST), per: event}
"""
YEAR = "    - {limit: each * (YEARLY), per: policy_year}\n"
PROFILE = Profile("aged 40", {"age": np.float64(40.0)}, {}, np.ones(1, dtype=np.int64))


def cash(folder, unit, more=""):
    """A product that pays by the day or by the hour."""
    length = "stay / 1 days" if unit == "days" else "stay"
    module = MODULE + more
    for term in ("waiting", "most", "yearly"):
        module = module.replace(term.upper(), length.replace("stay", term))
    module = module.replace("LENGTH", length)
    kinds = {"days": ("days", " days"), "hours": ("number", "")}[unit]
    module = module.replace("TYPE", kinds[0]).replace("UNIT", kinds[1])
    head, _, _ = BASES.partition("      damage:")
    risk = f"      damage: {FREQUENCY}\n      stay: {{kind: gamma, mean: 9, cv: 1}}\n"
    marks, _, _ = PROCESS.replace("NAME", "cash").partition("marks:")
    product, _, _ = PRODUCT.partition("processes:")
    files = {
        "tiny/product.yaml": f"{product}processes: {{cash: cash@^1}}\n"
        "covers:\n  - {use: health/cash@^1, as: cash}\n",
        "tiny/bases.yaml": head.replace("bike:", "cash:") + risk,
        "tiny/rating.yaml": "- {name: payable, kind: compute, is: 100}\n",
        "processes/cash.yaml": f"{marks}marks:\n  stay: {{type: {kinds[0]}}}\n",
        "modules/health/cash.yaml": module,
    }
    write_files(folder / "products", files)
    return assemble(open_shelf(folder / "products"), "tiny", cli.language())


@pytest.fixture(params=["days", "hours"])
def unit(request):
    return request.param


def test_exponential_stays_cost_what_the_textbook_says(tmp_path, unit):
    """E = 0.4 × 200 × E[min(max(D - 3, 0), 30)] = 0.4 × 200 × 9 (exp(-3/9) - exp(-33/9))."""
    (one,) = costs_of(tiny_model(cash(tmp_path, unit)))
    assert one.method == "closed"
    due = STAYS * 200.0 * 9.0 * (math.exp(-3.0 / 9.0) - math.exp(-33.0 / 9.0))
    assert one.value == pytest.approx(due, rel=1e-12)


def test_days_of_a_year_are_the_slow_sum_over_stays(tmp_path, unit):
    """By whole hundredths of a day: P(N = n) times the n-fold sum of what stays bring, up to 45."""
    (one,) = costs_of(tiny_model(cash(tmp_path, unit, YEAR)))
    edges = np.arange(0.0, 30.0, 0.01)
    law = stats.expon(scale=9.0)
    chances = law.cdf(3.0 + edges + 0.005) - law.cdf(np.maximum(3.0 + edges - 0.005, 0.0))
    chances[0] = law.cdf(3.005)
    whole = np.append(chances, 1.0 - chances.sum())
    paid, power = 0.0, np.array([1.0])
    for n in range(9):
        kept = np.minimum(np.arange(power.size) * 0.01, 45.0)
        paid += stats.poisson(STAYS).pmf(n) * float(kept @ power)
        power = np.convolve(power, whole)
    assert one.method == "numeric"
    assert abs(one.value - 200.0 * paid) <= one.bound + 1e-4 * one.value


def test_the_price_is_the_mean_of_the_simulation(tmp_path, unit):
    product = cash(tmp_path, unit, YEAR)
    (law,) = law_one_annual(
        product, [product.bases["pricing"]], [PROFILE], 20260301, share=SHARE * REDUCED
    )
    assert law.holds, str(law)
    assert law.sharp, str(law)
    for side in (-1.0, 1.0):
        assert not replace(law, expected=law.expected * (1.0 + side * OFF * REDUCED)).holds


def test_stays_by_hand(tmp_path, unit):
    """10 - 3 = 7; 2 - 3: none; 50 - 3 = 47, at most 30; 20 - 3 = 17, of 45 a year 8 are left."""
    plan = bind(cash(tmp_path, unit, YEAR))
    length = " days" if unit == "days" else ""
    stays = (("2026-04-01", 10), ("2026-05-01", 2), ("2026-06-01", 50), ("2026-09-01", 20))
    texts = [
        f"{{date: {day}, event: cash.damage, marks: {{stay: {n}{length}}}}}" for day, n in stays
    ]
    happened = [read(ClaimEvent, read_nodes(text, "test")) for text in texts]
    paid = pay_with(plan, {"start": "2026-03-01", "age": "40"}, happened).payments
    assert [one.amount for one in paid] == [1400.0, 0.0, 6000.0, 1600.0]


def test_the_manual_shows_these_lines(tmp_path):
    cash(tmp_path, "days", YEAR)
    module = (tmp_path / "products" / "modules" / "health" / "cash.yaml").read_text("utf-8")
    shown = re.search(r"```yaml\n(amount: each .*?)```", MANUAL.read_text("utf-8"), re.DOTALL)[1]
    said = [line.strip() for line in module[module.index("  amount:") :].splitlines()]
    assert [line.strip() for line in shown.splitlines()] == said
