"""Terms and clauses that bind, and what a contract is worth by them; no event pays by them."""

from product_factory.coverages.base import Coverage

PROVISION = Coverage(
    name="provision",
    parts=(),
    use="provisions",
    reads_loss=None,
    law="no event pays by it",
)
