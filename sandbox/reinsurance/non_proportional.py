"""What non-proportional contracts cost: a premium of their own, or a rate on the premium left."""

from pydantic import Field

from sandbox.reinsurance.contract import Base, Cost
from sandbox.reinsurance.exposure import NO_EXPOSURE, Exposure
from sandbox.reinsurance.occurrences import CEILING


class NonProportional(Base):
    """A contract for what is above a retention.

    share:   the part of it that is placed; premium and recovery are both of that part.
    premium: for the whole, currency a year.
    rate:    the same as part of the premium that the contracts before it leave.
    """

    share: float = Field(default=1.0, gt=0.0, le=1.0)
    premium: float = Field(default=0.0, ge=0.0, lt=CEILING)
    rate: float = Field(default=0.0, ge=0.0, lt=1.0)

    def price(self, exposure: Exposure) -> float:
        """Give the yearly premium for the part that is placed, currency."""
        return self.share * (self.premium + self.rate * exposure.total())

    def cost(self, exposure: Exposure = NO_EXPOSURE) -> Cost:
        """Give the premium; a contract for what is above a retention pays no commission."""
        return Cost(self.price(exposure), 0.0)
