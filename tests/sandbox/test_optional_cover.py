"""A cover that the customer left out costs nothing, and leaves its part of a pool to others."""

import pytest

import cli
from product_factory.assemble import assemble
from product_factory.compose.clone import clone
from product_factory.shelf import Shelf, installed, open_shelf
from rating.engines.collective.annual import annual_model
from rating.engines.collective.expected import costs_of
from sandbox.laws.annual import cells_of
from sandbox.laws.profiles import profiles

PRODUCT = """\
product: choosers
version: 1.0.0
extends: home@^2026
drop: [quotes, claims, portfolio]
covers: [{as: theft, optional: yes}]
"""
QUOTE = """\
- name: theft {0}
  date: 2026-03-01
  given: {{city: zhengzhou, construction: brick_concrete, deductible: 500, theft: {0},
          items: {{contents: {{value: 100000, sum_insured: 100000}},
                  building: {{value: 1000000, sum_insured: 1000000}}}}}}
  expect: {{payable: "0"}}
  source: a risk, not a price
"""


@pytest.fixture(scope="module")
def costs(tmp_path_factory):
    """Expected yearly cost by cover, with theft and without."""
    root = tmp_path_factory.mktemp("shelf") / "products"
    for path, content in clone(Shelf(installed()), "home", "choosers", root):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (root / "choosers/product.yaml").write_text(PRODUCT, "utf-8")
    (root / "choosers/quotes.yaml").write_text(QUOTE.format("yes") + QUOTE.format("no"), "utf-8")
    product = assemble(open_shelf(root), "choosers", cli.language())
    found = []
    for profile in profiles(product):
        model = annual_model(product, product.bases["pricing"], cells_of(product, profile, 1))
        found.append({one.group: one.value for one in costs_of(model)})
    return found


def test_a_cover_that_was_not_chosen_costs_nothing(costs):
    chosen, left_out = costs
    assert chosen[("theft",)] > 1.0
    assert left_out[("theft",)] == 0.0


def test_what_it_would_have_used_up_of_the_pool_is_left_to_others(costs):
    chosen, left_out = costs
    assert left_out[("fire",)] > chosen[("fire",)]
    assert left_out[("fire",)] == pytest.approx(chosen[("fire",)], rel=1e-3)
