"""Risk profiles for the laws: the golden quotes of a product that it accepts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct
from product_factory.numbers.hashing import hash64
from rating.encode import encode, readers
from rating.engines.collective.members import Members


@dataclass(frozen=True)
class Profile:
    """One risk, encoded: variables of the policy, and of each item (NaN where not insured).

    period  when it is on risk, as `Periods` has it for a cell; None: the year that begins with it
    members  the items of which several may stand in a policy; None where none may
    """

    name: str
    values: Mapping[str, float]
    items: Mapping[str, npt.NDArray[np.float64]]
    present: npt.NDArray[np.int64]
    period: tuple[int, int, int] | None = None
    members: Members | None = None

    @property
    def key(self) -> int:
        """The 64-bit hash that names its random numbers."""
        items = {name: column.tolist() for name, column in self.items.items()}
        if self.members is not None:
            held = {"member": self.members.item, **self.members.columns}
            items |= {f"{name} of each": column.tolist() for name, column in held.items()}
        return hash64(repr((sorted(self.values.items()), sorted(items.items()))))


def profiles(product: AssembledProduct) -> tuple[Profile, ...]:
    """Encode every golden quote that is not refused."""
    return tuple(
        profile_of(product, quote.name, quote.given)
        for quote in product.files.get("quotes", ())
        if "refused_by" not in quote.expect
    )


def profile_of(product: AssembledProduct, name: str, given: Mapping[str, Any]) -> Profile:
    """Encode a risk as a quote gives it."""
    known = readers(product)
    risk = encode(known, given)
    members: Members | None = None
    items: dict[str, npt.NDArray[np.float64]] = {}
    present = np.zeros(max(1, len(product.items)), dtype=np.int64)
    if risk.offsets is not None:
        places = risk.columns["item"].astype(np.int64)
        several = np.isin(places, [n for n, item in enumerate(known.items) if item in known.many])
        if known.many:
            columns = {one: risk.columns[one][several] for one in known.item_names}
            members = Members(np.array([0, several.sum()]), places[several], columns)
        places = places[~several]
        present[places] = 1
        for one in known.item_names:
            items[one] = np.full(len(product.items), np.nan)
            items[one][places] = risk.columns[one][~several]
    values = {one: float(risk.columns[one][0]) for one in product.variables}
    return Profile(name, values, items, present, members=members)
