"""A joint annuity on two lives, written into a folder by the tests: 联合生存者年金."""

from pathlib import Path

import numpy as np

import cli
from product_factory.assemble import assemble
from product_factory.shelf import open_shelf
from rating.engines.multistate import Cells

A, B, C = 0.00022, 0.0000027, 1.124

PRODUCT = """\
product: joint_annuity
version: 1.0.0
title: {zh: 联合生存者年金保险, en: Joint and survivor annuity}
line: life
design: ordinary
sold_to: individual
channel: agent
jurisdiction: CN
currency: CNY
effective: 2026-03-01
for_sale: no
contract: {term: life, pay: offered, pay_while: two_lives.both, renewal: none}
insured:
  age: {type: age, min: 30, max: 80}
  sex: {type: choice, of: [M, F]}
  second_age: {type: age, min: 30, max: 80}
  second_sex: {type: choice, of: [M, F]}
lives:
  second: {age: second_age, sex: second_sex}
offers:
  sum_insured: {type: money, min: 1000, max: 500000, step: 100}
  pay: {type: years, of: [1, 5, 10]}
processes: {two_lives: two_lives@^1, lapse: lapse@^1}
covers:
  - {use: life/joint_annuity@^1, as: together}
  - {use: life/first_alone@^1, as: first_alone}
  - {use: life/second_alone@^1, as: second_alone, set: {share: 60%}}
  - {use: life/first_to_die@^1, as: first_to_die}
  - {use: life/last_to_die@^1, as: last_to_die}
  - {use: life/surrender@^1, as: surrender}
"""
BASES = """\
pricing:
  interest: 5%
  loading: 0%
  risk:
    two_lives: {first: q, second: q, cause: {illness: 100%}}
    lapse: {surrender: 0}
best_estimate:
  inherits: pricing
  risk:
    lapse: {surrender: 2%}
"""
RATING = """\
- name: net_rate
  kind: technical
  engine: multistate
  basis: pricing
  gives: net_premium
  per: 1000
  axes: [age, sex, second_age, second_sex, pay]
- {name: premium, kind: compute, is: net_rate * sum_insured / 1000}
- {name: payable, kind: round, of: premium, to: 0.01, mode: half_up}
"""
TWO_LIVES = """\
process: two_lives
version: 1.0.0
title: {zh: 两名被保险人的身故, en: Deaths of two lives}
kind: lives
drawn: policy
lives:
  first:  {title: {zh: 第一被保险人, en: the first insured}}
  second: {title: {zh: 第二被保险人, en: the second insured}}
states:
  both:   {title: {zh: 两名被保险人均生存, en: both alive}}
  first:  {title: {zh: 仅第一被保险人生存, en: only the first alive}}
  second: {title: {zh: 仅第二被保险人生存, en: only the second alive}}
events:
  first_death:
    of: first
    from: both
    to: second
    title: {zh: 第一被保险人先身故, en: the first dies}
  second_death:
    of: second
    from: both
    to: first
    title: {zh: 第二被保险人先身故, en: the second dies}
  both_deaths:
    of: [first, second]
    from: both
    ends: life
    title: {zh: 同时身故, en: both die at once}
  last_first:
    of: first
    from: first
    ends: life
    title: {zh: 第一被保险人后身故, en: the first dies last}
  last_second:
    of: second
    from: second
    ends: life
    title: {zh: 第二被保险人后身故, en: the second dies last}
marks:
  cause: {type: choice, of: [illness, accident, suicide]}
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


def income(name, title, state, terms=""):
    """A module that pays a share of the sum insured every year in a state."""
    return f"""\
module: life/{name}
version: 1.0.0
title: {title}
kind: scheduled
terms:
  share: {{type: ratio, default: 100%, min: 0%, max: 100%}}
pays:
  while: two_lives.{state}
  due: {{every: year, at: start}}
  amount: sum_insured * share
"""


def on_death(name, title, events, times=""):
    """A module that pays at deaths."""
    return f"""\
module: life/{name}
version: 1.0.0
title: {title}
kind: lump_sum
pays:
  event: [{events}]
  amount: sum_insured
{times}"""


def q(age):
    """Makeham's law, A 0.00022, B 2.7e-6, c 1.124: chance of death within a year."""
    return -np.expm1(-A - B * C**age * (C - 1) / np.log(C))


def table(last=130):
    """Its table."""
    rows = [f"{x},{1.0 if x == last else q(x):.17g}" for x in range(30, last + 1)]
    head = "# title: q\n# source: the test\n# status: illustrative\n"
    head += "# columns: {attained_age: {key: exact, type: age}, q: {type: ratio}}\nattained_age,q\n"
    return head + "\n".join(rows) + "\n"


FILES = {
    "joint_annuity/product.yaml": PRODUCT,
    "joint_annuity/bases.yaml": BASES,
    "joint_annuity/rating.yaml": RATING,
    "processes/two_lives.yaml": TWO_LIVES,
    "processes/lapse.yaml": LAPSE,
    "modules/life/joint_annuity.yaml": income(
        "joint_annuity", "{zh: 共同生存年金, en: Joint}", "both"
    ),
    "modules/life/first_alone.yaml": income("first_alone", "{zh: 甲, en: First}", "first"),
    "modules/life/second_alone.yaml": income("second_alone", "{zh: 乙, en: Second}", "second"),
    "modules/life/first_to_die.yaml": on_death(
        "first_to_die",
        "{zh: 首位身故, en: First to die}",
        "two_lives.first_death, two_lives.second_death, two_lives.both_deaths",
    ),
    "modules/life/last_to_die.yaml": on_death(
        "last_to_die",
        "{zh: 末位身故, en: Last to die}",
        "two_lives.last_first, two_lives.last_second, two_lives.both_deaths",
        "  then: {ends: contract}\n",
    ),
    "modules/life/surrender.yaml": """\
module: life/surrender
version: 1.0.0
title: {zh: 退保, en: Surrender}
kind: lump_sum
pays:
  event: lapse.surrender
  amount: 0
  then: {ends: contract}
""",
    "tables/q.csv": table(),
}


def write(folder: Path, **changed) -> Path:
    """Write the shelf; changed: file stem → what is replaced in it by what."""
    root = folder / "products"
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        said = text
        for old, new in changed.get(path.stem, ()):
            assert old in said, old
            said = said.replace(old, new)
        path.write_text(said, encoding="utf-8")
    return root


def made(folder: Path, **changed):
    """Assemble it."""
    return assemble(open_shelf(write(folder, **changed)), "joint_annuity", cli.language())


def cells(*pairs, pay=0.0, sum_insured=1.0):
    """Contracts on lives of these ages."""
    first, second = (np.array(column, np.float64) for column in zip(*pairs, strict=True))
    nothing = np.zeros(len(first))
    return Cells(
        {
            "age": first,
            "sex": nothing,
            "second_age": second,
            "second_sex": nothing + 1.0,
            "sum_insured": nothing + sum_insured,
            "pay": nothing + pay,
        }
    )
