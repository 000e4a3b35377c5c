"""Lexis counting: how long each life was at risk in each year of its axis, and where it ended.

A life is a line from the day it comes under observation to the day it leaves; the axis cuts it at
the anniversaries of a day of its own (start or birth). Exposure is the share of each such year that
the line covers, so that a whole year counts 1 whether it has 365 or 366 days. The day on which
observation ends closes the year it ends: an event on an anniversary belongs to the year before it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Days = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
MONTHS = 12


@dataclass(frozen=True)
class Counts:
    """What a group experienced.

    exposure  [group, place] life-years at risk (central);  events: [group, place] how many
    """

    exposure: Floats
    events: Floats


def anniversaries(since: Days, years: int) -> Days:
    """Give the day numbers of the anniversaries; 29 February falls on the 28th in other years."""
    day = since.astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    of_month = (day - month).astype(np.int64)
    then = month + MONTHS * years
    first = then.astype("datetime64[D]")
    length = ((then + 1).astype("datetime64[D]") - first).astype(np.int64)
    days: Days = first.astype(np.int64) + np.minimum(of_month, length - 1)
    return days


def count(
    enters: Days,
    leaves: Days,
    happened: npt.NDArray[np.bool_],
    clock: Days,
    group: Days,
    groups: int,
    places: range,
) -> Counts:
    """Count lives in groups along an axis.

    enters, leaves  [life] day numbers of the observation, leaves >= enters
    happened        [life] whether it ended with the event that is counted
    clock           [life] the day from which the axis counts: place p runs from its pth
                    anniversary (so policy year 1 is place 0) to the eve of the next
    group           [life] place of its group
    """
    exposure = np.zeros((groups, len(places)))
    events = np.zeros((groups, len(places)))
    opens = anniversaries(clock, places.start)
    for column, place in enumerate(places):
        closes = anniversaries(clock, place + 1)
        low, high = np.maximum(enters, opens), np.minimum(leaves, closes)
        share = np.maximum(high - low, 0) / (closes - opens)
        exposure[:, column] = np.bincount(group, weights=share, minlength=groups)
        # a life that leaves on its first day has no earlier year to belong to
        first_day = (leaves == enters) & (leaves == opens)
        ends_here = ((leaves > opens) & (leaves <= closes)) | (first_day & (enters == clock))
        ends_here &= happened
        events[:, column] = np.bincount(group[ends_here], minlength=groups)
        opens = closes
    return Counts(exposure, events)
