"""Every kind of study by its word."""

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType

from product_factory.errors import BadValue, nearest
from sandbox.studies.asked import Asked, Outcome

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "adequacy": "sandbox.studies.adequacy",
        "backtest": "sandbox.studies.backtest",
        "reverse": "sandbox.studies.reverse",
        "scenarios": "sandbox.studies.scenarios",
        "sobol": "sandbox.studies.sobol",
        "tail": "sandbox.studies.tail",
        "tornado": "sandbox.studies.tornado",
    }
)


def study(asked: Asked) -> Outcome:
    """Make a study. Raises BadValue for an unknown kind, and what the kind raises."""
    if asked.kind not in KINDS:
        message = f"unknown study '{asked.kind}'{nearest(asked.kind, KINDS)}"
        raise BadValue(message)
    made: Callable[[Asked], Outcome] = import_module(KINDS[asked.kind]).study
    return made(asked)
