"""Surplus; see `reinsurance/surplus.py`."""

from typing import ClassVar, Literal

from sandbox.reinsurance_file.base import Positive, ProportionalLine


class SurplusLine(ProportionalLine):
    """`{kind: surplus, name: surplus, line: 1000000, lines: 4}`."""

    MONEY: ClassVar[frozenset[str]] = frozenset({"line"})
    SUM_INSURED: ClassVar[bool] = True

    kind: Literal["surplus"]
    line: Positive
    lines: Positive
