"""Standard errors by leaving out each group in turn."""

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def jackknife(without: Floats) -> Floats:
    """Give the standard error of each figure, [...], from those without each group, [group, ...].

    sqrt((g - 1) / g sum (x_i - mean x)**2): J. W. Tukey, "Bias and confidence in not-quite large
    samples", Annals of Mathematical Statistics 29 (1958), 614.
    """
    groups = len(without)
    away = without - without.mean(axis=0)
    return np.asarray(math.sqrt((groups - 1) / groups) * np.sqrt((away * away).sum(axis=0)))
