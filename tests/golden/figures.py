"""Hashes of what prices and simulations give; a script, so that a machine can be disguised."""

import hashlib
import json
import sys

import numpy as np

import cli
from product_factory.errors import At
from product_factory.nodes import read_nodes
from product_factory.strict import read
from rating.build import build
from rating.plan import bind
from rating.quote import quote
from sandbox.dependence.copulas import (
    Clayton,
    Comonotonic,
    Frank,
    Gaussian,
    Gumbel,
    Independence,
    T,
)
from sandbox.dependence.matrix import correlation
from sandbox.dependence.multipliers import MULTIPLIERS
from sandbox.laws.same import fingerprint
from sandbox.portfolio.generate import generate
from sandbox.run import portfolio_of, simulate

YEARS = {
    "term_life": 6,
    "home": 30,
    "million_medical": 30,
    "critical_illness": 3,
    "increasing_whole_life": 3,
    "endowment": 3,
    "annuity": 3,
    "disability_income": 3,
    "long_term_care": 3,
    "long_term_medical": 3,
    "group_accident": 30,
}


FEW = {"long_term_medical": 30}
"""Policies that are simulated where each kind of risk costs a pricing of every year."""


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def figures() -> dict[str, str]:
    """Hash rate tables, golden quotes, portfolios and simulated years of every product."""
    found: dict[str, str] = {}
    for name, years in YEARS.items():
        product = cli.open_product(name, None, None)
        for table in build(product):
            rows = [line for line in table.text.splitlines() if not line.startswith("#")]
            found[f"{name} table {table.name}"] = digest("\n".join(rows).encode())
        plan = bind(product)
        premiums = [
            quote(plan, golden.given).premium
            for golden in product.files["quotes"]
            if "refused_by" not in golden.expect
        ]
        found[f"{name} quotes"] = digest(np.array(premiums).tobytes())
        portfolio = portfolio_of(product, None)
        found[f"{name} portfolio"] = portfolio.digest
        few = generate(product, policies=FEW[name]) if name in FEW else portfolio
        run = simulate(product, few, years=years, threads=2)
        found[f"{name} years"] = digest(fingerprint(run.table))
    found |= dependence()
    return found


def dependence() -> dict[str, str]:
    """Hash draws of every copula and of every multiplier."""
    key = np.uint64(20260301)
    matrix = correlation(np.array([[1.0, 0.6], [0.6, 1.0]]), repair=False, at=At(""))
    pairs = (Clayton(2.0), Comonotonic(2), Frank(5.0), Gaussian(matrix), Gumbel(1.5))
    found = {
        f"copula {one.KIND}": digest(one.sample(key, 0, 200).tobytes())
        for one in (*pairs, Independence(2), T(matrix, 4.0))
    }
    u = np.ascontiguousarray(Independence(1).sample(key, 0, 200)[:, 0])
    for kind, text in (
        ("gamma", "{kind: gamma, cv: 30%}"),
        ("lognormal", "{kind: lognormal, cv: 30%}"),
        ("shock", "{kind: shock, chance: 10%, times: 3}"),
    ):
        multiplier = read(MULTIPLIERS[kind], read_nodes(text, kind))
        found[f"multiplier {kind}"] = digest(multiplier.values(0, u).tobytes())
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(figures(), indent=2, sort_keys=True) + "\n")
