"""Surplus; see `reinsurance/surplus.py`."""

from typing import ClassVar, Literal

from sandbox.reinsurance_file.base import Positive, ProportionalLine


class SurplusLine(ProportionalLine):
    """`{kind: surplus, name: surplus, line: 1000000, lines: 4}`."""

    MONEY: ClassVar[frozenset[str]] = frozenset({"line"})

    kind: Literal["surplus"]
    line: Positive
    lines: Positive

    def of_size(self) -> bool:
        """Tell that it goes by the sum insured of each risk."""
        return True
