"""A year of a portfolio: claims drawn cell by cell, storms drawn once, all paid by the same kernel.

Random numbers are named by (seed, cell, process, year, index), so that a year is the same whoever
computes it and whatever stands beside it. A year is summed by one thread, cell by cell.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rating.kernels.distributions import drawn, frequency_quantile
from rating.kernels.jit import borrower, kernel
from rating.kernels.random import stream_key, uniform, uniform_pair
from rating.kernels.settle import Claims
from sandbox.kernels.strata import Drivers, moved, spread

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
ONCE, EACH, ALIKE = range(3)
"""How a mark is drawn: one for all items, or one for each."""
Words = npt.NDArray[np.uint64]
DAYS = 365.0


class Risks(NamedTuple):
    """What happens to the policies of the cells; see `rating.engines.collective.annual`.

    A row follows the cells for each item that events hit one by one; what is [cell] has one too.

    policies, keys  [cell];  facts: [fact, cell];  item_facts: [fact, item, cell]
    days            [cell, 2] the first day on risk, 0 being the year's first, and the day after the
                    last; means and chances are those of that time
    present         [item, cell]
    context         [cell, name];  day, age: places of date and days in force in it
    event, stream   [process]
    code, first, second  [process, cell] the count that is drawn for the policies of a cell
                    together: kind; mean of one policy and variance over mean, or of a binomial
                    count of claimants 1 and the chance that a policy has any event
    none            [process, cell] chance that the count is 0
    table           [process, cell] row of `tables`, -1 where events are counted, not claimants
    tables          [row, n] P(N <= n + 1 | N > 0), N the events of one policy; ends in 1
    chance_process, chance_mark  [chance]
    chance_given    [chance, choice above, 2] mark and number of choices, -1 for none
    chances         [chance, combination, cell, choice] cumulated
    draw_process, draw_mark  [draw];  draw_given: as chance_given
    draw_each       [draw] ONCE, EACH or ALIKE: for each item, from a number of its own or from one
    draw_code       [draw, combination, item, cell];  draw_parameters: […, 3]
    pieces          [row, 7] of composed severities, as ``drawn`` takes them
    draw_factor     [draw, cell] what a severity is multiplied by;  draw_cap: its largest value
    drivers         how the numbers of years are drawn
    """

    policies: Integers
    keys: Words
    days: Integers
    facts: Floats
    item_facts: Floats
    present: Integers
    context: Floats
    clock: Integers
    event: Integers
    stream: Integers
    code: Integers
    first: Floats
    second: Floats
    none: Floats
    table: Integers
    tables: Floats
    chance_process: Integers
    chance_mark: Integers
    chance_given: Integers
    chances: Floats
    draw_process: Integers
    draw_mark: Integers
    draw_each: Integers
    draw_given: Integers
    draw_code: Integers
    draw_parameters: Floats
    pieces: Floats
    draw_factor: Floats
    draw_cap: Floats
    marks: int
    item_marks: int
    drivers: Drivers


class Items(NamedTuple):
    """Events that happen to the items of policies one by one; see `sandbox.kernels.items`.

    offsets  [cell + 1] the first row of each cell, the rows of all standing behind the cells
    item     [row] its place among the items, -1 for a cell itself
    means    [process, cell] mean of the Poisson counts of all items of a policy together
    none     [process, cell] chance that no item of its policies has such an event
    shares   [process, row] the mean counts of a policy's items, cumulated
    apart    [row] 1 where a count of another kind is drawn for the item itself
    own      [entry] 1 where every item has its own count of payments, gap, and end of the cover
    many     [item of the product] 1 where several may stand in a policy, in one place for all
    """

    offsets: Integers
    item: Integers
    means: Floats
    none: Floats
    shares: Floats
    apart: Integers
    own: Integers
    many: Integers


class Storms(NamedTuple):
    """A catalogue: rates cumulated, the intensity at each place, the damage curve of each item.

    always  an event that happens every year besides, -1 for none
    """

    event: int
    stream: int
    cumulative: Floats
    place: Integers
    intensity: Floats
    damage: Floats
    mark: int
    intensity_mark: int
    chances: Floats
    chance_mark: Integers
    always: int


@borrower
def choose(cumulative: Floats, u: float) -> int:
    """Give the first place whose cumulated share reaches u."""
    low, high = 0, cumulative.size - 1
    while low < high:
        middle = (low + high) // 2
        if cumulative[middle] < u:
            low = middle + 1
        else:
            high = middle
    return low


@borrower
def combination(given: Integers, marks: Floats) -> int:
    """Give the number of a combination of choices; the last one counts fastest."""
    found = 0
    for above in range(given.shape[0]):
        if given[above, 0] >= 0:
            found = found * given[above, 1] + int(marks[given[above, 0]])
    return found


@kernel
def storm_counts(
    storms: Storms,
    drivers: Drivers,
    seed: np.uint64,
    first: int,
    times: Floats,
    counts: Integers,
) -> None:
    """Count the storms of each year; the catalogue's own key stands for the whole portfolio.

    times  [year] what the rates are multiplied by
    """
    key = stream_key(seed, np.uint64(0))
    total = storms.cumulative[-1] if storms.cumulative.size else 0.0
    for year in range(counts.size):
        u = spread(drivers, key, np.uint64(storms.stream), first + year, 0, 0)
        counts[year] = int(frequency_quantile(0, total * times[year], 1.0, u))
        counts[year] += 1 if storms.always >= 0 else 0


@kernel
def draw_storms(
    storms: Storms, drivers: Drivers, seed: np.uint64, year: int, which: Integers, when: Floats
) -> None:
    """Draw which storms come and when, in order of time."""
    key = stream_key(seed, np.uint64(0))
    total = storms.cumulative[-1] if storms.cumulative.size else 0.0
    for number in range(which.size):
        index, stream = 1 + number, np.uint64(storms.stream)
        u, t = uniform_pair(key, stream, np.uint64(year), np.uint64(index))
        u = moved(drivers, u, key, stream, year, index, index)
        last = storms.always >= 0 and number == which.size - 1
        which[number] = storms.always if last else choose(storms.cumulative, u * total)
        when[number] = t
    order = np.argsort(when)
    which[:] = which[order]
    when[:] = when[order]


@borrower
def draw_marks(
    risks: Risks,
    cell: int,
    process: int,
    key: np.uint64,
    year: int,
    index: int,
    mirror: float,
    claims: Claims,
) -> int:
    """Draw the marks of a claim, each from its own number; gives the next free index.

    mirror  0, or 1 where the marks are those of 1 - u, u the numbers of the year
    """
    stream, when = np.uint64(risks.stream[process]), np.uint64(year)
    claims.marks[:] = math.nan
    claims.item_marks[:] = math.nan
    for c in range(risks.chance_process.size):
        if risks.chance_process[c] == process:
            u = abs(mirror - uniform(key, stream, when, np.uint64(index)))
            number = combination(risks.chance_given[c], claims.marks[0])
            place = choose(risks.chances[c, number, cell], u)
            claims.marks[0, risks.chance_mark[c]] = float(place)
            index += 1
    for d in range(risks.draw_process.size):
        if risks.draw_process[d] != process:
            continue
        u = 0.0
        number = combination(risks.draw_given[d], claims.marks[0])
        items = 1 if risks.draw_each[d] == ONCE else claims.present.size
        for item in range(items):
            if item == 0 or risks.draw_each[d] == EACH:
                u = abs(mirror - uniform(key, stream, when, np.uint64(index)))
                index += 1
            code = risks.draw_code[d, number, item, cell]
            if code < 0:
                continue
            p = risks.draw_parameters[d, number, item, cell]
            value = drawn(risks.pieces, code, p[0], p[1], p[2], u) * risks.draw_factor[d, cell]
            value = min(value, risks.draw_cap[d])
            if risks.draw_each[d] != ONCE:
                claims.item_marks[0, risks.draw_mark[d], item] = value
            else:
                claims.marks[0, risks.draw_mark[d]] = value
    return index
