"""A cover that the customer left out costs nothing, and leaves its part of a pool to others."""

import numpy as np
import pytest

import cli
from product_factory.assemble import assemble
from product_factory.compose.clone import clone
from product_factory.shelf import Shelf, installed, open_shelf
from rating.engines.collective.annual import annual_model
from rating.engines.collective.cells import risk_cells
from rating.engines.collective.expected import costs_of
from sandbox.laws.annual import cells_of
from sandbox.laws.profiles import profile_of, profiles
from sandbox.simulate.annual import simulate_annual
from tests.rating.engines.tiny_year import tiny
from tests.the_shelf import shipped

SEED = 20260301
GIVEN = {
    "city": "zhengzhou",
    "construction": "brick_concrete",
    "deductible": "500",
    "items": {
        "contents": {"value": "100000", "sum_insured": "100000"},
        "building": {"value": "1000000", "sum_insured": "1000000"},
    },
}

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
def choosers(tmp_path_factory):
    """Give home with theft as a choice, with a risk that takes it and one that does not."""
    root = tmp_path_factory.mktemp("shelf") / "products"
    for path, content in clone(Shelf(installed()), "home", "choosers", root):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (root / "choosers/product.yaml").write_text(PRODUCT, "utf-8")
    (root / "choosers/quotes.yaml").write_text(QUOTE.format("yes") + QUOTE.format("no"), "utf-8")
    return assemble(open_shelf(root), "choosers", cli.language())


@pytest.fixture(scope="module")
def costs(choosers):
    """Expected yearly cost by cover, with theft and without."""
    found = []
    for profile in profiles(choosers):
        model = annual_model(choosers, choosers.bases["pricing"], cells_of(choosers, profile, 1))
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


def drawn(product, profile, policies=1_000, years=60):
    """Give what each cover pays in simulated years."""
    model = annual_model(product, product.bases["pricing"], cells_of(product, profile, policies))
    table = simulate_annual(model, np.zeros(1), years, SEED).table
    return {name: table.paid[:, place].tobytes() for place, name in enumerate(table.columns)}


def test_who_takes_an_optional_cover_has_the_draws_of_a_product_that_has_it_for_all(choosers):
    home = shipped("home")
    taken, left_out = profiles(choosers)
    before = profile_of(home, "home", GIVEN)
    known = drawn(home, before)
    assert drawn(choosers, taken) == known
    assert any(np.frombuffer(paid).any() for paid in known.values())
    assert cells_of(choosers, left_out, 1).keys != cells_of(choosers, taken, 1).keys


@pytest.mark.parametrize("optional", ["", ", optional: yes"])
def test_a_cover_of_a_new_process_moves_no_draw_of_the_others(tmp_path, optional):
    """All take the new one: as a cover of the product, or by their choice."""
    risk = {"age": np.array([40.0])}
    present = np.ones((1, 1), dtype=np.int64)

    def paid(product):
        many = np.array([500])
        columns = risk | ({"phone": np.ones(1)} if "phone" in product.variables else {})
        cells = risk_cells(product, many, columns, {}, present)
        model = annual_model(product, product.bases["pricing"], cells)
        table = simulate_annual(model, np.zeros(1), 50, SEED).table
        return table.paid[:, table.columns.index("bike")]

    tiny(tmp_path)
    file = tmp_path / "products/tiny/product.yaml"
    use = "  - {use: property/phone@^1, as: phone"
    whole = file.read_text("utf-8")
    file.write_text(whole.replace(f"{use}}}", f"{use}{optional}}}"), "utf-8")
    with_phone = assemble(open_shelf(tmp_path / "products"), "tiny", cli.language())
    assert ("phone" in with_phone.variables) == bool(optional)
    file.write_text(whole.replace(f"{use}}}\n", "").replace(", phone: phone@^1", ""), "utf-8")
    bases = tmp_path / "products/tiny/bases.yaml"
    bases.write_text(bases.read_text("utf-8").partition("    phone:")[0], "utf-8")
    alone = assemble(open_shelf(tmp_path / "products"), "tiny", cli.language())
    assert [*alone.covers] == ["bike"]
    assert paid(alone).tobytes() == paid(with_phone).tobytes()
    assert paid(alone).any()
