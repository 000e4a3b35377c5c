"""Experience brought to the period priced: what it costs by hand and by law, where it is told."""

import json
import math
from types import SimpleNamespace

import pytest

from product_factory.brought import all_brought, brought
from product_factory.errors import BadInput
from product_factory.told import lines, told
from rating.engines.collective.expected import costs_of
from rating.worksheet import brought_by
from tests.rating.engines.tiny_year import tiny, tiny_model
from tests.the_command import inside

BILL = """\
  experience:
    bike:
      bill: {development: 1.05, large_losses: 4%, trend: 6%,
             from: 2023-07-01, to: 2026-07-01, source: "claims of 2021 to 2025"}
"""
TECHNICAL = """\
- name: expected_cost
  kind: technical
  engine: collective
  basis: pricing
  gives: expected_payments
  axes: [age]
- {name: payable, kind: round, of: expected_cost, to: 0.01, mode: half_up}
"""
YEARS = 1096 / 365.25
FACTOR = 1.05 * 1.04 * 1.06**YEARS
DEDUCTIBLE = "    - {deductible: 5000, per: claim}"
LIMIT = "    - {limit: 3000, per: claim}"


def bike(folder, experience="", **how):
    product = tiny(folder, experience=experience, **how)
    return costs_of(tiny_model(product))[0].value


def mean_above(mean, cv, deductible):
    """E[(X - d)+] of a lognormal, by its textbook formula."""
    s2 = math.log1p(cv * cv)
    mu, s = math.log(mean) - s2 / 2.0, math.sqrt(s2)

    def normal(x):
        return 0.5 * math.erfc(-x / math.sqrt(2.0))

    d = (math.log(deductible) - mu) / s
    return mean * normal(s - d) - deductible * normal(-d)


def test_the_size_is_brought_before_the_deductible(tmp_path):
    """0.7 claims a year, 80% of them accidents, of the ground-up size times the factor."""
    by_hand = 0.7 * 0.8 * mean_above(2000.0 * FACTOR, 1.5, 5000.0)
    assert bike(tmp_path, BILL, lines=DEDUCTIBLE) == pytest.approx(by_hand, rel=1e-9)


def test_what_exceeds_a_deductible_grows_by_more_than_the_trend_and_what_is_limited_by_less(
    tmp_path,
):
    over = bike(tmp_path, BILL, lines=DEDUCTIBLE) / bike(tmp_path, lines=DEDUCTIBLE)
    under = bike(tmp_path, BILL, lines=LIMIT) / bike(tmp_path, lines=LIMIT)
    whole = bike(tmp_path, BILL, lines="    - {share: 100%}")
    assert whole / bike(tmp_path, lines="    - {share: 100%}") == pytest.approx(FACTOR, rel=1e-12)
    assert over > 1.5 > FACTOR > under > 1.0


@pytest.mark.parametrize(
    "severity",
    [
        "{kind: lognormal, mu: 7, sigma: 1.2}",
        "{kind: gamma, shape: 0.8, scale: 2000}",
        "{kind: weibull, shape: 0.7, scale: 1500}",
        "{kind: lomax, alpha: 2.5, scale: 3000}",
        "{kind: burr, alpha: 1.5, gamma: 2, scale: 1500}",
        "{kind: inverse_gaussian, mean: 2000, shape: 900}",
    ],
)
def test_the_excess_is_leveraged_for_every_severity(tmp_path, severity):
    """As priced, what exceeds a deductible grows by more than the factor, what is limited by less.

    The two are the whole, which grows by the factor alone.
    """
    text = "  experience: {bike: {bill: {large_losses: 30%, source: made}}}\n"
    over, under = (
        [bike(tmp_path, said, lines=line, severity=severity) for said in ("", text)]
        for line in (DEDUCTIBLE, "    - {limit: 5000, per: claim}")
    )
    assert over[1] > 1.3 * over[0] * (1.0 + 1e-6)
    assert under[0] < under[1] < 1.3 * under[0] * (1.0 - 1e-6)
    assert over[1] + under[1] == pytest.approx(1.3 * (over[0] + under[0]), rel=1e-8)


@pytest.mark.parametrize(
    "frequency",
    [
        "{kind: poisson, mean: 0.7}",
        "{kind: negative_binomial, mean: 0.7, variance_over_mean: 2}",
        "{kind: binomial, trials: 3, chance: 20%}",
        "{kind: zero_modified, none: 60%, of: {kind: poisson, mean: 1.2}}",
    ],
)
def test_the_number_is_brought_whatever_its_kind(tmp_path, frequency):
    text = "  experience: {bike: {damage: {development: 1.1, source: triangle}}}\n"
    before = bike(tmp_path, frequency=frequency)
    assert bike(tmp_path, text, frequency=frequency) == pytest.approx(1.1 * before, rel=1e-9)


