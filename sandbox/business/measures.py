"""What every run of a business measures of each of its products."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from sandbox.figures.standard import measured
from sandbox.loss_table import LossTable
from sandbox.measures import Mean, Measured, Sample, TailValueAtRisk

TAIL = "claims.tail_value_at_risk 99%"


def product_measures(
    tables: Mapping[str, LossTable],
    nets: Mapping[str, LossTable],
    kept: Mapping[str, npt.NDArray[np.float64]],
) -> dict[str, Mapping[str, Measured]]:
    """Give product → what every run measures, in the currency of the business.

    nets  product → its rows after a programme of its own
    kept  product → [row] its claims after the programme of the business, empty without one
    """
    found: dict[str, Mapping[str, Measured]] = {}
    for name, table in tables.items():
        own = measured(table, nets.get(name))
        if kept:
            sample = Sample(kept[name])
            net = {
                "net claims.mean": Mean().measure(sample),
                f"net {TAIL}": TailValueAtRisk(level=0.99).measure(sample),
            }
            own = {**own, **net}
        found[name] = own
    return found
