"""The refusal of a moment that a heavy tail does not have."""

from product_factory.errors import BadValue


def refuse_moment(name: str, bound: str, value: float, k: int) -> None:
    """Raise BadValue: the parameter must lie beyond a bound for the k-th moment to be finite."""
    what = "a mean" if k == 1 else f"a finite moment of order {k}"
    raise BadValue(f"{name}: expected {bound} (for {what}), got {value:g}")