def test_a_count_that_cannot_have_so_many_is_refused_with_its_place(tmp_path):
    text = "  experience: {bike: {damage: {development: 9, source: triangle}}}\n"
    with pytest.raises(BadInput, match=r"bases.yaml:\d+:\d+: pricing.risk.bike.damage: .*below 1"):
        bike(tmp_path, text, frequency="{kind: binomial, trials: 3, chance: 20%}")


def test_figures_may_be_dated_parameters_and_sums(tmp_path):
    text = """\
  experience: {bike: {bill: {development: 1 + 1 / 20, source: by hand}}}
"""
    assert bike(tmp_path, text, lines="    - {share: 100%}") == pytest.approx(
        0.56 * 2000.0 * 1.05, rel=1e-12
    )


def test_a_basis_inherits_what_it_does_not_state(tmp_path):
    text = (
        BILL
        + """\
      damage: {development: 1.1, source: counts}
best_estimate:
  inherits: pricing
  experience: {bike: {bill: {development: 1, source: "no longer late"}}}
"""
    )
    product = tiny(tmp_path, experience=text)
    of = {name: brought(product, basis, "bike", "bill") for name, basis in product.bases.items()}
    assert of["pricing"].factor == pytest.approx(FACTOR, rel=1e-12)
    assert of["best_estimate"].factor == 1.0
    assert [one.key for one in all_brought(product, product.bases["best_estimate"])] == [
        "bike.bill",
        "bike.damage",
    ]


def test_what_a_basis_assumes_anew_is_shown_as_its_own_and_the_rest_as_inherited(tmp_path):
    text = (
        BILL
        + """\
      damage: {development: 1.1, source: counts}
best_estimate:
  inherits: pricing
  risk: {bike: {damage: {kind: poisson, mean: 0.6}}}
  experience: {bike: {damage: {development: 1, source: later counts}}}
"""
    )
    product = tiny(tmp_path, experience=text)
    assert brought(product, product.bases["best_estimate"], "bike", "damage").factor == 1.0
    shown = [line for line in lines(product) if line.startswith("best_estimate: ")]
    assert shown == [
        f"best_estimate: bike.bill x {FACTOR:.6g}, as pricing",
        "best_estimate: bike.damage x 1",
    ]


def test_every_figure_is_told_with_its_source_and_place(tmp_path):
    product = tiny(tmp_path, experience=BILL)
    said = "\n".join(lines(product))
    for part in (
        f"pricing: bike.bill x {FACTOR:.6g}",
        "development x 1.05",
        "large losses + 4%",
        f"trend 6% a year from 2023-07-01 to 2026-07-01 x {1.06**YEARS:.6g}",
        "claims of 2021 to 2025",
        "bases.yaml:",
    ):
        assert part in said
    (entry,) = json.loads(json.dumps(told(product)))["experience"]
    assert entry["of"] == "bike.bill"
    assert entry["trend"] == 0.06


def test_the_same_prices_as_before_where_nothing_is_said(tmp_path):
    text = "  experience: {bike: {bill: {development: 1, source: none}}}\n"
    assert bike(tmp_path, text) == bike(tmp_path)


def test_the_worksheet_tells_what_a_built_rate_was_brought_by(tmp_path):
    """The lines beside a technical step; a rate built before the entry is stale."""
    product = tiny(tmp_path, experience=BILL)
    rating = tmp_path / "products" / "tiny" / "rating.yaml"
    rating.write_text(TECHNICAL, encoding="utf-8")
    shelf = ("--shelf", "products")
    asked = ("quote", "tiny", "--set", "age=40", "--explain", *shelf)
    assert inside("build", "tiny", *shelf, cwd=tmp_path).returncode == 0
    sheet = " ".join(inside(*asked, cwd=tmp_path).stdout.split())
    found = brought(product, product.bases["pricing"], "bike", "bill")
    assert f"(bike.bill x {found.factor:.6g}: {', '.join(found.parts)})" in sheet
    bases = tmp_path / "products" / "tiny" / "bases.yaml"
    bases.write_text(bases.read_text("utf-8").replace("trend: 6%", "trend: 7%"), "utf-8")
    run = inside(*asked, cwd=tmp_path)
    assert run.returncode == 2
    assert "pricing.experience.bike.bill.trend: 0.06 → 0.07" in run.stderr


def test_the_worksheet_tells_the_entries_of_the_basis_of_the_target_too(tmp_path):
    text = (
        BILL
        + """\
best_estimate:
  inherits: pricing
  experience: {bike: {bill: {development: 1.5, source: "later"}}}
"""
    )
    product = tiny(tmp_path, experience=text)
    step = SimpleNamespace(basis="pricing", target=SimpleNamespace(basis="best_estimate"))
    pricing, target = brought_by(product, step)
    assert f"(bike.bill x {FACTOR:.6g}: " in pricing
    assert target.endswith("(best_estimate: bike.bill x 1.5: development x 1.5)")
    assert [*brought_by(product, SimpleNamespace(basis="pricing", target=None))] == [pricing]
