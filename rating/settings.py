"""Values of a risk as a command line gives them: `age=35`, `building.value=2000000`."""

from collections.abc import Iterable

from product_factory.errors import BadValue


def read_settings(settings: Iterable[str]) -> dict[str, str]:
    """Read `name=value`; `building.value=…` names a value of an item. Raises BadValue."""
    found: dict[str, str] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not name:
            raise BadValue(f"--set {setting}: expected name=value such as age=35")
        if name in found:
            raise BadValue(f"--set {name}: is given twice")
        found[name] = value
    return found
