"""Numbers of years that are spread evenly rather than drawn each by itself.

A number is named by (key, process, year, index) as ``rating.kernels.random`` has it, and each is
uniform by itself, whatever the others are. Years are drawn together in replicates of `rows` years,
and what ties the years of one is a pure function of (key, process, replicate): no other process,
cell, thread or block moves it.

Sources: M. D. McKay, R. J. Beckman and W. J. Conover, "A comparison of three methods for selecting
values of input variables", Technometrics 21 (1979); A. B. Owen, "Randomly permuted (t,m,s)-nets and
(t,s)-sequences" (1995) and "Latin supercube sampling for very high-dimensional simulations", ACM
Transactions on Modeling and Computer Simulation 8 (1998); J. M. Hammersley and K. W. Morton, "A new
Monte Carlo technique: antithetic variates" (1956); M. Luby and C. Rackoff, "How to construct
pseudorandom permutations", SIAM Journal on Computing 17 (1988).
"""

import numpy as np
import numpy.typing as npt

from rating.kernels.jit import borrower, kernel
from rating.kernels.random import LOW_WORD, WORD, philox4x32, uniform

Words = npt.NDArray[np.uint64]
PLAIN, ANTITHETIC, LATIN_HYPERCUBE, SOBOL = range(4)
DIMENSIONS = 8
"""Numbers of a process, or lines of a factor, that are spread; those behind them are drawn."""
LARGEST = 1.0 - 2.0**-53
"""The largest number below 1."""
ROUNDS = 4
ORDER, SCRAMBLE = 1, 2
"""Last words of the counters of orders and scrambles; that of a number is 0."""
TOGETHER = 7
"""Levels of digits that one call of the generator scrambles: 127 nodes, a bit for each."""


Drivers = npt.NDArray[np.uint64]
"""How the numbers of years are drawn: empty where each is drawn by itself, else CODE, ROWS and BITS
(of the number of the last of ROWS years, which are a replicate), then by dimension what each bit of
the number of a point adds to its digits. One array, since a tuple of several takes longer to hand
from kernel to kernel than a number takes to draw."""
CODE, ROWS, BITS, DIRECTIONS = range(4)
ALONE: Drivers = np.zeros(0, dtype=np.uint64)
"""Each number is drawn by itself."""


def together(code: int, rows: int, bits: int = 0, directions: Words | None = None) -> Drivers:
    """Lay out how numbers of years are drawn together; directions: [dimension, bit]."""
    head = np.array([code, rows, bits], dtype=np.uint64)
    return head if directions is None else np.concatenate([head, directions.ravel()])


@kernel
def mixed(x: np.uint64, key: np.uint64) -> np.uint64:
    """Return 32 bits that hang on all bits of x and of the key, both of 32 bits."""
    x = ((x + key) * np.uint64(0x9E3779B1)) & LOW_WORD
    x ^= x >> np.uint64(15)
    x = (x * np.uint64(0x85EBCA77)) & LOW_WORD
    return x ^ (x >> np.uint64(13))


@kernel
def place(
    row: int, rows: int, bits: int, key: np.uint64, process: np.uint64, turn: int, dimension: int
) -> int:
    """Return the place of a row in a random order of 0 … rows - 1, which a replicate has.

    A Feistel network on the least power of two that holds them, walked until it comes out below
    `rows`, then turned by a random number, so that each place is equally likely for every row.
    """
    w0, w1, w2, w3 = philox4x32(
        np.uint64(dimension),
        np.uint64(turn),
        process,
        np.uint64(ORDER),
        key & LOW_WORD,
        key >> WORD,
    )
    low = np.uint64(bits // 2)
    first = (np.uint64(1) << np.uint64(bits - bits // 2)) - np.uint64(1)
    second = (np.uint64(1) << low) - np.uint64(1)
    found = np.uint64(row)
    while True:
        left, right = found >> low, found & second
        a, b = w0, w1
        for _ in range(ROUNDS):
            left ^= mixed(right, a) & first
            right ^= mixed(left, b) & second
            a, b = mixed(a, w2), mixed(b, w2)
        found = (left << low) | right
        if found < np.uint64(rows):
            break
    return int((found + ((w3 * np.uint64(rows)) >> WORD)) % np.uint64(rows))


@borrower
def digits(drivers: Drivers, number: int, dimension: int) -> np.uint64:
    """Return the leading binary digits of a coordinate of a point of the sequence."""
    found = np.uint64(0)
    first = DIRECTIONS + dimension * int(drivers[BITS])
    bit = 0
    while number >> bit:
        if (number >> bit) & 1:
            found ^= drivers[first + bit]
        bit += 1
    return found


@kernel
def scrambled(
    point: np.uint64, bits: int, key: np.uint64, process: np.uint64, turn: int, dimension: int
) -> np.uint64:
    """Return the digits with each one flipped, or not, by a bit that hangs on those before it."""
    found = np.uint64(0)
    for first in range(0, bits, TOGETHER):
        before = point >> np.uint64(bits - first)
        words = philox4x32(
            np.uint64(dimension + (first << 8)),
            np.uint64(turn),
            process,
            np.uint64(SCRAMBLE) + before,
            key & LOW_WORD,
            key >> WORD,
        )
        node = 1
        for level in range(first, min(first + TOGETHER, bits)):
            digit = (point >> np.uint64(bits - 1 - level)) & np.uint64(1)
            flip = (words[node >> 5] >> np.uint64(node & 31)) & np.uint64(1)
            found = (found << np.uint64(1)) | (digit ^ flip)
            node = 2 * node + int(digit)
    return found


@borrower
def twin_of(drivers: Drivers, year: int) -> tuple[int, float]:
    """Return whose numbers a year has, and 1 where it has 1 - u in the place of each, else 0."""
    if drivers.size > 0 and int(drivers[CODE]) == ANTITHETIC and year % 2 == 1:
        return year - 1, 1.0
    return year, 0.0


@borrower
def moved(
    drivers: Drivers,
    u: float,
    key: np.uint64,
    process: np.uint64,
    year: int,
    index: int,
    dimension: int,
) -> float:
    """Return what takes the place of u, the number of a year that is drawn by itself.

    dimension  which of the numbers of the process it is; from DIMENSIONS on each is drawn by itself
    """
    code = int(drivers[CODE]) if drivers.size > 0 else PLAIN
    if code == ANTITHETIC:
        twin, mirror = twin_of(drivers, year)
        return abs(mirror - uniform(key, process, np.uint64(twin), np.uint64(index)))
    if code == PLAIN or dimension >= DIMENSIONS:
        return u
    rows, bits = int(drivers[ROWS]), int(drivers[BITS])
    turn, row = year // rows, year % rows
    if code == LATIN_HYPERCUBE:
        stratum = place(row, rows, bits, key, process, turn, dimension)
    else:
        point = place(row, rows, bits, key, process, turn, 0)
        point_digits = digits(drivers, point, dimension)
        stratum = int(scrambled(point_digits, bits, key, process, turn, dimension))
    return min((stratum + u) / rows, LARGEST)


@kernel
def spread(
    drivers: Drivers, key: np.uint64, process: np.uint64, year: int, index: int, dimension: int
) -> float:
    """Return the number of a year, strictly between 0 and 1, as `moved` has it."""
    u = uniform(key, process, np.uint64(year), np.uint64(index))
    return moved(drivers, u, key, process, year, index, dimension)
