"""Excess of loss; see `reinsurance/excess_of_loss.py`."""

from typing import ClassVar, Literal

from pydantic import model_validator

from product_factory.strict import Whole
from sandbox.reinsurance_file.base import Amount, NonProportionalLine, Positive, Price, refused

BY_YEAR = ("reinstatements", "pro_rata", "aggregate_deductible", "aggregate_limit")


class ExcessOfLossLine(NonProportionalLine):
    """`{kind: excess_of_loss, name: storm, attachment: 2000000, limit: 8000000, per: event}`."""

    MONEY: ClassVar[frozenset[str]] = frozenset(
        {"attachment", "limit", "premium", "aggregate_deductible", "aggregate_limit"}
    )

    kind: Literal["excess_of_loss"]
    attachment: Amount
    limit: Positive
    per: Literal["risk", "event", "year"] = "event"
    reinstatements: Whole | tuple[Price, ...] | None = None
    pro_rata: Literal["amount", "time", "amount_and_time"] = "amount"
    aggregate_deductible: Amount = 0.0
    aggregate_limit: Positive | None = None

    @model_validator(mode="after")
    def _terms_of_its_kind(self) -> "ExcessOfLossLine":
        if self.per == "year":
            for key in BY_YEAR:
                if key in self.model_fields_set:
                    raise refused(
                        self, key, f"'{key}' belongs to 'per: risk' or 'per: event', got per: year"
                    )
        charged = isinstance(self.reinstatements, tuple) and any(self.reinstatements)
        if charged and not (self.premium or self.rate):
            text = (
                "reinstatements are charged in parts of the premium; expected 'premium' or 'rate'"
            )
            raise refused(self, "reinstatements", text)
        return self
