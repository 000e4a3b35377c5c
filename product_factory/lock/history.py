"""Published versions in order, with what changed from one to the next, and how long it took."""

from dataclasses import dataclass
from datetime import date

from product_factory.diff.change import Difference
from product_factory.diff.compare import compare
from product_factory.effective.entry import Effective
from product_factory.lock.published import Published


@dataclass(frozen=True)
class Step:
    """A published version: the day, and what changed since the one before (None for the first)."""

    version: str
    published: date
    changes: Difference | None


@dataclass(frozen=True)
class History:
    """The history of a product.

    steps       published versions, oldest first
    unpublished what differs now from the last of them, None where none is published
    drafted     the day of the first draft as the product states it
    """

    product: str
    steps: tuple[Step, ...]
    unpublished: Difference | None
    drafted: date | None

    @property
    def days(self) -> int | None:
        """Days from first draft to first publication, None where either has no date."""
        if self.drafted is None or not self.steps:
            return None
        return (self.steps[0].published - self.drafted).days


def history(
    product: str, published: tuple[Published, ...], now: Effective, drafted: date | None
) -> History:
    """Tell the history of a product from its published versions and what it is now."""
    values = [one.effective() for one in published]
    steps = tuple(
        Step(
            one.version,
            date.fromisoformat(one.published),
            compare(values[place - 1], values[place]) if place else None,
        )
        for place, one in enumerate(published)
    )
    stated = [date.fromisoformat(one.drafted) for one in published[:1] if one.drafted]
    last = compare(values[-1], now) if values else None
    return History(product, steps, last, stated[0] if stated else drafted)
