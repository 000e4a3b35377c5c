"""Businesses of the tests, written as a user writes them, small enough to be simulated often."""

import shutil
from functools import cache
from pathlib import Path

import cli
from product_factory.assemble import assemble
from product_factory.shelf import installed, open_shelf
from sandbox.business.file import business_of
from sandbox.business.members import bind_members
from sandbox.business.run import simulate_business
from sandbox.execution import Execution
from tests.rating.engines.tiny_year import tiny

YEARS, SEED = 60, 5
TITLE = "title: {zh: 混合, en: Mixed}\n"
TWO = f"""\
business: two
{TITLE}products:
  home: {{policies: 60}}
  million_medical: {{policies: 60}}
"""
COASTS = f"""\
business: coasts
{TITLE}products:
  home: {{policies: 60}}
  coast: {{product: home, policies: 60, stream: coast}}
"""
PAIR = f"""\
business: pair
{TITLE}exchange: {{USD: 7.1}}
products:
  tiny: {{}}
  other: {{stream: other}}
"""
LIVES = f"""\
business: lives
{TITLE}products:
  term_life: {{policies: 30}}
  endowment: {{policies: 30}}
"""
BY_YEAR = """\
reinsurance:
  covers: [home, million_medical]
  premium_share: 100%
  contracts:
    - {kind: quota_share, name: quota, cession: 20%, commission: 25%}
    - {kind: stop_loss, name: stop, attachment: 60%, limit: 100%, rate: 3%}
"""
BY_STORM = """\
reinsurance:
  covers: [home.typhoon, coast.typhoon]
  contracts:
    - {kind: quota_share, name: quota, cession: 30%}
    - {kind: excess_of_loss, name: storm, attachment: 20000, limit: 200000, reinstatements: 1}
"""


@cache
def shelf():
    return open_shelf(installed())


@cache
def assembled(name):
    return assemble(shelf(), name, cli.language())


def bound(text, *, basis="best_estimate", where=None, folder=Path()):
    """Give the file and its products; of the shelf that ships, or of another folder."""
    file = business_of(text.encode(), "b.yaml", folder)
    if where is None:
        return file, bind_members(file, shelf(), lambda _, name: assembled(name), basis)
    opened = open_shelf(where)
    found = bind_members(
        file, opened, lambda held, name: assemble(held, name, cli.language()), basis
    )
    return file, found


def made(text, *, years=YEARS, seed=SEED, execution=None, where=None, **change):
    """Simulate the business of a text."""
    basis = change.get("basis", "best_estimate")
    file, members = bound(text, basis=basis, where=where)
    how = execution or Execution.on(1)
    return simulate_business(file, members, years=years, seed=seed, execution=how, **change)


PORTFOLIO = "policies: 40\nseed: 1\nmix: {age: 40}\n"


def pair(folder, *, currency="CNY", severity="{kind: lognormal, mean: 2000, cv: 1.5}"):
    """Write a shelf of two products that are one another's like: `tiny` and `other`."""
    tiny(folder, severity=severity)
    root = folder / "products"
    (root / "tiny" / "portfolio.yaml").write_text(PORTFOLIO, encoding="utf-8")
    shutil.copytree(root / "tiny", root / "other")
    product = root / "other" / "product.yaml"
    text = product.read_text(encoding="utf-8").replace("product: tiny", "product: other")
    product.write_text(text.replace("currency: CNY", f"currency: {currency}"), encoding="utf-8")
    bases = root / "other" / "bases.yaml"
    text = bases.read_text(encoding="utf-8")
    bases.write_text(text.replace("mean: 0.7", "mean: 0.3"), encoding="utf-8")
    return root
