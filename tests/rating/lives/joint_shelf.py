"""A joint annuity on two lives, written into a folder by the tests: 联合生存者年金."""

from pathlib import Path

import numpy as np

import cli
from product_factory.assemble import assemble
from product_factory.shelf import installed, open_shelf
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
  - {use: life/survivor_first@^1, as: first_alone}
  - {use: life/survivor_second@^1, as: second_alone, set: {share: 60%}}
  - {use: life/first_death@^1, as: first_to_die}
  - {use: life/last_death@^1, as: last_to_die}
  - {use: life/surrender@^1, as: surrender}
exclusions:
  - {use: exclusions/two_lives_statutory@^1, as: statutory}
provisions:
  - {use: life/free_look@^1, as: free_look}
values:
  cash_value: {kind: modified_reserve, basis: cash_value, share: 100%}
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
cash_value:
  inherits: pricing
  loading: 10%
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


def q(age):
    """Makeham's law, A 0.00022, B 2.7e-6, c 1.124: chance of death within a year."""
    return -np.expm1(-A - B * C**age * (C - 1) / np.log(C))


def table(last=130):
    """Its table."""
    rows = [f"{x},{1.0 if x == last else q(x):.17g}" for x in range(30, last + 1)]
    head = "# title: q\n# source: the test\n# status: illustrative\n"
    head += "# columns: {attained_age: {key: exact, type: age}, q: {type: ratio}}\nattained_age,q\n"
    return head + "\n".join(rows) + "\n"


FROM_SHELF = ("modules/exclusions", "modules/life", "processes", "parameters")
"""What the contract is composed of: modules and processes of the shelf that ships."""
PORTFOLIO = """\
policies: 100
seed: 1
mix:
  age: {kind: triangular, low: 55, mode: 60, high: 70}
  sex: {M: 44%, F: 56%}
  second_age: {kind: triangular, low: 50, mode: 58, high: 70}
  second_sex: {M: 50%, F: 50%}
  pay: {1: 10%, 5: 30%, 10: 60%}
  sum_insured: {6000: 40%, 12000: 60%}
refused: redraw
"""
FILES = {
    "joint_annuity/portfolio.yaml": PORTFOLIO,
    "joint_annuity/product.yaml": PRODUCT,
    "joint_annuity/bases.yaml": BASES,
    "joint_annuity/rating.yaml": RATING,
    "tables/q.csv": table(),
}


def write(folder: Path, **changed) -> Path:
    """Write the shelf; changed: file stem → what is replaced in it by what."""
    root = folder / "products"
    kept = {
        f"{one}/{path.name}": path
        for one in FROM_SHELF
        for path in sorted((installed() / one).glob("*.yaml"))
    }
    texts = {name: path.read_text("utf-8") for name, path in kept.items()} | FILES
    for name, text in texts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        said = text
        for old, new in changed.get(path.stem, ()):
            assert old in said, old
            said = said.replace(old, new)
        path.write_text(said, encoding="utf-8")
    return root


def assembled(root: Path):
    """Assemble the product of a shelf."""
    return assemble(open_shelf(root), "joint_annuity", cli.language())


def made(folder: Path, **changed):
    """Write the shelf and assemble it."""
    return assembled(write(folder, **changed))


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
