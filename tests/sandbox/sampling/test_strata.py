"""Numbers of years that are spread evenly: each order once, each stratum once, all uniform."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import chdtrc
from scipy.stats import qmc

from rating.kernels.random import uniform
from sandbox.kernels.copulas import independent
from sandbox.kernels.strata import DIMENSIONS, digits, place, scrambled, spread
from sandbox.sampling import REPLICATES, SAMPLINGS

KEY, PROCESS = np.uint64(0x0123456789ABCDEF), np.uint64(3)
KEYS = st.integers(0, 2**64 - 1).map(np.uint64)
ROWS, BITS = 16, 4
YEARS = ROWS * REPLICATES


def numbers(kind, years=YEARS, key=KEY, lines=DIMENSIONS - 1):
    """Give the numbers 1 … lines of the years, [year, line]."""
    u = np.empty((years, lines))
    independent(SAMPLINGS[kind].drivers(years), key, 0, u)
    return u


def strata(u, rows=ROWS):
    return np.floor(u * rows).astype(int)


def order(rows, key=KEY, turn=0, dimension=0):
    bits = (rows - 1).bit_length()
    return [place(row, rows, bits, key, PROCESS, turn, dimension) for row in range(rows)]


@given(st.integers(1, 600), KEYS, st.integers(0, 40), st.integers(0, 7))
def test_an_order_holds_each_place_once(rows, key, turn, dimension):
    assert sorted(order(rows, key, turn, dimension)) == list(range(rows))


@pytest.mark.parametrize("rows", range(1, 70))
def test_an_order_of_any_small_number_holds_each_place_once(rows):
    assert sorted(order(rows)) == list(range(rows))


@given(KEYS)
def test_scrambled_digits_are_an_order_that_keeps_nets(key):
    found = [int(scrambled(np.uint64(n), 9, key, PROCESS, 1, 2)) for n in range(512)]
    assert sorted(found) == list(range(512))
    for level in range(1, 9):  # what begins alike still begins alike
        begins = np.array(found).reshape(1 << level, -1) >> (9 - level)
        assert (begins == begins[:, :1]).all()


def test_orders_scrambles_and_numbers_are_these():
    """What was drawn once is drawn again, by any release: runs are made again from manifests."""
    assert [place(r, 10, 4, KEY, PROCESS, 7, 2) for r in range(10)] == [
        6, 2, 9, 1, 8, 3, 7, 4, 0, 5,
    ]  # fmt: skip
    assert [int(scrambled(np.uint64(n), 4, KEY, PROCESS, 7, 2)) for n in range(16)] == [
        9, 8, 10, 11, 12, 13, 15, 14, 1, 0, 3, 2, 5, 4, 7, 6,
    ]  # fmt: skip
    first = {
        "plain": (0.25551657455717713, 0.8973128132381399, 0.7425092201688636),
        "antithetic": (0.25551657455717713, 0.7444834254428229, 0.17989730113790647),
        "latin_hypercube": (0.07846978590982356, 0.5560820508273837, 0.421406826260554),
        "sobol": (0.8909697859098236, 0.18108205082738374, 0.5464068262605539),
    }
    for kind, values in first.items():
        drivers = SAMPLINGS[kind].drivers(YEARS)
        assert tuple(spread(drivers, KEY, PROCESS, y, 0, 0) for y in (0, 1, 319)) == values


def test_a_plain_number_is_the_one_that_every_kernel_draws():
    drivers = SAMPLINGS["plain"].drivers(YEARS)
    for year in (0, 1, 319):
        one = spread(drivers, KEY, PROCESS, year, 5, 4)
        assert one == uniform(KEY, PROCESS, np.uint64(year), np.uint64(5))


def test_points_are_those_of_scipy():
    """Its engine takes the points in the order of a Gray code."""
    bits = 6
    theirs = np.floor(qmc.Sobol(DIMENSIONS, scramble=False).random(1 << bits) * (1 << bits))
    drivers = SAMPLINGS["sobol"].drivers(REPLICATES << bits)
    for number, point in enumerate(theirs):
        gray = number ^ (number >> 1)
        assert [int(digits(drivers, gray, d)) for d in range(DIMENSIONS)] == point.tolist()


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
@given(key=KEYS)
def test_each_stratum_of_each_number_is_hit_once_in_each_replicate(kind, key):
    found = strata(numbers(kind, key=key)).reshape(REPLICATES, ROWS, -1)
    assert (np.sort(found, axis=1) == np.arange(ROWS)[:, None]).all()


def test_two_numbers_of_a_net_are_spread_as_those_of_scipy_that_are_scrambled():
    """Cells of 2 digits by 2: each holds one point of 16 where scipy's net has it so."""
    scipys = strata(qmc.Sobol(DIMENSIONS, scramble=True, rng=1).random(ROWS), 4)
    ours = strata(numbers("sobol"), 4).reshape(REPLICATES, ROWS, -1)
    cubes = strata(numbers("latin_hypercube"), 4).reshape(REPLICATES, ROWS, -1)
    even = 0
    for a in range(DIMENSIONS - 1):
        for b in range(a):
            cells = np.bincount(4 * scipys[:, a + 1] + scipys[:, b + 1], minlength=16)
            for one in ours:
                own = np.bincount(4 * one[:, a] + one[:, b], minlength=16)
                assert sorted(own) == sorted(cells)
            even += (cells == 1).all()
    assert even > 0
    assert any(
        (np.bincount(4 * one[:, 0] + one[:, 1], minlength=16) != 1).any() for one in cubes
    )  # which a hypercube does not promise


@given(key=KEYS)
def test_pairs_of_years_are_mirrored_and_next_ones_are_not(key):
    u = numbers("antithetic", key=key)
    assert (u[0::2] + u[1::2] == 1.0).all()
    assert (u[1:-1:2] + u[2::2] != 1.0).all()


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
def test_numbers_behind_those_that_are_spread_are_drawn_by_themselves(kind):
    many = DIMENSIONS + 2
    plain, other = numbers("plain", lines=many), numbers(kind, lines=many)
    assert (plain[:, DIMENSIONS - 1 :] == other[:, DIMENSIONS - 1 :]).all()
    assert (plain[:, : DIMENSIONS - 1] != other[:, : DIMENSIONS - 1]).all()


def even(counts):
    """Give the chance of counts at least so uneven, by chi squared."""
    expected = counts.sum() / counts.size
    return float(chdtrc(counts.size - 1, ((counts - expected) ** 2 / expected).sum()))


@pytest.mark.parametrize("kind", sorted(SAMPLINGS))
def test_each_number_is_uniform_and_replicates_are_apart(kind):
    """The number of one year over many keys; with that of another replicate; with another line."""
    keys = [np.uint64(k * 0x9E3779B97F4A7C15 % 2**64) for k in range(3_000)]
    found = np.array([numbers(kind, 4 * REPLICATES, key, 3)[:9] for key in keys])
    year = strata(found[:, 1], 8)
    assert even(np.bincount(year[:, 0], minlength=8)) > 1e-4
    apart = strata(found[:, 5], 8)  # replicates have 4 years, 2 or 1 where pairs or alone
    assert even(np.bincount(8 * year[:, 0] + apart[:, 0], minlength=64)) > 1e-4
    assert even(np.bincount(8 * year[:, 0] + year[:, 1], minlength=64)) > 1e-4
    beside = np.bincount(8 * year[:, 0] + strata(found[:, 0], 8)[:, 0], minlength=64)
    assert (even(beside) > 1e-4) == (kind == "plain")  # of one replicate they are not
