"""What a parameter may be: checks that name it, say what was expected and what was got."""

import math
from collections.abc import Mapping

from product_factory.errors import BadValue, either

Forms = tuple[tuple[str, ...], ...]
"""The sets of parameters that a model accepts, each by name in order."""


def require(name: str, value: float, expected: str, *, holds: bool) -> None:
    """Raise BadValue unless the value is a finite number for which the condition holds."""
    if not (math.isfinite(value) and holds):
        raise BadValue(f"{name}: expected {expected}, got {value:g}")


def require_positive(name: str, value: float) -> None:
    """Raise BadValue unless the value is finite and above 0."""
    require(name, value, "a number above 0", holds=value > 0.0)


def require_form(kind: str, forms: Forms, given: Mapping[str, float]) -> tuple[float, ...]:
    """Return the given values in the order of the one form whose names they are."""
    for form in forms:
        if set(form) == set(given):
            return tuple(float(given[name]) for name in form)
    expected = either(" and ".join(form) for form in forms)
    got = " and ".join(sorted(given)) or "nothing"
    raise BadValue(f"{kind}: expected {expected}, got {got}")
