"""`json`: one object for one product, a list of them for several."""

from collections.abc import Callable, Sequence

from product_factory.json_text import json_text
from sandbox.launch.checked import Checked


def write(checked: Sequence[Checked], _place: Callable[[str], str]) -> str:
    """Write the findings as JSON."""
    told = [one.as_dict() for one in checked]
    return json_text(told[0] if len(told) == 1 else told) + "\n"
