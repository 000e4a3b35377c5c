"""Intensities by Euler's step: the chance of a transition in a step of h is h times its force.

It is the convention of published disability and critical illness models (Dickson, Hardy and
Waters, Actuarial Mathematics for Life Contingent Risks, chapter 8); its error falls with h.
"""

import numpy as np

from product_factory.errors import BadValue
from rating.engines.multistate.chain import Floats, Integers


def step(forces: Floats, source: Integers, h: float) -> Floats:
    """Give the probabilities of a step from the forces at its start: [..., transition].

    source  [transition] the state that each leaves. Raises BadValue where a step is too long:
    the chances of leaving a state would pass 1.
    """
    chances = forces * h
    if not (chances >= 0.0).all():
        raise BadValue("expected forces of 0 or more")
    for state in np.unique(source):
        most = float(chances[..., source == state].sum(axis=-1).max())
        if most > 1.0:
            text = f"expected a step short enough that at most all leave, got {most:.6g} in state"
            raise BadValue(f"{text} {state} with a step of {h:g}")
    return chances
