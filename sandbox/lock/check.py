"""Whether a product is still as it was locked."""

from product_factory.assembled import AssembledProduct
from product_factory.errors import At
from product_factory.lock.drift import drifts
from product_factory.lock.lock import lock_path, read_lock
from product_factory.rules.effective import with_rules
from sandbox.launch.finding import Finding
from sandbox.lock.make import lock_now


def check_lock(product: AssembledProduct) -> tuple[Finding, ...]:
    """Name everything that has drifted from the lock beside the product, by file and by value.

    Raises BadInput for a lock that cannot be read.
    """
    again = f"run: covercast lock {product.name}"
    place = At(product.shelf.label(lock_path(product.shelf, product.name)))
    locked = read_lock(product.shelf, product.name)
    if locked is None:
        return (Finding("lock", product.name, "error", f"there is no lock; {again}", at=place),)
    found = drifts(locked, lock_now(product), with_rules(product))
    return tuple(
        Finding(
            "lock", f"{one.what} {one.name}", "error", one.says, at=one.at if one.at.file else place
        )
        for one in found
    )


def launch_lock(product: AssembledProduct) -> tuple[Finding, ...]:
    """Check the lock for a launch: a product that is not for sale may be without one."""
    unlocked = read_lock(product.shelf, product.name) is None
    if unlocked and not product.product.for_sale:
        text = f"there is no lock; run: covercast lock {product.name}"
        return (Finding("lock", product.name, "warning", text),)
    return check_lock(product)
