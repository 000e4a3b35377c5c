"""A locked product → a published version: append-only, its number held to what changed."""

from dataclasses import dataclass
from datetime import date

from product_factory.assembled import AssembledProduct
from product_factory.diff.change import Difference
from product_factory.diff.compare import compare
from product_factory.diff.told import summary
from product_factory.errors import BadInput
from product_factory.lock.published import Published, all_published, snapshot, version_path
from product_factory.lock.raising import numbers, raised, reason
from rating.plan import fresh
from sandbox.files import ready, write_whole
from sandbox.lock.check import check_lock


@dataclass(frozen=True)
class Publication:
    """What became of a wish to publish.

    version   the published version;  new: whether it was published now or stood there already
    changes   what differs from the version before, None for the first
    """

    published: Published
    new: bool
    changes: Difference | None


def publish(product: AssembledProduct, on: date) -> Publication:
    """Publish a product as it is locked, as of a day that is given.

    Publishing a version again with the same content changes nothing. Raises Stale where a rate is
    not built from what the product says, and BadInput where the lock has drifted, the version is
    published with other content, or its number is too low for what changed since the last one.
    """
    fresh(product)
    drifted = check_lock(product)
    if drifted:
        first = f"{drifted[0].name}: {drifted[0].text}"
        more = f", and {len(drifted) - 1} more" if len(drifted) > 1 else ""
        raise _refused(product, f"expected the product as it is locked; {first}{more}")
    values, version = product.effective, product.product.version
    past = all_published(product.shelf, product.name)
    again = next((one for one in past if one.version == version), None)
    if again is not None:
        found = compare(again.effective(), values)
        if not found.changes:
            return Publication(again, new=False, changes=None)
        least = raised(past[-1].version, _since(past[-1], product).foremost or found.foremost)
        text = f"{version} is published with other content: {summary(found)}; raise it to {least}"
        raise _refused(product, text)
    changes = _since(past[-1], product) if past else None
    if changes is not None:
        _high_enough(product, past[-1].version, changes)
    if past and on < date.fromisoformat(past[-1].published):
        text = f"expected a day from {past[-1].published} on, when {past[-1].version} was published"
        raise _refused(product, f"{text}, got {on}")
    drafted = product.product.drafted
    if drafted is not None and on < drafted:
        raise _refused(product, f"expected a day from {drafted} on, the first draft, got {on}")
    previous = past[-1].digest if past else ""
    made = snapshot(values, product.shelf, on, drafted, previous)
    path = version_path(product.shelf, product.name, version)
    write_whole(ready(path.parent) / path.name, made.text().encode())
    return Publication(made, new=True, changes=changes)


def _since(last: Published, product: AssembledProduct) -> Difference:
    """Give what differs from the last published version, its number apart."""
    found = compare(last.effective(), product.effective)
    kept = tuple(change for change in found.changes if change.path != "version")
    return Difference(found.old, found.new, kept)


def _high_enough(product: AssembledProduct, last: str, changes: Difference) -> None:
    version = product.product.version
    if numbers(version) <= numbers(last):
        raise _refused(
            product, f"expected a version above {last}, the last published, got {version}"
        )
    kind = changes.foremost
    if kind is not None and numbers(version) < numbers(raised(last, kind)):
        least = raised(last, kind)
        raise _refused(product, f"expected {least} or higher ({reason(kind)}), got {version}")


def _refused(product: AssembledProduct, text: str) -> BadInput:
    return BadInput.one(product.product.place("version"), "version", text)
