"""How well assumptions are known: each a change whose number is drawn.

In use:
    from sandbox.uncertainty import UNCERTAINTY              reads uncertainty.yaml; no numba
    from sandbox.uncertainty.draw import drawn, scenario_at
"""

from sandbox.uncertainty.assumption import UNCERTAINTY, Assumption, Spread

__all__ = ["UNCERTAINTY", "Assumption", "Spread"]
