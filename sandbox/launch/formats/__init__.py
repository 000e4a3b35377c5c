"""How findings are told, by the word that stands after `--format`; one file each.

`write(checked, place)` gives the whole text of a report. `place` turns the file of a finding into
the path that readers of the report know it by.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from sandbox.launch.checked import Checked
from sandbox.launch.formats import json, junit, sarif, text

Place: TypeAlias = Callable[[str], str]
Write: TypeAlias = Callable[[Sequence[Checked], Place], str]

FORMATS: Mapping[str, Write] = MappingProxyType(
    {"text": text.write, "json": json.write, "sarif": sarif.write, "junit": junit.write}
)
"""Every format by name."""


def below(root: Path, folder: Path) -> Place:
    """Name the files of a shelf from a folder that holds it, as messages do from elsewhere."""
    holder = root.resolve().parent
    if not holder.is_relative_to(folder.resolve()):
        return str
    prefix = holder.relative_to(folder.resolve())
    return lambda file: (prefix / file).as_posix()
