"""The share of a building's value that a wind destroys, as a plain function."""


def emanuel(wind: float, v_threshold: float, v_half: float) -> float:
    """Give the damage ratio v**3 / (1 + v**3), the share of the value that is lost.

    v = max(wind - v_threshold, 0) / (v_half - v_threshold): no damage up to the threshold, half
    at `v_half`, never 1. Winds in m/s. Emanuel 2011 (Weather, Climate, and Society 3, 261-268).
    """
    v = max(wind - v_threshold, 0.0) / (v_half - v_threshold)
    cube = v * v * v
    return cube / (1.0 + cube)
