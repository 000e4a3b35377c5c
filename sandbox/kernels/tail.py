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
    EACH,
    ONCE,
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
    group   [process, cell] the group of a cell
    upto    [draw, group, class] the shares of the classes of size, cumulated, as years were drawn
    usual   [process, cell] mean count of one policy by the original law
    times   [law, process, group] what each law multiplies mean counts by
    """

    storm: Integers
    group: Integers
    upto: Floats
    usual: Floats
    times: Floats


class Seen(NamedTuple):
    """What happened, each [year, …].

    storms  [year, class];  events: [year, process, group];  sizes: [year, draw, group, class]
    choices [year, chance, option];  amounts: [year, draw] the sum of all sizes
    ratio   [year, law] log of how much likelier each law makes which policies had which number of
            events, but for the part that does not depend on what happened
    """

    storms: Integers
    events: Integers
    sizes: Integers
    choices: Integers
    amounts: Floats
    ratio: Floats


@kernel
def see_years(
    risks: Risks,
    storms: Storms,
    classes: Classes,
    seed: np.uint64,
    first: int,
    factor: Floats,
    offsets: Integers,
    seen: Seen,
) -> None:
    """Read the years first … first + len(factor) - 1 again.

    risks    as the years were drawn
    factor   [year, process] what a shared factor multiplied mean counts by, 1 without
    offsets  [year + 1] how many storms came before each year
    """
    contract = room(risks)
    keys = np.array([stream_key(seed, key) for key in risks.keys])
    had = np.zeros(risks.event.size, dtype=np.int64)
    for y in range(factor.shape[0]):
        year = first + y
        which = np.empty(offsets[y + 1] - offsets[y], dtype=np.int64)
        when = np.empty(which.size)
        draw_storms(storms, risks.drivers, seed, year, which, when)
        for storm in which:
            seen.storms[y, classes.storm[storm]] += 1
        for cell in range(risks.policies.size):
            if silent(risks, cell, keys[cell], year, factor[y]):
                continue
            at, process, index, streams = draw_cell(
                risks, cell, risks.policies[cell], keys[cell], year, factor[y]
            )
            enter(risks, cell, contract)
            policy = -1.0
            for claim in range(at.size):
                if math.floor(at[claim]) != policy:
                    policy = math.floor(at[claim])
                    had[:] = 0
                p = process[claim]
                group = classes.group[p, cell]
                seen.events[y, p, group] += 1
                if risks.table[p, cell] < 0:
                    for law in range(classes.times.shape[0]):
                        t = classes.times[law, p, group]
                        mean = classes.usual[p, cell] * factor[y, p]
                        seen.ratio[y, law] += likelier(risks, p, cell, t, mean, had[p])
                had[p] += 1
                key = streams[claim]
                see_marks(risks, cell, p, key, year, index[claim], contract, classes, seen, y)


@kernel
def likelier(risks: Risks, p: int, cell: int, times: float, mean: float, before: int) -> float:
    """Give what one more event of a policy adds to the log of the ratio.

    Poisson: ln t. Negative binomial of size r = mean / (dispersion - 1): a count n has the rising
    factorial of r, so that event i + 1 adds ln((r t + i) / (r + i)).
    mean    by the original law;  before: how many events of the process the policy had
    """
    if risks.code[p, cell] == 0:
        return log(times)
    r = mean / (risks.second[p, cell] - 1.0)
    return log((r * times + before) / (r + before))


@kernel
def see_marks(
    risks: Risks,
    cell: int,
    process: int,
    key: np.uint64,
    year: int,
    index: int,
    claims: Claims,
    classes: Classes,
    seen: Seen,
    y: int,
) -> None:
    """Count choices and classes of size of a claim, as `draw_marks` has them, and add sizes up.

    What no item has, or is not known for a combination, is not counted: nothing depends on it.
    """
    stream, when = np.uint64(risks.stream[process]), np.uint64(year)
    draw_marks(risks, cell, process, key, year, index, 0.0, claims)
    for c in range(risks.chance_process.size):
        if risks.chance_process[c] == process:
            seen.choices[y, c, int(claims.marks[0, risks.chance_mark[c]])] += 1
            index += 1
    group = classes.group[process, cell]
    for d in range(risks.draw_process.size):
        if risks.draw_process[d] != process:
            continue
        u, counted = 0.0, False
        number = combination(risks.draw_given[d], claims.marks[0])
        items = 1 if risks.draw_each[d] == ONCE else claims.present.size
        for item in range(items):
            if item == 0 or risks.draw_each[d] == EACH:
                u = uniform(key, stream, when, np.uint64(index))
                index += 1
                counted = False
            there = risks.draw_each[d] == ONCE or claims.present[item] == 1
            if not there or risks.draw_code[d, number, item, cell] < 0:
                continue
            mark = risks.draw_mark[d]
            if risks.draw_each[d] != ONCE:
                seen.amounts[y, d] += claims.item_marks[0, mark, item]
            else:
                seen.amounts[y, d] += claims.marks[0, mark]
            if not counted:
                seen.sizes[y, d, group, choose(classes.upto[d, group], u)] += 1
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
