"""Gates: what must hold before a product may launch (`gates.yaml`).

In use:
    from sandbox.gates import GATES                      reads gates.yaml; no numba
    from sandbox.gates.evaluate import evaluate          simulates what they need and judges them
"""

from sandbox.gates.gate import GATES, Gate
from sandbox.gates.judge import Judged, judge

__all__ = ["GATES", "Gate", "Judged", "judge"]
