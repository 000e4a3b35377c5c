"""The language: what the files of a product may hold, united from all packages by the top.

`product_factory` parses every kind strictly without importing what stands above it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from product_factory.assembled import Reader
from product_factory.keys import Keys, united


@dataclass(frozen=True)
class Language:
    """What stands above product_factory declares.

    files   file stem → reader of its content: `rating`, `gates`, `portfolio`, …
    models  distribution or hazard kind → the sets of parameters that it accepts
    parts   kind → those of its parameters that are distributions themselves
    reads   by name, what lists the parameters and tables that a package reads of a product
    keys    what the keys of all files mean
    """

    files: Mapping[str, TypeAdapter[Any]]
    models: Mapping[str, tuple[tuple[str, ...], ...]]
    reads: Mapping[str, Reader] = field(default_factory=dict)
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keys: Keys = field(default=united("product_factory"), compare=False)
