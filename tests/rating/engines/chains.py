"""Random chains, and the textbook written slowly: one dense matrix a step, sums by fsum."""

import math

import numpy as np

from rating.engines.multistate.chain import ENDED, Chain, Sheet, Stream

MOST_STATES = 8
MOST_STEPS = 12


def random_sheet(rng, cells, steps, columns, draw):
    """A sheet that shares rows, periods and scales, or does not."""
    rows = int(rng.integers(1, cells + 1))
    periods = int(rng.integers(1, steps + 1)) if steps else 1
    shares = rng.random(3) < 0.5
    return Sheet(
        draw((rows if shares[0] else cells, periods if shares[1] else steps, columns)),
        rng.integers(0, rows, cells) if shares[0] else None,
        np.sort(rng.integers(0, periods, steps)) if shares[1] else None,
        rng.uniform(-2.0, 2.0, cells) if shares[2] else None,
    )


def random_chain(seed, states=None):
    """A chain of 2 to 8 states (or as many as asked for) with recovery, shared rates, all payments.

    Rates are such that even the state with most ways out keeps somebody, or nobody at all.
    """
    rng = np.random.default_rng(seed)
    size = states or int(rng.integers(2, MOST_STATES + 1))
    steps, cells = int(rng.integers(1, MOST_STEPS + 1)), int(rng.integers(1, 4))
    count = int(rng.integers(1, 3 * size + 1))
    source = rng.integers(0, size, count)
    target = rng.integers(ENDED, size, count)
    columns = int(rng.integers(1, count + 1))
    rate_of = rng.integers(0, columns, count)
    most = np.bincount(source, minlength=size).max()
    rates = random_sheet(rng, cells, steps, columns, lambda shape: rng.random(shape) ** 3 / most)
    rates = Sheet(rates.values, rates.row, rates.period)
    streams = []
    for number in range(int(rng.integers(1, 4))):
        pays = int(rng.integers(1, 4))
        kind = rng.integers(0, 3)
        shares = rng.random() < 0.3
        flow_columns = 1 if rng.random() < 0.5 else int(rng.integers(1, 4)) if shares else size
        money = lambda shape: rng.uniform(-100.0, 1000.0, shape)  # noqa: E731 - local
        streams.append(
            Stream(
                f"stream {number}",
                random_sheet(rng, cells, steps, pays, money) if kind != 1 else None,
                rng.integers(-1, pays, count) if kind != 1 else None,
                random_sheet(rng, cells, steps + 1, flow_columns, money) if kind != 0 else None,
                rng.integers(-1, flow_columns, size) if shares and kind != 0 else None,
            )
        )
    return Chain(
        states=tuple(f"state {number}" for number in range(size)),
        source=source,
        target=target,
        rates=rates,
        rate_of=rate_of,
        streams=tuple(streams),
        discount=rng.uniform(0.85, 1.02, steps),
        lasts=rng.integers(0, steps + 1, cells),
        start=rng.dirichlet(np.ones(size), cells) if rng.random() < 0.5 else None,
    )


def flows(chain, stream):
    """What is paid in each state: [cell, time, state]."""
    found = np.zeros((chain.cells, chain.steps + 1, len(chain.states)))
    if stream.flow is not None:
        full = stream.flow.full(chain.cells, chain.steps + 1)
        for state in range(len(chain.states)):
            column = stream.flow_of[state] if stream.flow_of is not None else state % full.shape[2]
            if column >= 0:
                found[:, :, state] = full[:, :, column]
    return found


class Textbook:
    """One cell of a chain: matrices P(k), payments on each pair of states, everything by the book.

    The contract's end is a state of its own, the last, that nobody leaves and that pays nothing.
    """

    def __init__(self, chain, cell):
        self.last, self.v = int(chain.lasts[cell]), [1.0]
        for k in range(self.last):
            self.v.append(self.v[k] * float(chain.discount[k]))
        size = len(chain.states) + 1
        rates = chain.rates.full(chain.cells, chain.steps)[cell]
        self.start = np.append(chain.starting[cell], 0.0)
        self.matrix = [np.eye(size) for _ in range(self.last)]
        self.moved = [[] for _ in range(self.last)]
        for k in range(self.last):
            for j, (source, target) in enumerate(zip(chain.source, chain.target, strict=True)):
                rate = rates[k, chain.rate_of[j]]
                self.matrix[k][source, source] -= rate
                self.matrix[k][source, target if target >= 0 else size - 1] += rate
                self.moved[k].append((j, int(source), rate))
        self.streams = []
        for stream in chain.streams:
            paid = np.zeros((self.last, len(chain.source)))
            if stream.amounts is not None:
                full = stream.amounts.full(chain.cells, chain.steps)[cell]
                for j, of in enumerate(stream.amount_of):
                    if of >= 0:
                        paid[:, j] = full[: self.last, of]
            flow = np.zeros((self.last + 1, size))
            flow[:, : size - 1] = flows(chain, stream)[cell, : self.last + 1]
            self.streams.append((paid, flow))

    def occupancy(self):
        found = [self.start]
        for k in range(self.last):
            found.append(found[k] @ self.matrix[k])
        return found

    def payments(self, stream):
        """What is expected to be paid at each time."""
        alive = self.occupancy()
        paid, flow = self.streams[stream]
        found = []
        for k in range(self.last + 1):
            terms = list(alive[k] * flow[k])
            if k:
                terms += [
                    alive[k - 1][s] * rate * paid[k - 1, j] for j, s, rate in self.moved[k - 1]
                ]
            found.append(math.fsum(terms))
        return found

    def present_value(self, stream):
        paid = self.payments(stream)
        return math.fsum(v * amount for v, amount in zip(self.v, paid, strict=True))

    def values(self, stream):
        """Backward, by state, the ended one included."""
        paid, flow = self.streams[stream]
        found = [flow[self.last]]
        for k in reversed(range(self.last)):
            later = self.matrix[k] @ found[0]
            for j, s, rate in self.moved[k]:
                later[s] += rate * paid[k, j]
            found.insert(0, flow[k] + self.v[k + 1] / self.v[k] * later)
        return np.array(found)
