"""What the sandbox declares of a product's files, for the language; imports no engine."""

from typing import Any

from pydantic import TypeAdapter

from product_factory.rules.waivers import WAIVERS

FILES: dict[str, TypeAdapter[Any]] = {"waivers": WAIVERS}
