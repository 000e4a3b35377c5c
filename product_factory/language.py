"""The language: what the files of a product may hold, united from all packages by the top.

`product_factory` parses every kind strictly without importing what stands above it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from product_factory.assembled import Reader


@dataclass(frozen=True)
class Language:
    """What stands above product_factory declares.

    files   file stem → reader of its content: `rating`, `gates`, `portfolio`, …
    models  distribution or hazard kind → the sets of parameters that it accepts
    reads   file stem → what the content of that file reads, of an assembled product
    """

    files: Mapping[str, TypeAdapter[Any]]
    models: Mapping[str, tuple[tuple[str, ...], ...]]
    reads: Mapping[str, Reader] = field(default_factory=dict)
