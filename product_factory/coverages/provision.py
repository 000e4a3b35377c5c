"""Terms and clauses that bind without moving money."""

from product_factory.coverages.base import Coverage

PROVISION = Coverage(
    name="provision",
    parts=(),
    use="provisions",
    reads_loss=None,
    law="no money moves",
)
