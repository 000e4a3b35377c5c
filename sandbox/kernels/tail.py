"""What happened in the years of a law: storms, events and sizes by class, and how likely it was.

The random numbers of `sandbox.kernels.year` are read again under the same names; nothing is paid.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from product_factory.numbers.portable import exp, log
from rating.kernels.jit import kernel
from rating.kernels.random import stream_key, uniform
from rating.kernels.settle import Claims
from sandbox.kernels.annual import (
    Risks,
    Storms,
    choose,
    combination,
    draw_marks,
    draw_storms,
)
from sandbox.kernels.claims import draw_cell, silent
from sandbox.kernels.year import enter, room

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


class Classes(NamedTuple):
    """How what happens is told apart, and the laws that it is held against.

    storm   [event of the catalogue] its class
    upto    [draw, class] the shares of the classes of size, cumulated, as the years were drawn
    times   [law, process] what each law multiplies mean counts by
    """

    storm: Integers
    upto: Floats
    times: Floats


class Seen(NamedTuple):
    """What happened, each [year, …].

    storms  [year, class];  events: [year, process];  sizes: [year, draw, class]
    ratio   [year, law] log of how much likelier each law makes which policies had which number of
            events, but for the part that does not depend on what happened
    """

    storms: Integers
    events: Integers
    sizes: Integers
    ratio: Floats


@kernel
def see_years(
    risks: Risks,
    storms: Storms,
    classes: Classes,
    seed: np.uint64,
    first: int,
    times: Floats,
    base: Floats,
    offsets: Integers,
    seen: Seen,
) -> None:
    """Read the years first … first + len(times) - 1 again.

    times    [year, process] what mean counts were multiplied by
    base     [year, process] the same by the original law: what a shared factor says, 1 without
    offsets  [year + 1] how many storms came before each year
    """
    contract = room(risks)
    keys = np.array([stream_key(seed, key) for key in risks.keys])
    had = np.zeros(risks.event.size, dtype=np.int64)
    for y in range(times.shape[0]):
        year = first + y
        which = np.empty(offsets[y + 1] - offsets[y], dtype=np.int64)
        when = np.empty(which.size)
        draw_storms(storms, seed, year, which, when)
        for storm in which:
            seen.storms[y, classes.storm[storm]] += 1
        for cell in range(risks.policies.size):
            if silent(risks, cell, keys[cell], year, times[y]):
                continue
            at, process, index, streams = draw_cell(
                risks, cell, risks.policies[cell], keys[cell], year, times[y]
            )
            enter(risks, cell, contract)
            policy = -1.0
            for claim in range(at.size):
                if math.floor(at[claim]) != policy:
                    policy = math.floor(at[claim])
                    had[:] = 0
                p = process[claim]
                seen.events[y, p] += 1
                if risks.table[p, cell] < 0:
                    for law in range(classes.times.shape[0]):
                        t = classes.times[law, p]
                        seen.ratio[y, law] += likelier(risks, p, cell, t, base[y, p], had[p])
                had[p] += 1
                key = streams[claim]
                see_sizes(risks, cell, p, key, year, index[claim], contract, classes, seen.sizes[y])


@kernel
def likelier(risks: Risks, p: int, cell: int, times: float, base: float, before: int) -> float:
    """Give what one more event of a policy adds to the log of the ratio.

    Poisson: ln t. Negative binomial of size r = base mean / (dispersion - 1): a count n has the
    rising factorial of r, so that event i + 1 adds ln((r t + i) / (r + i)).
    before  how many events of the process the policy had
    """
    if risks.code[p, cell] == 0:
        return log(times)
    r = risks.first[p, cell] * base / (risks.second[p, cell] - 1.0)
    return log((r * times + before) / (r + before))


@kernel
def see_sizes(
    risks: Risks,
    cell: int,
    process: int,
    key: np.uint64,
    year: int,
    index: int,
    claims: Claims,
    classes: Classes,
    sizes: Integers,
) -> None:
    """Count the class of each size that a claim draws, in the order of `draw_marks`.

    What no item has, or is not known for a combination, is not counted: nothing depends on it.
    """
    stream, when = np.uint64(risks.stream[process]), np.uint64(year)
    draw_marks(risks, cell, process, key, year, index, claims)
    for c in range(risks.chance_process.size):
        if risks.chance_process[c] == process:
            index += 1
    for d in range(risks.draw_process.size):
        if risks.draw_process[d] != process:
            continue
        u, counted = 0.0, False
        number = combination(risks.draw_given[d], claims.marks[0])
        items = claims.present.size if risks.draw_each[d] == 1 else 1
        for item in range(items):
            if item == 0 or risks.draw_together[d] == 0:
                u = uniform(key, stream, when, np.uint64(index))
                index += 1
                counted = False
            there = risks.draw_each[d] == 0 or claims.present[item] == 1
            if there and not counted and risks.draw_code[d, number, item, cell] >= 0:
                sizes[d, choose(classes.upto[d], u)] += 1
                counted = True


@kernel
def weigh(ratios: Floats, parts: Floats, weights: Floats) -> None:
    """Give each year what one of the original law counts for one that was drawn by a mixture.

    ratios  [year, law] logs of how much likelier each law makes it than the original one
    parts   [law] which part of the years was drawn by it; the rest by the original law
    weights [year] 1 / (rest + sum of parts × ratio), at most 1 / rest
    """
    rest = 1.0
    for law in range(parts.size):
        rest -= parts[law]
    for year in range(weights.size):
        total = rest
        for law in range(parts.size):
            total += parts[law] * exp(min(ratios[year, law], 700.0))
        weights[year] = 1.0 / total
