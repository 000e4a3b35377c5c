"""Rounding is that of Decimal(repr(x)), proved on random and on adversarial amounts."""

import math
from collections.abc import Iterator
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal

import numpy as np
import pytest

from product_factory.numbers.rounding import (
    MODES,
    round_array,
    round_by,
    round_down,
    round_half_even,
    round_half_up,
    round_up,
)

DECIMAL_MODES = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "down": ROUND_DOWN,
    "up": ROUND_UP,
}
UNITS = {"0.001": (1, 1000), "0.01": (1, 100), "0.05": (1, 20), "1": (1, 1), "10": (10, 1)}
UNITS |= {"0.5": (1, 2), "100": (100, 1), "0.25": (1, 4)}


def by_decimal(x: float, unit: str, mode: str) -> float:
    units = (Decimal(repr(x)) / Decimal(unit)).to_integral_value(DECIMAL_MODES[mode])
    return float(units * Decimal(unit))


def random_amounts(count: int) -> list[float]:
    """Of every size up to 1e11, half of them with few decimals as people write them."""
    rng = np.random.default_rng(1)
    raw = (10.0 ** rng.uniform(-4.0, 11.0, count)) * rng.choice([-1.0, 1.0], count)
    return [round(x, i % 7) if i % 2 else x for i, x in enumerate(raw.tolist())]


def adversarial_amounts(numerator: int, denominator: int) -> Iterator[float]:
    """Halfway points and whole units of every size, with their neighbours."""
    rng = np.random.default_rng(2)
    most = 1e11 * denominator / numerator
    sizes = (10.0 ** rng.uniform(0.0, math.log10(most), 1500)).tolist()
    for n in [0, 1, 2, 3, *map(int, sizes)]:
        for twice in (2 * n, 2 * n + 1):
            x = twice * numerator / (2 * denominator)
            if x < 1e11:
                yield from (x, math.nextafter(x, math.inf), math.nextafter(x, -math.inf), -x)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("unit", UNITS)
def test_adversarial_amounts_round_as_their_decimals(unit: str, mode: str):
    for x in adversarial_amounts(*UNITS[unit]):
        assert round_by(x, *UNITS[unit], MODES[mode]) == by_decimal(x, unit, mode), x


@pytest.mark.parametrize("mode", MODES)
def test_random_amounts_round_as_their_decimals(mode: str):
    for x in random_amounts(25_000):
        assert round_by(x, 1, 100, MODES[mode]) == by_decimal(x, "0.01", mode), x


@pytest.mark.prove
@pytest.mark.parametrize("mode", MODES)
def test_a_million_random_amounts_round_as_their_decimals(mode: str):
    for x in random_amounts(1_000_000):
        assert round_by(x, 1, 100, MODES[mode]) == by_decimal(x, "0.01", mode), x


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("unit", UNITS)
def test_a_column_is_rounded_to_the_bit_as_its_values_are(unit: str, mode: str):
    special = [0.0, -0.0, math.inf, -math.inf, math.nan, 1e300, -1e17]
    values = [*random_amounts(5000), *adversarial_amounts(*UNITS[unit]), *special]
    column = round_array(np.array(values), *UNITS[unit], MODES[mode])
    scalars = [round_by(x, *UNITS[unit], MODES[mode]) for x in values]
    assert column.tobytes() == np.array(scalars).tobytes()


def test_the_named_functions_are_the_modes():
    assert round_half_up(2.675, 1, 100) == 2.68
    assert round_half_up(-2.675, 1, 100) == -2.68
    assert round_half_even(2.665, 1, 100) == 2.66
    assert round_down(-2.679, 1, 100) == -2.67
    assert round_up(2.671, 1, 100) == 2.68
    assert round_half_up(1005.0, 10, 1) == 1010.0


def test_zero_has_no_sign():
    for mode in MODES.values():
        assert math.copysign(1.0, round_by(-0.0, 1, 100, mode)) == 1.0
    assert math.copysign(1.0, round_half_up(-0.001, 1, 100)) == 1.0


def test_what_has_no_digits_below_the_unit_is_returned_as_it_is():
    for x in (math.inf, -math.inf, 1e300, -(2.0**60)):
        assert round_half_up(x, 1, 100) == x
    assert math.isnan(round_half_up(math.nan, 1, 100))


def test_rounding_twice_changes_nothing():
    for x in random_amounts(3000):
        once = round_half_up(x, 1, 100)
        assert round_half_up(once, 1, 100) == once
