"""Two hundred streams of every sort beside one another: no two know of each other.

All seeds are fixed, so that a bound is met for good or missed for good. With normal scores, the
largest of 19,900 correlations is above 5.5 once in 1,300 trials, and the sum of their squares, a
chi-square of as many degrees, is off by five of its deviations once in a million.
"""

import numpy as np
import pytest

from product_factory.numbers.hashing import hash64
from rating.kernels.jit import kernel
from rating.kernels.random import philox4x32, stream_key, uniform_pair

STREAMS, DRAWS = 200, 5_000
MOST, FIVE_SIGMA = 5.5, 5.0
SEED, CELL = np.uint64(20260301), np.uint64(hash64("cell"))


def key_of(seed: np.uint64, cell: np.uint64) -> int:
    return int(stream_key(seed, cell))


def numbered(key: int, process: int = 0, year: int = 0) -> tuple[int, int, int]:
    return key, process, year


KEY = key_of(SEED, CELL)
SORTS = {
    "cells by their hash": [
        numbered(key_of(SEED, np.uint64(hash64(f"cell {j}")))) for j in range(STREAMS)
    ],
    "cells numbered one after another": [
        numbered(key_of(SEED, np.uint64(j))) for j in range(STREAMS)
    ],
    "seeds s, s + 1, ...": [
        numbered(key_of(np.uint64(20260301 + j), CELL)) for j in range(STREAMS)
    ],
    "keys that differ in the last digits": [numbered(KEY + j) for j in range(STREAMS)],
    "keys that differ in one bit": [numbered(KEY ^ (1 << j)) for j in range(64)],
    "claimants and policies of a cell": [
        numbered(key_of(np.uint64(KEY), np.uint64(j))) for j in range(STREAMS)
    ],
    "processes": [numbered(KEY, process=j) for j in range(STREAMS)],
    "processes far apart in one bit": [numbered(KEY, process=1 << j) for j in range(32)],
    "years": [numbered(KEY, year=j) for j in range(STREAMS)],
}


@kernel
def draw(key: np.uint64, process: int, year: int, out: np.ndarray) -> None:
    for i in range(out.shape[0]):
        pair = uniform_pair(key, process, year, i)
        out[i, 0], out[i, 1] = pair


def drawn(stream: tuple[int, int, int], draws: int = DRAWS) -> np.ndarray:
    key, process, year = stream
    out = np.empty((draws, 2))
    draw(np.uint64(key), process, year, out)
    return out


@pytest.mark.parametrize("sort", SORTS)
def test_streams_are_uncorrelated_pair_by_pair(sort):
    """In step, and each against the next draw of the other."""
    columns = np.stack([drawn(stream)[:, 0] for stream in SORTS[sort]])
    scores = (columns - 0.5) * np.sqrt(12.0)
    for lag in (0, 1):
        ahead, behind = scores[:, lag:], scores[:, : DRAWS - lag]
        found = ahead @ behind.T / np.sqrt(DRAWS - lag)
        pairs = found[np.triu_indices(len(found), 1)]
        assert np.abs(pairs).max() < MOST
        off = (pairs**2).sum() - pairs.size
        assert abs(off) < FIVE_SIGMA * np.sqrt(2.0 * pairs.size)


@pytest.mark.parametrize("sort", SORTS)
def test_streams_laid_one_after_another_are_uniform_in_the_plane(sort):
    """A chi-square of 32 x 32 cells: of both numbers of a draw, and of neighbouring streams."""
    draws = np.stack([drawn(stream) for stream in SORTS[sort]])
    planes = {
        "pair": (draws[:, :, 0], draws[:, :, 1]),
        "next": (draws[:, :-1, 0], draws[:, 1:, 0]),
        "neighbour": (draws[:-1, :, 0], draws[1:, :, 0]),
    }
    for name, (one, other) in planes.items():
        cell = (one * 32).astype(np.int64) * 32 + (other * 32).astype(np.int64)
        counts = np.bincount(cell.ravel(), minlength=1024)
        expected = cell.size / 1024
        chi_square = float(((counts - expected) ** 2).sum() / expected)
        assert abs(chi_square - 1023.0) < FIVE_SIGMA * np.sqrt(2.0 * 1023.0), name


def bits_of(columns: np.ndarray) -> np.ndarray:
    """Give the 52 bits of each number, [number, bit]."""
    whole = (columns * 2.0**52).astype(np.uint64)
    return (whole[:, None] >> np.arange(52, dtype=np.uint64)) & np.uint64(1)


def test_every_bit_is_even_and_knows_nothing_of_the_others_nor_of_the_draw_before():
    bits = bits_of(drawn(numbered(KEY), 50_000).ravel()).astype(np.float64) * 2.0 - 1.0
    size = len(bits)
    assert np.abs(bits.sum(axis=0)).max() < FIVE_SIGMA * np.sqrt(size)
    between = bits.T @ bits / np.sqrt(size)
    assert np.abs(between[np.triu_indices(52, 1)]).max() < FIVE_SIGMA
    after = bits[1:].T @ bits[:-1] / np.sqrt(size - 1)
    assert np.abs(after).max() < FIVE_SIGMA


@kernel
def flipped(word: int, bit: int, trials: int, counts: np.ndarray) -> None:
    """Count how often each bit of the output turns as one bit of the input does."""
    for trial in range(trials):
        given = np.zeros(6, np.uint64)
        given[0], given[1] = np.uint64(trial), np.uint64(7)
        before = philox4x32(given[0], given[1], given[2], given[3], given[4], given[5])
        given[word] ^= np.uint64(1) << np.uint64(bit)
        after = philox4x32(given[0], given[1], given[2], given[3], given[4], given[5])
        for lane in range(4):
            turned = before[lane] ^ after[lane]
            for place in range(32):
                counts[32 * lane + place] += (turned >> np.uint64(place)) & np.uint64(1)


def test_any_bit_of_counter_or_key_turns_every_bit_of_the_words_half_of_the_time():
    trials = 1_000
    for word in range(6):
        for bit in range(0, 32, 5):
            counts = np.zeros(128, np.int64)
            flipped(word, bit, trials, counts)
            assert np.abs(counts - trials / 2).max() < FIVE_SIGMA * np.sqrt(trials / 4)
