"""What `refer` and `decline` share: conditions, and what is said to the customer."""

from typing import ClassVar

from product_factory.expressions.bind import Bound
from product_factory.expressions.operations import ITEM, Op
from product_factory.expressions.units import TRUTH
from product_factory.strict import Bilingual, When
from rating.steps.step import Context, Level, RatingStep


class Decision(RatingStep):
    """Decides where all of `when` hold; with `level: item`, where they hold for any item."""

    DECIDES: ClassVar[bool] = True

    when: When
    says: Bilingual
    level: Level = "policy"


def bind_decision(step: Decision, context: Context) -> Bound:
    """Bind the conditions to a register of the policy that holds 1 where they decide."""
    builder = context.binder.builder
    bound = Bound(context.binder.conditions(step.when, context.scope), TRUTH)
    bound = context.at_level(bound, step.level, step.place("when"))
    if builder.level(bound.register) == ITEM:
        count = builder.emit(Op.TOTAL_SUM, bound.register)
        return Bound(builder.emit(Op.GT, count, builder.constant(0.0)), TRUTH)
    return bound
