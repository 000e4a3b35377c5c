"""The limit of settling a tower: one loop over the losses, all layers at once, for this problem.

Losses stand in order of year and time. A layer pays min(max(x - attachment, 0), limit) until its
limit is used up 1 + reinstatements times in a year; each reinstatement costs its price, as part of
the premium, for the part of the limit that it fills up.
"""

import numpy as np
from numba import njit

from tests.benchmarks.limits.stretches import stretches


@njit(nogil=True, cache=False)
def _settle(starts, losses, attachments, limits, prices, first, last, ceded, charged):
    layers = attachments.shape[0]
    for year in range(first, last):
        for layer in range(layers):
            attachment, limit = attachments[layer], limits[layer]
            left = limit * (1 + prices.shape[1])
            paid = 0.0
            for row in range(starts[year], starts[year + 1]):
                found = min(max(losses[row] - attachment, 0.0), limit)
                found = min(found, left)
                left -= found
                paid += found
            ceded[year, layer] = paid
            cost = 0.0
            for number in range(prices.shape[1]):
                cost += prices[layer, number] * min(max(paid - number * limit, 0.0), limit) / limit
            charged[year, layer] = cost


def settle(starts, losses, attachments, limits, prices, threads):
    """Give what each layer pays and what its reinstatements cost, [year, layer]."""
    years = len(starts) - 1
    ceded = np.empty((years, len(limits)))
    charged = np.empty_like(ceded)
    terms = (np.array(attachments), np.array(limits), np.array(prices))

    def work(first, last):
        _settle(starts, losses, *terms, first, last, ceded, charged)

    stretches(work, years, threads)
    return ceded, charged
