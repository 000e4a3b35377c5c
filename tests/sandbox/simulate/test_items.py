"""Items that events hit one by one: what each carries for itself, and what it shares."""

import math
import shutil

import numpy as np
import pytest
from scipy.stats import beta

import cli
from product_factory.assemble import assemble
from product_factory.errors import BadInput
from product_factory.shelf import open_shelf
from rating.aggregate.of_cover import cover_year
from rating.aggregate.year import YearTerms
from rating.aggregate.yearly import yearly
from rating.engines.collective.annual import annual_model
from rating.engines.collective.expected import costs_of
from sandbox.laws.annual import cells_of
from sandbox.laws.profiles import profile_of
from sandbox.simulate.annual import simulate_annual
from tests.rating.group_accident import BASES, MODULES, PROCESSES, PRODUCT
from tests.sandbox.home_profiles import HOME, PROFILES
from tests.sandbox.simulate.group_draws import GROUPS, SEED, group, works
from tests.the_command import ROOT

POOLS = PRODUCT[PRODUCT.index("pools:") :]
NAME = "three alike and one apart"
FREQUENCY = {30: 0.2, 45: 0.3}
"""Of accidents of builders, by age."""
MOST = 1000.0


def years_of(product, cells, years):
    """What policies of one cell are paid, [year, cover]."""
    model = annual_model(product, product.bases["pricing"], cells)
    return simulate_annual(model, np.zeros(1), years, SEED).table.paid


def mean_of_first(members):
    """What a member is paid on average whose cover ends with the first accident, by quadrature."""
    mean, variance = 0.2, (0.2 * 1.1) ** 2
    both = mean * (1 - mean) / variance - 1
    degree = beta(mean * both, (1 - mean) * both)
    size = degree.expect(lambda x: min(x, 0.8))
    return sum(-math.expm1(-FREQUENCY[one["age"]]) * one["sum_insured"] * size for one in members)


def test_the_cover_of_a_member_ends_for_that_member_alone(tmp_path):
    """Poisson counts: of each member the first accident of the year is paid, whoever had others."""
    once = MODULES["injury"].replace("  amount:", "  times: 1\n  amount:")
    changed = {"modules/health/injury.yaml": once, "works/product.yaml": PRODUCT.replace(POOLS, "")}
    product = works(tmp_path, **changed)
    policies, years = 60, 400
    paid = years_of(product, cells_of(product, group(product, NAME), policies), years)[:, 0]
    expected = policies * mean_of_first(GROUPS[NAME][1])
    error = paid.std(ddof=1) / math.sqrt(years)
    assert abs(paid.mean() - expected) <= 4 * error
    assert error < 0.015 * expected
    first_of_all = -math.expm1(-sum(FREQUENCY[one["age"]] for one in GROUPS[NAME][1]))
    every = sum(-math.expm1(-FREQUENCY[one["age"]]) for one in GROUPS[NAME][1])
    assert first_of_all < 0.85 * every  # so that one cover for all would be told


def one_house(folder, **changed):
    """A product of one item, hit alone by accidents and with the whole policy by illness."""
    pools = "pools: {both: {joins: [injury.cap, treatment.cap]}}\n"
    cap = f"terms: {{cap: {{type: money, default: {MOST:.0f}}}}}\npays:"
    line = "adjust: [{limit: cap, per: policy_year, each: item}]"
    files = {"works/product.yaml": PRODUCT.replace(POOLS, pools).replace("    many: yes\n", "")}
    for name, text in MODULES.items():
        head = text[: text.index("  adjust:")].replace("pays:", cap)
        files[f"modules/health/{name}.yaml"] = f"{head}  {line}\n"
    illness = PROCESSES["group_illness"].replace(", each: item", "")
    return works(folder, **{**files, "processes/group_illness.yaml": illness, **changed})


def test_a_balance_that_both_kinds_of_events_use_up_is_one(tmp_path):
    """No year pays an item more than the limit of the year, whichever event came first."""
    product = one_house(tmp_path)
    risk = {"trade": "building", "items": {"member": {"age": 45, "sum_insured": 300_000}}}
    cells = cells_of(product, profile_of(product, "house", risk), 1)
    paid = years_of(product, cells, 20_000)
    both = (paid > 0.0).all(axis=1)
    assert both.sum() > 60
    assert paid.sum(axis=1).max() == pytest.approx(MOST, abs=0.01)
    assert paid.sum(axis=1).max() <= MOST + 0.005


def test_the_price_of_what_both_kinds_of_events_use_up_is_the_mean_of_its_years(tmp_path):
    """Law one, and what is caught: a balance for each kind costs an eighth more."""
    product = one_house(tmp_path)
    risk = {"trade": "building", "items": {"member": {"age": 45, "sum_insured": 300_000}}}
    cells = cells_of(product, profile_of(product, "house", risk), 50)
    costs = costs_of(annual_model(product, product.bases["pricing"], cells))
    paid = years_of(product, cells, 4_000) / 50.0
    for one, rows in zip(costs, [*paid.T, paid.sum(axis=1)], strict=True):
        error = rows.std(ddof=1) / np.sqrt(4_000)
        assert error < 0.01 * one.value
        assert abs(rows.mean() - one.value) < 4.0 * error + one.bound, one.group
    sources, terms = cover_year(annual_model(product, product.bases["pricing"], cells), [])
    assert terms == YearTerms(limit=MOST)
    assert yearly(sources, terms).kept.mean == pytest.approx(costs[-1].value, rel=1e-4)


def test_a_storm_costs_a_policy_the_same_whose_items_have_fires_of_their_own(tmp_path):
    shelf = shutil.copytree(ROOT / "products", tmp_path / "products")
    fire = shelf / "processes/fire.yaml"
    text = fire.read_text("utf-8")
    changed = text.replace("en: Fire and explosion}}", "en: Fire and explosion}, each: item}")
    assert changed != text
    fire.write_text(changed, "utf-8")
    apart = assemble(open_shelf(shelf), "home", cli.language())
    found = []
    for product in (HOME, apart):
        cells = cells_of(product, PROFILES[0], 1)
        costs = costs_of(annual_model(product, product.bases["pricing"], cells))
        found.append({one.group: one.value for one in costs})
    whole, each = found
    assert each["typhoon",] == pytest.approx(whole["typhoon",], rel=1e-6)
    assert 0.9 * whole["fire",] < each["fire",] < whole["fire",]


def refused(product):
    risk = {"trade": "building", "items": {"member": {"age": 45, "sum_insured": 300_000}}}
    with pytest.raises(BadInput) as told:
        years_of(product, cells_of(product, profile_of(product, "house", risk), 1), 1)
    return str(told.value)


def test_a_cover_of_items_that_hears_both_kinds_of_events_is_refused(tmp_path):
    both = "[accident.injury, accident.crash]"
    module = MODULES["injury"].replace("event: accident.injury", f"event: {both}")
    crash = "crash: {title: {zh: 车祸, en: Crash}}}"
    process = PROCESSES["group_accident"].replace("each: item}}", f"each: item}}, {crash}")
    base = "      injury:\n        kind: poisson\n        mean: frequency\n"
    product = one_house(
        tmp_path,
        **{
            "modules/health/injury.yaml": module,
            "processes/group_accident.yaml": process,
            "works/product.yaml": PRODUCT.replace("    many: yes\n", ""),
            "works/bases.yaml": BASES.replace(
                base, f"{base}      crash: {{kind: poisson, mean: 1}}\n"
            ),
        },
    )
    assert "'accident.injury' happens to items one by one, 'accident.crash' to all at once" in (
        refused(product)
    )
