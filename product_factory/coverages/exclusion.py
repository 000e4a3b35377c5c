"""Events that are taken away before any cover sees them."""

from product_factory.coverages.base import Coverage

EXCLUSION = Coverage(
    name="exclusion",
    parts=("excludes",),
    use="exclusions",
    reads_loss=None,
    law="an event that fits reaches no cover",
)
