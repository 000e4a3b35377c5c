"""What the sandbox declares of a product's files, for the language; imports no engine."""

from typing import Any

from pydantic import TypeAdapter

from product_factory.rules.waivers import WAIVERS
from sandbox.gates.gate import GATES
from sandbox.portfolio.specification import PORTFOLIO
from sandbox.reinsurance_file import REINSURANCE

FILES: dict[str, TypeAdapter[Any]] = {
    "gates": GATES,
    "portfolio": PORTFOLIO,
    "reinsurance": REINSURANCE,
    "waivers": WAIVERS,
}
