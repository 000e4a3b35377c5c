"""A plan is bound once, and never to a rate table that is missing or out of date."""

import subprocess
import sys

import pytest

from product_factory.errors import BadInput, Stale
from rating.plan import bind, fresh
from rating.quote import quote
from tests.rating.tiny_shelf import changed, product_of, write_net_rate
from tests.source_tree import ROOT


def built(shelf, engine="multistate/1"):
    write_net_rate(shelf, product_of(shelf, "life").inputs, engine)
    return product_of(shelf, "life")


LIFE = {"age": 44, "sex": "F", "term": 10, "pay": 10, "sum_insured": 3000}


def test_a_technical_step_reads_its_built_table(shelf):
    """0.44 per 1,000 for 3,000 is 1.32; up to 0.1 is 1.4."""
    priced = quote(bind(built(shelf)), LIFE)
    assert priced.values["net_rate"] == (0.44,)
    assert priced.premium == 1.4


def test_a_choice_that_stands_by_itself_is_found_by_its_name(shelf):
    assert quote(bind(built(shelf)), LIFE | {"age": 40, "term": "20"}).values["net_rate"] == (0.8,)


def test_a_table_that_is_not_built_is_stale(shelf):
    message = r"tables/built/net_rate\.csv is not built; run: covercast build life"
    with pytest.raises(Stale, match=message):
        bind(product_of(shelf, "life"))


def test_a_table_built_from_other_inputs_is_stale(shelf):
    built(shelf)
    changed(shelf, "life/bases.yaml", "loading: 35%", "loading: 34%")
    with pytest.raises(Stale, match="was built from other inputs; run: covercast build life"):
        bind(product_of(shelf, "life"))


def test_a_comment_does_not_make_a_table_stale(shelf):
    built(shelf)
    changed(shelf, "life/bases.yaml", "loading: 35%", "loading: 35%  # of the gross premium")
    fresh(product_of(shelf, "life"))


def test_a_table_of_another_engine_is_stale(shelf):
    with pytest.raises(Stale, match="was built by multistate/0, expected multistate/1"):
        fresh(built(shelf, "multistate/0"))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("engine: multistate", "engine: multistat", "did you mean 'multistate'?"),
        ("basis: pricing", "basis: price", "unknown basis 'price'"),
        (
            "axes: [age, term]",
            "axes: [age, terms]",
            "unknown variable 'terms'; did you mean 'term'?",
        ),
    ],
)
def test_a_slip_in_a_technical_step_is_told(shelf, old, new, message):
    built(shelf)
    changed(shelf, "life/rating.yaml", old, new)
    with pytest.raises(BadInput, match=message.replace("?", r"\?")):
        bind(built(shelf))


def test_a_tariff_must_end_in_a_value_of_the_policy(shelf):
    changed(
        shelf,
        "lamp/rating.yaml",
        "{name: payable, kind: round, of: premium,",
        "{name: payable, kind: round, of: item_premium,",
    )
    with pytest.raises(BadInput, match="expected the premium of the policy as last value"):
        bind(product_of(shelf, "lamp"))


HEAVY = ("numba", "pyarrow", "pandas", "scipy")


def test_pricing_one_risk_loads_no_compiler():
    code = (
        "import sys, rating.golden, rating.page, rating.worksheet, rating.domain;"
        f"sys.exit(any(name.partition('.')[0] in {HEAVY} for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
