"""A small shelf, written out as texts: two products of two modules each, which tests alter.

`repair` pays for broken gadgets, claim by claim (items, a balance, a pool, a table, a parameter).
`short_life` pays on death within a few years (decrements, a waiting period, a premium by engine).
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from product_factory.assemble import assemble
from product_factory.assembled import AssembledProduct
from product_factory.language import Language
from product_factory.shelf import installed, open_shelf
from rating.models import MODELS

# What rating and sandbox declare, cut down to what the small shelf writes.
LANGUAGE = Language(
    files={},
    models={
        "poisson": (("mean",),),
        "negative_binomial": (("mean", "variance_over_mean"),),
        "lognormal": (("mean", "cv"), ("mu", "sigma")),
    },
)


def any_language() -> Language:
    """A language that takes the installed shelf's files for others as they are."""
    own = {"product", "bases", "quotes", "claims"}
    stems = {path.stem for path in installed().glob("*/*.yaml")} - own
    return Language(files={stem: TypeAdapter(Any) for stem in stems}, models=MODELS)


FILES = {
    "repair/product.yaml": """\
product: repair
version: 1.0.0
title: {zh: 维修保险, en: Repair}
line: property
sold_to: individual
channel: internet
jurisdiction: CN
currency: CNY
effective: 2026-03-01
for_sale: no
contract: {term: 1, pay: 1, renewal: none}
insured:
  grade: {type: choice, of: [new, used]}
offers:
  excess: {type: money, of: [50, 100], sets: [repair.excess]}
items:
  phone:
    title: {zh: 手机, en: Phone}
    insured: {value: {type: money, min: 100}}
  tablet:
    title: {zh: 平板, en: Tablet}
    optional: yes
    insured: {value: {type: money, min: 100}}
accepts:
  - {name: dear_enough, each: item, require: value >= 100, says: {zh: 价值过低, en: Too cheap}}
processes: {breakage: breakage@^1}
covers:
  - {use: gadget/repair@^1, as: repair, items: [phone, tablet], set: {share: 90%}}
exclusions:
  - {use: gadget/wilful@^1, as: wilful}
pools:
  yearly: {joins: [repair.limit]}
""",
    "repair/bases.yaml": """\
pricing:
  loading: 30%
  risk:
    breakage:
      accident: {kind: poisson, mean: frequency}
      cause: {drop: 90%, wilful: 10%}
      damage: {kind: lognormal, mean: 0.2, cv: 1}
best_estimate:
  inherits: pricing
""",
    "repair/claims.yaml": """\
- name: 手机跌落
  policy: {start: 2026-03-01, grade: new, excess: 50, items: {phone: {value: 3000}}, premium: 100}
  events:
    - {date: 2026-05-02, event: breakage.accident, marks: {cause: drop, loss: {phone: 650}}}
  expect:
    - {date: 2026-05-02, cover: repair, item: phone, amount: "540.00"}
  after: in_force
  working: (650 - 50) x 90%
""",
    "repair/tables/frequency.csv": """\
# title: Breakages a year
# source: none, chosen for the tests
# status: illustrative
# columns: {grade: {key: exact}, frequency: {type: number, unit: per year}}
grade,frequency
new,0.05
used,0.2
""",
    "modules/gadget/repair.yaml": """\
module: gadget/repair
version: 1.2.0
title: {zh: 维修费用, en: Repair costs}
kind: indemnity
terms:
  excess: {type: money, default: 50, min: 0}
  share:  {type: ratio, min: 0%, max: 100%}
  limit:  {type: money, default: value}
  notice: {type: days, default: 10 days, max: cn.longest_notice, printed: no, because: a guide}
pays:
  event: breakage.accident
  where: {cause: drop}
  amount: loss
  adjust:
    - {deductible: excess, per: event}
    - {share: share}
    - {limit: limit, per: policy_year, each: item}
clauses: [benefits/repair]
""",
    "modules/gadget/wilful.yaml": """\
module: gadget/wilful
version: 1.0.0
title: {zh: 故意行为, en: Wilful acts}
kind: exclusion
excludes:
  - {name: wilful, event: breakage.accident, where: {cause: wilful}, amount: 0}
""",
    "processes/breakage.yaml": """\
process: breakage
version: 1.0.0
title: {zh: 损坏, en: Breakage}
kind: collective
drawn: policy
events:
  accident: {title: {zh: 损坏, en: Accident}}
marks:
  cause:  {type: choice, of: [drop, wilful]}
  damage: {type: ratio, each: item}
  loss:   {type: money, each: item, is: damage * value}
""",
    "parameters/cn.yaml": """\
parameters: cn
list:
  longest_notice:
    title: {zh: 通知期上限, en: Longest notice}
    type: days
    dated:
      - {from: 2010-01-01, is: 30 days, reference: chosen for the tests, trust: memory}
      - {from: 2020-01-01, is: 60 days, reference: chosen for the tests, trust: memory}
  death_ratio:
    title: {zh: 给付比例, en: Death ratio}
    type: schedule
    by: attained_age
    dated:
      - {from: 2016-01-01, is: {18: 160%, 41: 140%}, reference: chosen for the tests, trust: memory}
""",
    "short_life/product.yaml": """\
product: short_life
version: 1.0.0
title: {zh: 短期寿险, en: Short life}
line: life
sold_to: individual
channel: agent
jurisdiction: CN
currency: CNY
effective: 2026-03-01
for_sale: no
contract: {term: offered, pay: offered, renewal: none}
insured:
  age: {type: age, min: 18, max: 60}
  sex: {type: choice, of: [M, F]}
offers:
  sum_insured: {type: money, min: 1000, max: 9000000, step: 1000}
  term: {type: years, of: [3, 5, to 60]}
  pay:  {type: years, of: [1, 3, 5]}
accepts:
  - {name: pay_within_term, require: pay <= term, says: {zh: 交费期过长, en: Pays too long}}
processes: {mortality: mortality@^1}
covers:
  - {use: life/death@^1, as: death, set: {waiting: 90 days}}
provisions:
  - {use: life/free_look@~1.0, as: free_look}
""",
    "short_life/bases.yaml": """\
pricing:
  interest: 2.0%
  loading:
    - {when: {pay: 1}, is: 18%}
    - {otherwise: 30%}
  expenses:
    - {name: upkeep, per: policy, amount: 20, grows: 2%}
  risk:
    mortality: {death: death_rate, cause: {illness: 90%, accident: 10%}}
  leaves_out:
    - {line: death.waits, because: the grid is yearly}
""",
    "modules/life/death.yaml": """\
module: life/death
version: 1.0.3
title: {zh: 身故, en: Death}
kind: lump_sum
terms:
  waiting: {type: days, default: 30 days, min: 0 days, max: 180 days}
pays:
  event: mortality.death
  waits: {for: waiting, unless: {cause: accident}, meanwhile: premiums_paid}
  amount: sum_insured
  then: {ends: contract}
""",
    "modules/life/free_look.yaml": """\
module: life/free_look
version: 1.0.9
title: {zh: 犹豫期, en: Free look}
kind: provision
terms:
  free_look: {type: days, default: 15 days, min: 10 days}
""",
    "processes/mortality.yaml": """\
process: mortality
version: 1.0.0
title: {zh: 身故, en: Mortality}
kind: decrement
drawn: policy
events:
  death: {title: {zh: 身故, en: Death}, ends: life}
marks:
  cause: {type: choice, of: [illness, accident, crime]}
""",
    "tables/death_rate.csv": """\
# title: Yearly death rate by age
# source: none, chosen for the tests
# status: illustrative
# columns: {attained_age: {key: band, type: age}, sex: {key: exact, of: [M, F]}, q: {type: ratio}}
attained_age_from,attained_age_below,sex,q
18,40,M,0.001
18,40,F,0.0006
40,,M,0.004
40,,F,0.0025
""",
}


def altered(file: str, *changes: tuple[str, str]) -> dict[str, str]:
    """The shelf with texts of one file replaced; each must stand there exactly once."""
    text = FILES[file]
    for old, new in changes:
        assert text.count(old) == 1, f"{file} holds {old!r} {text.count(old)} times"
        text = text.replace(old, new)
    return FILES | {file: text}


def write(folder: Path, files: Mapping[str, str] = FILES) -> Path:
    """Write a shelf into `folder/products` and give its path."""
    root = folder / "products"
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def made(
    folder: Path, product: str, files: Mapping[str, str] = FILES, on: date | None = None
) -> AssembledProduct:
    """Write a shelf and assemble one of its products."""
    return assemble(open_shelf(write(folder, files)), product, LANGUAGE, on)
