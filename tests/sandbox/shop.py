"""A small product of a year whose figures are known in closed form, and its portfolio."""

from pathlib import Path

import cli
from product_factory.assemble import assemble
from product_factory.assembled import AssembledProduct
from product_factory.shelf import open_shelf
from rating.engines.collective.cells import RiskCells
from tests.rating.engines.tiny_year import PRODUCT, tiny
from tests.shelf_files import write_files

BASES = """
pricing:
  loading: 35%
  risk:
    bike:
      damage: FREQUENCY
      cause: {accident: 100%}
      bill: SEVERITY
      more: 0
best_estimate:
  inherits: pricing
  expenses:
    - {name: commission, per: premium, amount: 20%}
    - {name: upkeep, per: policy, amount: 4}
"""
PORTFOLIO = """
policies: POLICIES
seed: 1
mix:
  age: {kind: triangular, low: 18, mode: 40, high: 60}
  group: {calm: 60%, wild: 40%}
"""
GATES = """
- {name: loss, figure: claims_over_premium, measure: {kind: mean}, at_most: 90%}
- {name: by_group, figure: claims_over_premium, measure: {kind: mean}, at_most: 90%, by: [group]}
"""
PREMIUM = 30.0
CLAIMS = {"calm": 0.01, "wild": 0.03}
"""Claims a year by group."""
POISSON = "{kind: poisson, mean: claims_rate}"
TABLE = """# title: Claims by group
# source: the test
# status: illustrative
# columns: {group: {key: exact}, claims_rate: {type: number, unit: per year}}
group,claims_rate
calm,0.01
wild,0.03
"""


def shop(
    folder: Path,
    *,
    frequency: str = POISSON,
    severity: str = "1000",
    policies: int = 200,
) -> AssembledProduct:
    """Assemble it: one cover that pays every bill whole, at a premium of 30."""
    tiny(folder, lines="    - {share: 100%}")
    root = folder / "products" / "tiny"
    product = PRODUCT.replace(", phone: phone@^1", "")
    product = product.replace("max: 60}}", "max: 60}, group: {type: choice, of: [calm, wild]}}")
    product = product.replace("  - {use: property/phone@^1, as: phone}\n", "")
    files = {
        "product.yaml": product,
        "bases.yaml": BASES.replace("FREQUENCY", frequency).replace("SEVERITY", severity),
        "rating.yaml": f"- {{name: payable, kind: compute, is: {PREMIUM:g}}}\n",
        "portfolio.yaml": PORTFOLIO.replace("POLICIES", str(policies)),
        "gates.yaml": GATES,
        "tables/claims_rate.csv": TABLE,
    }
    write_files(root, files)
    return assemble(open_shelf(root.parent), "tiny", cli.language())


def expected_claims(cells: RiskCells) -> dict[str, float]:
    """Give the expected claims of a year by group, from the frequencies and bills of 1000."""
    found = dict.fromkeys(CLAIMS, 0.0)
    for place, policies in zip(cells.columns["group"], cells.policies, strict=True):
        group = list(CLAIMS)[int(place)]
        found[group] += CLAIMS[group] * 1000.0 * int(policies)
    return found
