"""Events that happen to the items of a policy one by one, such as to the members of a group.

Poisson counts of all items of a cell add up to one, which is drawn for them together and reaches
each policy and item in proportion to its mean: exact, at the cost of the events and not of the
items. Counts of other kinds are drawn item by item.

A contract has one place for an item of which several may stand in it. What the contract carries
for the item that an event hits is put there before the event and taken away after it.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rating.kernels.account import Account
from rating.kernels.distributions import frequency_quantile
from rating.kernels.jit import borrower, kernel
from rating.kernels.random import stream_key, uniform, uniform_pair
from sandbox.kernels.annual import Items, Risks
from sandbox.kernels.claims import claim_width, draw_cell, on_risk_at, silent

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
ROWS = np.uint64(1 << 40)
"""From here on stand the keys of single items under that of their cell."""


@borrower
def quiet(risks: Risks, items: Items, cell: int, key: np.uint64, year: int, times: Floats) -> bool:
    """Tell whether `draw_items` would draw nothing, as in most years of most cells."""
    first, last = items.offsets[cell], items.offsets[cell + 1]
    if first == last:
        return True
    for p in range(risks.event.size):
        u = uniform(key, np.uint64(risks.stream[p]), np.uint64(year), np.uint64(0))
        if items.means[p, cell] > 0.0 and (u > items.none[p, cell] or times[p] > 1.0):
            return False
    for r in range(first, last):
        if items.apart[r] == 1 and not silent(
            risks, r, stream_key(key, ROWS + np.uint64(r - first)), year, times
        ):
            return False
    return True


@kernel
def draw_items(
    risks: Risks, items: Items, cell: int, key: np.uint64, year: int, times: Floats
) -> tuple[Floats, Integers, Integers, Words, Integers]:
    """Draw the events of the items of a cell in a year as `draw_cell` does, and each one's row."""
    first, last = items.offsets[cell], items.offsets[cell + 1]
    n = float(risks.policies[cell])
    processes = risks.event.size
    counts = np.zeros(processes, dtype=np.int64)
    total = 0
    for p in range(processes):
        if items.means[p, cell] > 0.0:
            u = uniform(key, np.uint64(risks.stream[p]), np.uint64(year), np.uint64(0))
            if u > items.none[p, cell] or times[p] > 1.0:
                mean = n * items.means[p, cell] * times[p]
                counts[p] = int(frequency_quantile(0, mean, 1.0, u))
                total += counts[p]
    at = np.empty(total)
    process = np.empty(total, dtype=np.int64)
    index = np.empty(total, dtype=np.int64)
    keys = np.full(total, key, dtype=np.uint64)
    row = np.empty(total, dtype=np.int64)
    claim = 0
    for p in range(processes):
        width = claim_width(risks, p)
        stream = np.uint64(risks.stream[p])
        for j in range(counts[p]):
            start = 1 + j * width
            u, t = uniform_pair(key, stream, np.uint64(year), np.uint64(start))
            policy = min(math.floor(u * n), n - 1.0)
            reached = (u * n - policy) * items.shares[p, last - 1]
            at[claim] = policy + on_risk_at(risks, cell, t)
            process[claim] = p
            index[claim] = start + 1
            row[claim] = first + np.searchsorted(items.shares[p, first:last], reached, side="right")
            row[claim] = min(row[claim], last - 1)
            claim += 1
    for r in range(first, last):
        if items.apart[r] == 0:
            continue
        own = stream_key(key, ROWS + np.uint64(r - first))
        one_at, one_process, one_index, one_keys = draw_cell(
            risks, r, risks.policies[r], own, year, times
        )
        at, process = np.concatenate((at, one_at)), np.concatenate((process, one_process))
        index, keys = np.concatenate((index, one_index)), np.concatenate((keys, one_keys))
        row = np.concatenate((row, np.full(one_at.size, r, dtype=np.int64)))
    return at, process, index, keys, row


@kernel
def beside_items(
    cell: int,
    whole: tuple[Floats, Integers, Integers, Words],
    single: tuple[Floats, Integers, Integers, Words, Integers],
) -> tuple[Floats, Integers, Integers, Words, Integers]:
    """Give the events of policies and of their items in order of policy and time, with their rows.

    The row of what happens to a policy as a whole is its cell.
    """
    at = np.concatenate((whole[0], single[0]))
    process = np.concatenate((whole[1], single[1]))
    index = np.concatenate((whole[2], single[2]))
    keys = np.concatenate((whole[3], single[3]))
    row = np.concatenate((np.full(whole[0].size, cell, dtype=np.int64), single[4]))
    order = np.argsort(at)
    return at[order], process[order], index[order], keys[order], row[order]


class Kept(NamedTuple):
    """What policies of a cell carry for the items that events have hit, event by event.

    last     [item of the cell] the last event that hit it, of whichever policy; -1 for none
    used     [event, stage];  reduced: [event];  due: [event, effect]
    alive, paid, met, since  [event, entry] of entries that items have for themselves
    """

    last: Integers
    used: Floats
    reduced: Floats
    due: Floats
    alive: Integers
    paid: Integers
    since: Floats
    met: Integers


@kernel
def keep_room(account: Account, events: int, items: int) -> Kept:
    """Make room for the events of a cell."""
    entries = account.alive.size
    return Kept(
        np.full(items, -1, dtype=np.int64),
        np.zeros((events, account.used.shape[0])),
        np.zeros(events),
        np.zeros((events, account.due.shape[0])),
        np.zeros((events, entries), dtype=np.int64),
        np.zeros((events, entries), dtype=np.int64),
        np.zeros((events, entries)),
        np.zeros((events, entries, account.met.shape[1]), dtype=np.int64),
    )


@borrower
def put(account: Account, items: Items, item: int, kept: Kept, place: int, begun: int) -> None:
    """Put what the contract carries for an item into its place; it is new before its first event.

    Balances are kept of an item that may stand several times; any other has a place of its own.

    item   its place among the items of the product;  place: among those of the cell
    begun  the first event of the policy: earlier ones are of other policies of the cell
    """
    event = kept.last[place]
    new = event < begun
    if items.many[item] == 1:
        for stage in range(account.used.shape[0]):
            account.used[stage, item + 1] = 0.0 if new else kept.used[event, stage]
        account.reduced[item + 1] = 0.0 if new else kept.reduced[event]
        for effect in range(account.due.shape[0]):
            account.due[effect, item + 1] = math.nan if new else kept.due[event, effect]
    for entry in range(items.own.size):
        if items.own[entry] == 0:
            continue
        account.alive[entry] = 1 if new else kept.alive[event, entry]
        account.paid[entry] = 0 if new else kept.paid[event, entry]
        account.last[entry] = math.nan if new else kept.since[event, entry]
        for choice in range(account.met.shape[1]):
            account.met[entry, choice] = 0 if new else kept.met[event, entry, choice]


@borrower
def keep(account: Account, items: Items, item: int, kept: Kept, place: int, event: int) -> None:
    """Keep what the contract carries for an item after an event that hit it."""
    kept.last[place] = event
    for stage in range(account.used.shape[0]):
        kept.used[event, stage] = account.used[stage, item + 1]
    kept.reduced[event] = account.reduced[item + 1]
    for effect in range(account.due.shape[0]):
        kept.due[event, effect] = account.due[effect, item + 1]
    for entry in range(items.own.size):
        kept.alive[event, entry] = account.alive[entry]
        kept.paid[event, entry] = account.paid[entry]
        kept.since[event, entry] = account.last[entry]
        for choice in range(account.met.shape[1]):
            kept.met[event, entry, choice] = account.met[entry, choice]
