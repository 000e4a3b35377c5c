"""Facultative; see `reinsurance/facultative.py`."""

from typing import ClassVar, Literal

from sandbox.reinsurance_file.base import Amount, Ceded, ProportionalLine


class FacultativeLine(ProportionalLine):
    """`{kind: facultative, name: large, above: 4000000, cession: 60%}`."""

    MONEY: ClassVar[frozenset[str]] = frozenset({"above"})
    SUM_INSURED: ClassVar[bool] = True

    kind: Literal["facultative"]
    above: Amount
    cession: Ceded
