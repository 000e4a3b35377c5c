"""Stop loss; see `reinsurance/stop_loss.py`."""

import math
from typing import Annotated, ClassVar, Literal

from product_factory.strict import Share
from sandbox.reinsurance_file.base import NonProportionalLine, Price, bounded


class StopLossLine(NonProportionalLine):
    """`{kind: stop_loss, name: stop, attachment: 110%, limit: 50%}` of the premium left."""

    MONEY: ClassVar[frozenset[str]] = frozenset({"premium"})

    kind: Literal["stop_loss"]
    attachment: Price
    limit: Annotated[Share, bounded("a share above 0%", 0.0, math.inf, above=True)]

    def of_premium(self) -> str:
        """Name the attachment, a loss ratio."""
        return "attachment"
