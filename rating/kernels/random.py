"""Random numbers by key: Philox4x32-10, so that every draw is a pure function of what it is for.

A draw is named by (key, process, year, index); the key mixes the seed with the hash of the cell.
There is no state: adding a process, a cell, a thread or a block moves no other draw.

Source: J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, "Parallel random numbers: as easy as
1, 2, 3", SC11 (2011), and the known-answer vectors of the authors' Random123.
"""

import numpy as np
import numpy.typing as npt

from rating.kernels.jit import copied, kernel

ROUNDS = 10
MULTIPLIER_0 = np.uint64(0xD2511F53)
MULTIPLIER_1 = np.uint64(0xCD9E8D57)
WEYL_0 = np.uint64(0x9E3779B9)
WEYL_1 = np.uint64(0xBB67AE85)
LOW_WORD = np.uint64(0xFFFFFFFF)
WORD = np.uint64(32)
SPARE = np.uint64(12)
HALF = 0.5
STEP = 2.0**-52

Words = tuple[np.uint64, np.uint64, np.uint64, np.uint64]
ManyWords = npt.NDArray[np.uint64]


@copied
def philox4x32(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> Words:
    """Return the four 32-bit words of Philox4x32-10 at a counter under a key.

    Arguments and results are 32-bit words held in uint64, where every product is exact.
    """
    for _ in range(ROUNDS):
        p0 = MULTIPLIER_0 * c0
        p1 = MULTIPLIER_1 * c2
        c0 = (p1 >> WORD) ^ c1 ^ k0
        c1 = p1 & LOW_WORD
        c2 = (p0 >> WORD) ^ c3 ^ k1
        c3 = p0 & LOW_WORD
        k0 = (k0 + WEYL_0) & LOW_WORD
        k1 = (k1 + WEYL_1) & LOW_WORD
    return c0, c1, c2, c3


@kernel
def many_words(
    key: np.uint64, process: np.uint64, years: ManyWords, indices: ManyWords, words: ManyWords
) -> None:
    """Put into `words`, [word, draw], the four words of each draw of a process.

    years, indices  [draw] as in ``uniform_pair``
    Several draws are made at a time, which is some times as fast as one by one.
    """
    zero = np.uint64(0)
    k0, k1 = key & LOW_WORD, key >> WORD
    c2 = process & LOW_WORD
    w0, w1, w2, w3 = words[0], words[1], words[2], words[3]
    for n in range(indices.size):
        c0, c1 = indices[n] & LOW_WORD, years[n] & LOW_WORD
        w0[n], w1[n], w2[n], w3[n] = philox4x32(c0, c1, c2, zero, k0, k1)


@kernel
def many_firsts(
    keys: ManyWords, process: np.uint64, year: np.uint64, low: ManyWords, high: ManyWords
) -> None:
    """Put into `low` and `high` the words of the number of index 0 of a year, key by key.

    keys, low, high  [key];  process, year: as in ``uniform_pair``; ``uniform_of`` makes the number
    """
    zero = np.uint64(0)
    c1, c2 = year & LOW_WORD, process & LOW_WORD
    for n in range(keys.size):
        w0, w1, _, _ = philox4x32(zero, c1, c2, zero, keys[n] & LOW_WORD, keys[n] >> WORD)
        low[n], high[n] = w0, w1


@copied
def uniform_of(low: np.uint64, high: np.uint64) -> float:
    """Return the number of two words, as ``uniform_pair`` does."""
    return (np.float64(((high << WORD) | low) >> SPARE) + HALF) * STEP


@kernel
def stream_key(seed: np.uint64, cell: np.uint64) -> np.uint64:
    """Return the 64-bit key of a cell under a seed; both are 64-bit numbers.

    For one seed, about 2**32 cells may be told apart before two are likely to share a key.
    """
    s = np.uint64(seed)
    c = np.uint64(cell)
    w0, w1, _, _ = philox4x32(
        s & LOW_WORD, s >> WORD, c & LOW_WORD, c >> WORD, np.uint64(0), np.uint64(0)
    )
    return (w1 << WORD) | w0


@kernel
def uniform_pair(
    key: np.uint64, process: np.uint64, year: np.uint64, index: np.uint64
) -> tuple[float, float]:
    """Return two independent uniform numbers, both strictly between 0 and 1.

    process, year and index count from 0 and are below 2**32. Each number is (n + 1/2) / 2**52 with
    n of 52 bits: with 53 the largest would round to 1. So u and 1 - u are drawn alike, and 1 - u
    is exact.
    """
    k = np.uint64(key)
    w0, w1, w2, w3 = philox4x32(
        np.uint64(index) & LOW_WORD,
        np.uint64(year) & LOW_WORD,
        np.uint64(process) & LOW_WORD,
        np.uint64(0),
        k & LOW_WORD,
        k >> WORD,
    )
    first = ((w1 << WORD) | w0) >> SPARE
    second = ((w3 << WORD) | w2) >> SPARE
    return (np.float64(first) + HALF) * STEP, (np.float64(second) + HALF) * STEP


@kernel
def uniform(key: np.uint64, process: np.uint64, year: np.uint64, index: np.uint64) -> float:
    """Return the first of the two numbers of ``uniform_pair``."""
    return uniform_pair(key, process, year, index)[0]
