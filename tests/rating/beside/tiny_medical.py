"""A contract of five years that pays treatments and death, of numbers that a hand can check."""

from pathlib import Path

import numpy as np

from rating.engines.multistate.grid import Cells
from tests.rating.plain_life import LAPSE, MORTALITY, RATING, plain, q, table

AGE, TERM, DEATH_BENEFIT = 40, 5, 20_000.0
MEAN, INFLATION, INTEREST = 3_000.0, 0.06, 0.03
PRODUCT = """\
product: plain
version: 1.0.0
title: {zh: 简明长期医疗保险, en: Plain long-term medical}
line: health
sold_to: individual
channel: agent
jurisdiction: CN
currency: CNY
effective: 2026-03-01
for_sale: no
contract: {term: 5, pay: 5, renewal: none}
insured:
  age: {type: age, min: 30, max: 60}
processes: {mortality: mortality@^1, lapse: lapse@^1, illness: illness@^1}
covers:
  - {use: health/medical@^1, as: medical}
  - {use: life/death@^1, as: death}
"""
BASES = """\
pricing:
  interest: 3%
  inflation: 6%
  loading: 20%
  risk:
    mortality: {death: q}
    lapse: {surrender: 0}
    illness:
      treatment: {kind: poisson, mean: treatments}
      bill: {kind: gamma, mean: 3000, cv: 1}
best_estimate:
  inherits: pricing
  interest: 4%
  inflation: {1: 5%, 3: 4%}
  expenses:
    - {name: upkeep, per: policy, amount: 10, grows: 2%}
    - {name: settling, per: claim_payment, amount: 5%}
  risk:
    mortality: {death: q * 90%}
    lapse: {surrender: 8%}
    illness:
      treatment: {kind: negative_binomial, mean: treatments, variance_over_mean: 1.4}
"""
MEDICAL = """\
module: health/medical
version: 1.0.0
title: {zh: 医疗费用保险金, en: Medical expenses}
kind: indemnity
line: health
terms:
  deductible: {type: money, default: 1000}
  limit: {type: money, default: 20000}
pays:
  event: illness.treatment
  amount: bill
  adjust:
"""
DEATH = """\
module: life/death
version: 1.0.0
title: {zh: 身故保险金, en: Death benefit}
kind: lump_sum
pays:
  event: mortality.death
  amount: 20000
  then: {ends: contract}
"""
ILLNESS = """\
process: illness
version: 1.0.0
title: {zh: 就医治疗, en: Medical treatment}
kind: collective
drawn: policy
events: {treatment: {title: {zh: 治疗, en: treatment}}}
marks: {bill: {type: money}}
"""
PER_CLAIM = """\
    - {deductible: deductible, per: claim}
    - {share: 80%}
    - {limit: limit, per: claim}
"""
PER_YEAR = """\
    - {deductible: deductible, per: policy_year}
    - {share: 80%}
    - {limit: limit, per: policy_year}
"""
GROSS = RATING.replace("  per: 1000\n  axes: [age, term, pay]", "  axes: [age]").replace(
    "net_rate * sum_insured / 1000", "net_rate / (1 - pricing.loading)"
)


def often(age):
    """Treatments a year at an attained age, to the decimals that the table holds."""
    return round(0.4 + 0.02 * (age - 30), 4)


def write_medical(folder: Path, lines: str = PER_YEAR, **files: str) -> Path:
    """Write the shelf and give its root; files: path → another text of it."""
    kind = "number, unit: per year"
    texts = {
        "plain/product.yaml": PRODUCT,
        "plain/bases.yaml": BASES,
        "plain/rating.yaml": GROSS,
        "modules/health/medical.yaml": MEDICAL + lines,
        "modules/life/death.yaml": DEATH,
        "processes/mortality.yaml": MORTALITY,
        "processes/lapse.yaml": LAPSE,
        "processes/illness.yaml": ILLNESS,
        "tables/q.csv": table("q", "q", [(x, q(x)) for x in range(30, 81)]),
        "tables/treatments.csv": table(
            "treatments", "often", [(x, often(x)) for x in range(30, 65)], kind=kind
        ),
    }
    root = folder / "products"
    for name, text in {**texts, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def medical(folder: Path, lines: str = PER_YEAR, **files: str):
    """Assemble the product with these lines of its medical cover."""
    return plain(write_medical(folder, lines, **files))


def one_life(age: float = AGE) -> Cells:
    """Give one insured."""
    return Cells({"age": np.array([float(age)])})
