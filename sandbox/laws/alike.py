"""Whether two bases bind to one and the same year."""

from typing import Any

import numpy as np

from rating.engines.collective.annual import AnnualModel


def alike(one: AnnualModel, other: AnnualModel) -> bool:
    """Tell whether two models have the same events, marks and terms for the same risks, to the bit.

    What a basis assumes besides (expenses, loading) does not enter a year's claims.
    """
    return _same(_year(one), _year(other))


def _year(model: AnnualModel) -> tuple[Any, ...]:
    cells = model.cells
    return (
        (cells.policies, dict(cells.columns), dict(cells.item_columns), cells.present, cells.keys),
        tuple(model.payout.arrays),
        [vars(process) for process in model.collective],
        [vars(process) for process in model.catalogue],
    )


def _same(one: Any, other: Any) -> bool:  # noqa: ANN401 - parts of any kind are compared
    if isinstance(one, np.ndarray):
        return bool(
            isinstance(other, np.ndarray)
            and one.dtype == other.dtype
            and one.shape == other.shape
            and one.tobytes() == other.tobytes()
        )
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and _same(list(one.values()), list(other.values()))
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(_same, one, other))
    if hasattr(one, "__dataclass_fields__"):
        return _same(vars(one), vars(other))
    return bool(one == other)
