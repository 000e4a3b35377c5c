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

    kind: Literal["facultative"]
    above: Amount | None = None
    where: SegmentOf | None = None
    cession: Ceded

    @model_validator(mode="after")
    def _of_some(self) -> "FacultativeLine":
        if self.above is None and self.where is None:
            raise refused(self, "kind", "expected the key 'above', 'where', or both")
        return self

    def of_size(self) -> bool:
        """Tell whether it goes by the sum insured of each risk; not where `where` alone chooses."""
        return self.above is not None

    def values(self, rate: float) -> dict[str, Any]:
        """Give what the contract is made of; which policies it is of is for who binds it."""
        return {key: value for key, value in super().values(rate).items() if key != "where"}
