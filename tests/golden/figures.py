"""Hashes of what prices and simulations give; a script, so that a machine can be disguised."""

import hashlib
import json
import sys

import numpy as np

import cli
from rating.build import build
from rating.plan import bind
from rating.quote import quote
from sandbox.laws.same import fingerprint
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
}


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
        run = simulate(product, portfolio, years=years, threads=2)
        found[f"{name} years"] = digest(fingerprint(run.table))
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(figures(), indent=2, sort_keys=True) + "\n")
