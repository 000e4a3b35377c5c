"""A small product with what none of the installed shelf has: every kind of step, key and line.

`cargo` insures goods in the hold and on deck; it stands in `tests/conformance/products`.
"""

from functools import cache
from pathlib import Path

import cli
from product_factory.assemble import assemble
from product_factory.shelf import open_shelf


@cache
def cargo():
    return assemble(open_shelf(Path(__file__).parent / "products"), "cargo", cli.language())
