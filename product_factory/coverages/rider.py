"""Terms of covers changed: it pays nothing of its own."""

from product_factory.coverages.base import Coverage

RIDER = Coverage(
    name="rider",
    parts=("amends",),
    use="riders",
    reads_loss=None,
    law="nothing is paid but by the covers that it amends",
)
