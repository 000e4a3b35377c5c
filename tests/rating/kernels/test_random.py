"""Philox against its authors' vectors and a plain twin; light statistics at fixed seeds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.numbers.hashing import hash64
from rating.kernels.jit import kernel
from rating.kernels.random import (
    many_firsts,
    many_words,
    philox4x32,
    stream_key,
    uniform,
    uniform_of,
    uniform_pair,
)

DRAWS = 100_000
FIVE_SIGMA = 5.0
MASK = 0xFFFFFFFF
BY_INDEX = (0, 1)
BY_YEAR = (1, 0)

words = st.integers(0, MASK)
longs = st.integers(0, 2**64 - 1)


def plain_philox(counter: list[int], key: list[int]) -> list[int]:
    """Philox4x32-10 as the paper writes it, in whole numbers of Python."""
    c, k = list(counter), list(key)
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(p1 >> 32) ^ c[1] ^ k[0], p1 & MASK, (p0 >> 32) ^ c[3] ^ k[1], p0 & MASK]
        k = [(k[0] + 0x9E3779B9) & MASK, (k[1] + 0xBB67AE85) & MASK]
    return c


def compiled_philox(counter: list[int], key: list[int]) -> list[int]:
    return [int(word) for word in philox4x32(*map(np.uint64, counter + key))]


KNOWN = [
    ([0] * 4, [0] * 2, [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
    ([MASK] * 4, [MASK] * 2, [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]),
    (
        [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
        [0xA4093822, 0x299F31D0],
        [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1],
    ),
]


@pytest.mark.parametrize(("counter", "key", "want"), KNOWN)
def test_the_known_answers_of_random123_are_reproduced(counter, key, want):
    """Random123 1.14, tests/kat_vectors, the three lines "philox4x32 10"."""
    assert compiled_philox(counter, key) == want
    assert plain_philox(counter, key) == want


@given(st.lists(words, min_size=4, max_size=4), st.lists(words, min_size=2, max_size=2))
def test_the_compiled_generator_is_the_plain_one(counter, key):
    assert compiled_philox(counter, key) == plain_philox(counter, key)


@given(key=longs, process=words, year=words, index=words)
def test_a_pair_is_the_words_at_its_counter(key, process, year, index):
    w = plain_philox([index, year, process, 0], [key & MASK, key >> 32])
    want = tuple(((hi << 32 | lo) // 4096 + 0.5) * 2.0**-52 for lo, hi in (w[:2], w[2:]))
    arguments = [np.uint64(value) for value in (key, process, year, index)]
    pair = uniform_pair(*arguments)
    assert pair == want
    assert all(0.0 < u < 1.0 for u in pair)
    assert uniform(*arguments) == pair[0]


@pytest.mark.parametrize("draws", [0, 1, 3, 8, 61])
def test_many_draws_at_a_time_are_those_one_by_one(draws):
    key, process = np.uint64(2**63 + 5), np.uint64(2**32 - 1)
    years = np.arange(draws, dtype=np.uint64) + np.uint64(2**32 - 70)
    indices = np.arange(draws, dtype=np.uint64) * np.uint64(2**26 + 1)
    words = np.zeros((4, draws + 1), np.uint64)
    many_words(key, process, years, indices, words)
    low, high = key & np.uint64(0xFFFFFFFF), key >> np.uint64(32)
    for n in range(draws):
        alone = philox4x32(indices[n], years[n], process, np.uint64(0), low, high)
        assert tuple(words[:, n]) == alone
    assert words[:, draws].tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("cells", [0, 1, 8, 61])
def test_the_first_numbers_of_many_keys_are_those_one_by_one(cells):
    keys = np.array([plain_key(n) for n in range(cells)], np.uint64)
    low, high = np.zeros(cells, np.uint64), np.zeros(cells, np.uint64)
    process, year = np.uint64(2**32 - 2), np.uint64(2**31 + 9)
    many_firsts(keys, process, year, low, high)
    for n, key in enumerate(keys):
        assert uniform_of(low[n], high[n]) == uniform(key, process, year, np.uint64(0))


def plain_key(number):
    return (0x9E3779B97F4A7C15 * (number + 1)) % 2**64


@given(seed=longs, cell=longs)
def test_a_key_is_the_cell_enciphered_with_the_seed(seed, cell):
    w = plain_philox([seed & MASK, seed >> 32, cell & MASK, cell >> 32], [0, 0])
    assert int(stream_key(np.uint64(seed), np.uint64(cell))) == w[1] << 32 | w[0]


def test_the_extreme_words_stay_strictly_between_zero_and_one():
    """The formula at its ends: with 53 bits the upper one would round to 1."""
    assert (0 + 0.5) * 2.0**-52 > 0.0
    assert (2**52 - 1 + 0.5) * 2.0**-52 < 1.0
    assert (2**53 - 1 + 0.5) * 2.0**-53 == 1.0


@kernel
def draw(key: np.uint64, process: int, year: int, step: tuple[int, int], out: np.ndarray) -> None:
    for i in range(out.shape[0]):
        pair = uniform_pair(key, process, year + i * step[0], i * step[1])
        out[i, 0], out[i, 1] = pair


def stream(
    cell: str, process: int = 0, year: int = 0, step: tuple[int, int] = BY_INDEX
) -> np.ndarray:
    out = np.empty((DRAWS, 2))
    key = np.uint64(stream_key(np.uint64(20260301), np.uint64(hash64(cell))))
    draw(key, process, year, step, out)
    return out


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(a, b)[0, 1]) * np.sqrt(a.size)


@pytest.mark.parametrize("step", [BY_INDEX, BY_YEAR])
def test_draws_are_uniform(step: tuple[int, int]):
    """A chi-square of 256 cells within five of its standard deviations, sqrt(2 * 255)."""
    for column in stream("cell", step=step).T:
        counts = np.bincount((column * 256).astype(np.int64), minlength=256)
        expected = DRAWS / 256
        chi_square = float(((counts - expected) ** 2).sum() / expected)
        assert abs(chi_square - 255.0) < FIVE_SIGMA * np.sqrt(2.0 * 255.0)


@pytest.mark.parametrize("step", [BY_INDEX, BY_YEAR])
def test_neighbours_in_a_stream_are_uncorrelated(step: tuple[int, int]):
    draws = stream("cell", step=step)
    first, second = draws[:, 0], draws[:, 1]
    assert abs(correlation(first, second)) < FIVE_SIGMA
    for lag in (1, 2, 7):
        assert abs(correlation(first[:-lag], first[lag:])) < FIVE_SIGMA


def test_streams_of_other_cells_processes_and_years_are_uncorrelated():
    first = stream("cell 1")[:, 0]
    others = [stream("cell 2"), stream("cell 1", process=1), stream("cell 1", year=1)]
    for other in others:
        assert abs(correlation(first, other[:, 0])) < FIVE_SIGMA
