"""A term life product of tables that a hand can check, written into a folder by the tests."""

from pathlib import Path

import cli
from product_factory.assemble import assemble
from product_factory.shelf import open_shelf

PRODUCT = """\
product: plain
version: 1.0.0
title: {zh: 简明定期寿险, en: Plain term life}
line: life
sold_to: individual
channel: agent
jurisdiction: CN
currency: CNY
effective: 2026-03-01
for_sale: no
contract: {term: offered, pay: offered, renewal: none}
insured:
  age: {type: age, min: 30, max: 60}
offers:
  sum_insured: {type: money, min: 1000, max: 9000000, step: 1000}
  term: {type: years, of: [5, 10, 20]}
  pay: {type: years, of: [1, 5, 10]}
accepts:
  - {name: pay_within_term, require: pay <= term, says: {zh: 交费期过长, en: Pays too long}}
processes: {mortality: mortality@^1, lapse: lapse@^1}
covers:
  - {use: life/death@^1, as: death}
"""
BASES = """\
pricing:
  interest: 3%
  loading: 0%
  risk:
    mortality: {death: q}
    lapse: {surrender: 0}
best_estimate:
  inherits: pricing
  interest: 4%
  expenses:
    - {name: acquisition, per: policy, amount: 100, when: {policy_year: {at_most: 1}}}
    - {name: commission, per: premium, amount: 20%, when: {policy_year: {at_most: 1}}}
    - {name: upkeep, per: policy, amount: 10, grows: 2%}
  risk:
    mortality: {death: q * 90%}
    lapse: {surrender: 3%}
"""
RATING = """\
- name: net_rate
  kind: technical
  engine: multistate
  basis: pricing
  gives: net_premium
  per: 1000
  axes: [age, term, pay]
- {name: premium, kind: compute, is: net_rate * sum_insured / 1000}
- {name: payable, kind: round, of: premium, to: 0.01, mode: half_up}
"""
DEATH = """\
module: life/death
version: 1.0.0
title: {zh: 身故保险金, en: Death benefit}
kind: lump_sum
pays:
  event: mortality.death
  amount: sum_insured
  then: {ends: contract}
"""
MORTALITY = """\
process: mortality
version: 1.0.0
title: {zh: 身故, en: Death}
kind: decrement
drawn: policy
events:
  death: {title: {zh: 身故, en: death}, ends: life}
"""
LAPSE = """\
process: lapse
version: 1.0.0
title: {zh: 退保, en: Surrender}
kind: decrement
drawn: policy
events:
  surrender: {title: {zh: 解除合同, en: surrender}, by: policyholder}
"""
FIRST, LAST = 30, 80


def q(age):
    """Chance of death within a year, to the decimals that the table holds."""
    return round(0.001 * 1.09 ** (age - FIRST), 6)


def table(name, column, rows, key="attained_age: {key: exact, type: age}", kind="ratio"):
    """The text of a table of one key."""
    head = [
        f"# title: {name}",
        "# source: the test",
        "# status: illustrative",
        f"# columns: {{{key}, {column}: {{type: {kind}}}}}",
        f"{key.partition(':')[0]},{column}",
    ]
    return "\n".join([*head, *(f"{a},{b}" for a, b in rows)]) + "\n"


def write_plain(folder: Path, **files: str) -> Path:
    """Write the shelf and give its root; files: `product_bases` → another text of bases.yaml."""
    root = folder / "products"
    texts = {
        "plain/product.yaml": PRODUCT,
        "plain/bases.yaml": BASES,
        "plain/rating.yaml": RATING,
        "modules/life/death.yaml": DEATH,
        "processes/mortality.yaml": MORTALITY,
        "processes/lapse.yaml": LAPSE,
        "tables/q.csv": table("q", "q", [(x, q(x)) for x in range(FIRST, LAST + 1)]),
    }
    for name, text in {**texts, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def plain(root: Path, on=None, name="plain"):
    """Assemble the product as it now stands."""
    return assemble(open_shelf(root), name, cli.language(), on)
