"""Payments at due dates while a state lasts: annuities, survival and maturity benefits."""

from product_factory.coverages.base import Coverage

SCHEDULED = Coverage(
    name="scheduled",
    parts=("pays",),
    use="covers",
    reads_loss=False,
    law="every payment falls on a due date on which the state lasts, or is left of a guarantee",
    trigger="while",
)
