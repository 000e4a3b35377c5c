"""The expected cost of a cover or pool, as all methods of the engine give it."""

import math
from dataclasses import dataclass
from typing import Literal

Method = Literal["closed", "numeric", "events"]


@dataclass(frozen=True)
class Expected:
    """What a cover, or the covers of a pool together, cost a policy a year on average.

    group    names of covers
    method   closed form, numeric (quadrature and recursion), or events (sum of rate × loss)
    value    in currency;  bound: what the method may be off at most
    by_item  the value by item, empty where the cover has none
    variance of a policy's year, before limits of the year; not known in closed form
    """

    group: tuple[str, ...]
    method: Method
    value: float
    bound: float
    by_item: tuple[tuple[str, float], ...] = ()
    variance: float = math.nan
