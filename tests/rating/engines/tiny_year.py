"""A small product of yearly covers, written into a folder by the tests that price it."""

from pathlib import Path

import numpy as np

import cli
from product_factory.assemble import assemble
from product_factory.assembled import AssembledProduct
from product_factory.shelf import open_shelf
from rating.engines.collective.annual import AnnualModel, annual_model
from rating.engines.collective.cells import RiskCells, risk_cells
from tests.shelf_files import write_files

PRODUCT = """
product: tiny
version: 1.0.0
title: {zh: 小, en: Tiny}
line: property
sold_to: individual
channel: internet
jurisdiction: CN
currency: CNY
effective: 2026-01-01
for_sale: no
contract: {term: 1, pay: 1, renewal: none}
insured: {age: {type: age, min: 18, max: 60}}
processes: {bike: bike@^1, phone: phone@^1}
covers:
  - {use: property/bike@^1, as: bike}
  - {use: property/phone@^1, as: phone}
"""

PROCESS = """
process: NAME
version: 1.0.0
title: {zh: 事, en: NAME}
kind: collective
drawn: policy
events: {damage: {title: {zh: 事, en: NAME}}}
marks:
  cause: {type: choice, of: [accident, wear]}
  bill: {type: money}
  more: {type: money}
"""

COVER = """
module: property/NAME
version: 1.0.0
title: {zh: 事, en: NAME}
kind: indemnity
line: property
terms:
  limit: {type: money, default: 5000}
pays:
  event: NAME.damage
  where: {cause: accident}
  amount: AMOUNT
  adjust:
LINES
"""

BASES = """
pricing:
  loading: 35%
  risk:
    bike:
      damage: FREQUENCY
      cause: {accident: 80%, wear: 20%}
      bill: SEVERITY
      more: {kind: gamma, mean: 100, cv: 1}
    phone:
      damage: {kind: negative_binomial, mean: 0.9, variance_over_mean: 2.5}
      cause: {accident: 100%}
      bill: {kind: gamma, mean: 1500, cv: 1.3}
      more: {kind: gamma, mean: 100, cv: 1}
"""

POOL = """
pools:
  year_limit:
    title: {zh: 年, en: Year}
    joins: [bike.limit, phone.limit]
"""
YEARLY = "    - {limit: limit, per: policy_year}"
LAYER = "    - {deductible: 300, per: claim}\n    - {share: 80%}\n    - {limit: 4000, per: claim}"
POISSON = "{kind: poisson, mean: 0.7}"
LOGNORMAL = "{kind: lognormal, mean: 2000, cv: 1.5}"


def tiny(
    folder: Path,
    *,
    lines: str = LAYER,
    phone_lines: str = LAYER,
    amount: str = "bill",
    frequency: str = POISSON,
    severity: str = LOGNORMAL,
    experience: str = "",
    mark: str = "money",
    more: str = "",
) -> AssembledProduct:
    """Assemble the product with these lines of its bike cover and these assumptions.

    mark  the type of the bike's bill
    """
    root = folder / "products"
    bases = BASES.replace("FREQUENCY", frequency).replace("SEVERITY", severity)
    files = {
        "tiny/product.yaml": PRODUCT + more,
        "tiny/bases.yaml": bases + experience,
        "tiny/rating.yaml": "- {name: payable, kind: compute, is: 100}\n",
        "processes/bike.yaml": PROCESS.replace("NAME", "bike").replace(
            "bill: {type: money}", f"bill: {{type: {mark}}}"
        ),
        "processes/phone.yaml": PROCESS.replace("NAME", "phone"),
        "modules/property/bike.yaml": _cover("bike", amount, lines),
        "modules/property/phone.yaml": _cover("phone", "bill", phone_lines),
    }
    write_files(root, files)
    return assemble(open_shelf(root), "tiny", cli.language())


def _cover(name: str, amount: str, lines: str) -> str:
    return COVER.replace("NAME", name).replace("AMOUNT", amount).replace("LINES", lines)


def one_cell(product: AssembledProduct, policies: int = 1) -> RiskCells:
    """Give one cell of policies aged 40."""
    present = np.ones((1, 1), dtype=np.int64)
    return risk_cells(product, np.array([policies]), {"age": np.array([40.0])}, {}, present)


def tiny_model(product: AssembledProduct, policies: int = 1) -> AnnualModel:
    """Bind a year of the product on its pricing basis."""
    return annual_model(product, product.bases["pricing"], one_cell(product, policies))
