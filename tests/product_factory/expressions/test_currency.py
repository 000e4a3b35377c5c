"""Money of two currencies is never mixed: it is converted by a stated rate, or it is an error."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.errors import BadInput
from product_factory.expressions.bind import Binder
from product_factory.expressions.program import Builder
from product_factory.expressions.run import run
from product_factory.expressions.scope import Home, InputLeaf, Layers, Names
from product_factory.types import Type, read_literal, typed
from tests.product_factory.expressions.bound import bound_type, parsed

DOLLARS, RATE = Type("money", unit="USD"), Type("number", unit="CNY/USD")
LEAVES = {"loss": Type("money"), "abroad": DOLLARS, "dollar": RATE, "share": Type("ratio")}
NAMES = Names({name: InputLeaf(name, kind) for name, kind in LEAVES.items()})
SCOPE = Layers((NAMES, Home("CNY")))


def calculated(text, **values):
    """The value of a text, with the rate and the amounts that are given."""
    builder = Builder()
    builder.results["value"] = Binder(builder).value(parsed(text), SCOPE).register
    program = builder.finish()
    columns = {name: np.array([value]) for name, value in values.items()}
    return run(program, columns)[program.results["value"]].item()


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("10000 USD", "USD"),
        ("10000 CNY", ""),
        ("loss + 10000 CNY", ""),
        ("abroad * dollar", ""),
        ("dollar * abroad + loss", ""),
        ("loss / dollar", "USD"),
        ("abroad + loss / dollar", "USD"),
        ("abroad * share * 2", "USD"),
        ("abroad * (dollar * 2)", ""),
        ("min(abroad, 500 USD, 100)", "USD"),
    ],
)
def test_money_keeps_its_currency_until_a_rate_converts_it(text, currency):
    found = bound_type(text, SCOPE)
    assert (found.kind, found.currency) == ("money", currency)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "loss + abroad",
            (
                "x:1:6: cannot add money in CNY and money in USD; "
                "convert it by a rate, a number with unit: CNY/USD"
            ),
        ),
        (
            "10 USD < 10 EUR",
            (
                "x:1:8: cannot compare money in USD and money in EUR; "
                "convert it by a rate, a number with unit: EUR/USD"
            ),
        ),
        ("loss * dollar", "x:1:6: cannot multiply money in CNY by a rate CNY/USD"),
        ("abroad / dollar", "x:1:8: cannot divide money in USD by a rate CNY/USD"),
        ("dollar + share", "x:1:8: cannot add a rate CNY/USD and a ratio"),
        (
            "100 usd",
            (
                "x:1:5: expected an operator or the end of the text, got 'usd'; "
                "did you mean '100 USD'?"
            ),
        ),
    ],
)
def test_what_would_mix_currencies_is_told(text, said):
    with pytest.raises(BadInput) as raised:
        bound_type(text, SCOPE)
    assert str(raised.value) == said


def test_an_amount_is_written_with_its_currency_and_reads_back():
    assert typed(10000.0, DOLLARS) == "10000 USD"
    assert read_literal("10000 USD", DOLLARS) == read_literal("10000", DOLLARS)


@given(
    loss=st.integers(0, 10**6),
    abroad=st.integers(0, 10**6),
    dollar=st.integers(1, 1000),
    scale=st.integers(1, 1000),
)
def test_scaling_a_rate_scales_only_what_is_in_its_currency(loss, abroad, dollar, scale):
    values = {"loss": float(loss), "abroad": float(abroad)}
    text = "loss + 3 CNY + (abroad + 7 USD) * dollar"
    scaled = calculated(text, **values, dollar=float(dollar * scale))
    assert scaled == loss + 3 + (abroad + 7) * dollar * scale
    assert calculated("loss + 3 CNY", **values) == loss + 3
