"""Facultative; see `reinsurance/facultative.py`."""

from typing import Any, ClassVar, Literal

from pydantic import model_validator

from sandbox.open_change import SegmentOf
from sandbox.reinsurance_file.base import Amount, Ceded, ProportionalLine, refused


class FacultativeLine(ProportionalLine):
    """`{kind: facultative, name: large, above: 4000000, cession: 60%}`.

    where  of long-term contracts, which policies; with it `above` may be left out
    """

    MONEY: ClassVar[frozenset[str]] = frozenset({"above"})
    SUM_INSURED: ClassVar[bool] = True

    kind: Literal["facultative"]
    above: Amount = 0.0
    where: SegmentOf | None = None
    cession: Ceded

    @model_validator(mode="after")
    def _of_some(self) -> "FacultativeLine":
        if "above" not in self.model_fields_set and self.where is None:
            raise refused(self, "kind", "expected the key 'above', 'where', or both")
        return self

    def values(self, rate: float) -> dict[str, Any]:
        """Give what the contract is made of; which policies it is of is for who binds it."""
        found = {"above": self.above * rate, **super().values(rate)}
        return {key: value for key, value in found.items() if key != "where"}
