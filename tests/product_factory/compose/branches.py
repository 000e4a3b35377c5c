"""The small shelf with branches: `repair_north` of `repair`, `life_west` of `short_life`."""

from product_factory.assemble import assemble
from product_factory.shelf import open_shelf
from tests.product_factory.shelves import FILES, LANGUAGE, write

NORTH = "repair_north/product.yaml"
WEST = "life_west/product.yaml"
COLD = "repair/overlays/cold.yaml"
BRANCHES = FILES | {
    NORTH: """\
product: repair_north
version: 1.0.0
extends: repair@^1
title: {zh: 北方维修保险, en: Repair north}
""",
    WEST: """\
product: life_west
version: 2.0.0
extends: short_life@^1
""",
    COLD: """\
overlay: cold
title: {zh: 寒冷地区, en: Cold places}
changes:
  - {change: covers.repair.set.share, is: 70%, because: batteries break in the cold}
  - {change: bases.pricing.loading, is: 32%, because: longer ways}
""",
}


def child(*lines, file=NORTH, **more):
    """The branch with lines added to its product file, and other files beside it."""
    text = BRANCHES[file] + "".join(f"{line}\n" for line in lines)
    return BRANCHES | {file: text} | more


def build(folder, name, files=BRANCHES):
    """Write the shelf and assemble one product of it."""
    return assemble(open_shelf(write(folder, files)), name, LANGUAGE)
