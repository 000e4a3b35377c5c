"""Reverse stress: how far a shock must go before a measure breaks.

In use:
    from sandbox.reverse import REVERSE                  reads reverse.yaml; no numba
    from sandbox.reverse.find import find_break, resolve
"""

from sandbox.reverse.asked import REVERSE, Reverse

__all__ = ["REVERSE", "Reverse"]
