"""The kinds of reserves, by the word after `kind:` of a value."""

from collections.abc import Callable

from rating.engines.multistate.model import Model
from rating.reserves import (
    full_preliminary_term,
    gross_premium,
    modified_reserve,
    net_level,
    retrospective,
    statutory,
    zillmer,
)
from rating.reserves.given import Floats, Given

Reserve = Callable[[Model, Given], Floats]
RESERVES: dict[str, Reserve] = {
    "modified_reserve": modified_reserve.reserve,
    "net_level": net_level.reserve,
    "gross_premium": gross_premium.reserve,
    "full_preliminary_term": full_preliminary_term.reserve,
    "zillmer": zillmer.reserve,
    "retrospective": retrospective.reserve,
    "statutory": statutory.reserve,
}

__all__ = ["RESERVES", "Given", "Reserve"]
