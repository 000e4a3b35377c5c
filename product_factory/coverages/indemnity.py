"""A loss made good: never more than was lost."""

from product_factory.coverages.base import Coverage

INDEMNITY = Coverage(
    name="indemnity",
    parts=("pays",),
    use="covers",
    reads_loss=True,
    law="the payment is never above the loss",
)
