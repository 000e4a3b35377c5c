"""Renewals held within a rise and a fall, against a slow textbook in whole units."""

from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.errors import BadValue
from rating.impact.capping import MILLION, Capped, Caps
from rating.impact.money import Money
from tests.rating.impact.two_lamps import lamps

CENT = Money(Fraction(1, 100), exact=True)


class Rows:
    """Stands for a block: both premiums, all rated, none declined."""

    def __init__(self, pairs):
        self.old, self.new = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        self.rated = np.ones(len(pairs), dtype=bool)
        self.before = self.after = self
        self.outcome = np.zeros(len(pairs), dtype=np.int64)


def held(old, new, caps):
    """Hold one premium: Python's whole numbers and fractions."""
    if caps.cap is not None:
        new = min(new, old + floor(old * caps.cap))
    if caps.floor is not None:
        new = max(new, old - floor(old * caps.floor))
    return new


def scaled(new, factor):
    return floor(Fraction(new * factor, MILLION) + Fraction(1, 2))


SHARES = st.none() | st.sampled_from(["0%", "5%", "10%", "12.5%", "0.333333", "100%"])


@given(
    st.lists(st.tuples(st.integers(1, 10**9), st.integers(0, 10**9)), min_size=1, max_size=30),
    SHARES,
    SHARES,
    st.integers(1, 5),
)
def test_what_is_charged_is_the_textbooks_in_any_blocks(pairs, cap, floor_, block):
    caps = Caps.read(cap, floor_)
    capped = Capped(caps)
    for first in range(0, len(pairs), block):
        capped.add(Rows(pairs[first : first + block]))
    found = capped.result(CENT)
    slow = [held(old, new, caps) for old, new in pairs]
    wanted = sum(new for _, new in pairs)
    assert found.charged == CENT.amount(sum(slow))
    assert found.capped == sum(one < new for one, (_, new) in zip(slow, pairs, strict=True))
    assert found.floored == sum(one > new for one, (_, new) in zip(slow, pairs, strict=True))
    assert found.new == CENT.amount(wanted)

    def charged(factor):
        return sum(held(old, scaled(new, factor), caps) for old, new in pairs)

    if found.off_balance is None:
        assert charged(5 * MILLION) < wanted
        return
    factor = round(found.off_balance * MILLION)
    assert found.balanced == CENT.amount(charged(factor))
    assert charged(factor) >= wanted
    if factor not in (0, MILLION):
        assert charged(factor - 1) < wanted


def test_no_renewal_rises_further_than_the_cap(tmp_path):
    change = ("lamp/bases.yaml", "loading: 35%", "loading: 36%")
    found = lamps(tmp_path, ("lamp/tables/rate.csv", "3.17", "4.17"), change)
    held_ = lamps(
        tmp_path / "2", ("lamp/tables/rate.csv", "3.17", "4.17"), change, caps=Caps.read("2%", None)
    ).capping
    rises = [case for case in found.rises if case.old_outcome != "decline"]
    assert rises
    assert held_.capped == sum(case.ratio > 0.02 for case in rises)
    given_up = sum(case.change - floor(case.old * 2) / 100 for case in rises if case.ratio > 0.02)
    assert held_.given_up == pytest.approx(given_up, abs=0.011 * len(rises))
    assert held_.renewals == found.rows.both - 1  # one is declined by both


@pytest.mark.parametrize("text", ["ten", "-5%", "1/3", "0.1234567", "1e9", "nan", ""])
def test_a_cap_that_is_none_is_told(text):
    with pytest.raises(BadValue, match="--cap: expected a share such as 10%"):
        Caps.read(text, None)


def test_a_fall_of_more_than_all_is_told():
    with pytest.raises(BadValue, match="--floor: expected a fall of at most 100%, got 120%"):
        Caps.read(None, "120%")
