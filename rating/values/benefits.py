"""The benefits of a contract that pays no further premium, as what it is bought for asks."""

from dataclasses import replace

from product_factory.errors import BadInput
from product_factory.valued import Valued
from rating.engines.multistate.model import Model, OpenModel
from rating.values.valuing import Valuing


def benefits(valuing: Valuing, one: Valued) -> Model:
    """Bind the benefits on the value's basis; what the policyholder may do to end it is no benefit.

    Raises BadInput where a benefit depends on the premium or on a value of the contract: it would
    be another one when premiums end.
    """
    assert one.declared.basis is not None  # noqa: S101 - its kind needs one
    opened = of_nature(valuing.opened(one.declared.basis))
    if opened.running:
        text = (
            f"a value of kind {one.declared.kind} needs benefits in proportion to the sum insured, "
            f"and '{opened.running[0].column}' pays for events counted by the year"
        )
        raise BadInput.one(one.declared.at, one.path, text)
    read = sorted(opened.reads)
    if read:
        text = (
            f"a value of kind {one.declared.kind} needs benefits in proportion to the sum insured, "
            f"and one reads '{read[0]}'"
        )
        raise BadInput.one(one.declared.at, one.path, text)
    return opened.closed()


def of_nature(opened: OpenModel) -> OpenModel:
    """Leave out the ways that an act of the policyholder brings."""
    ways = tuple(way for way in opened.ways if way.event not in opened.assumed.acts)
    return replace(opened, ways=ways)
