"""A stated sum: what is paid does not depend on what was lost."""

from product_factory.coverages.base import Coverage

LUMP_SUM = Coverage(
    name="lump_sum",
    parts=("pays",),
    use="covers",
    reads_loss=False,
    law="the payment never reads the loss",
)
