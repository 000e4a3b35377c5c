"""BasicTerm_M of lifelib 0.17.2 (MIT): its shelf, its model points, and its flows written slowly.

The points are those of the package: drawn by its notebook `generate_model_points.ipynb` from
numpy's default generator, seed 12345.
"""

import shutil
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
PV_NET_CF = "14489630.5346"
"""The sum of `pv_net_cf` over the 10,000 points, as lifelib computes it."""
TERMS = np.array([10, 15, 20])
MONTHS = 12


def write_shelf(folder):
    root = folder / "products"
    shutil.copytree(HERE / "products", root)
    return root


def points(count=10_000):
    """Age at entry, sex (0 is M), term in years, sum assured."""
    rng = np.random.default_rng(12345)
    age = rng.integers(20, 60, 10_000)
    sex = rng.integers(0, 2, 10_000)
    term = TERMS[rng.integers(0, 3, 10_000)]
    insured = np.round((1_000_000 - 10_000) * rng.random(10_000) + 10_000, -3)
    return tuple(column[:count] for column in (age, sex, term, insured))


def rows(count=10_000):
    """The points as rows of a book."""
    return [
        {
            "age": int(age),
            "sex": "MF"[sex],
            "term": int(term),
            "pay": int(term),
            "sum_insured": int(insured),
        }
        for age, sex, term, insured in zip(*points(count), strict=True)
    ]


def write_book(path, listed):
    """Write rows as CSV."""
    lines = [",".join(listed[0]), *(",".join(map(str, row.values())) for row in listed)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def read(name):
    """A table of the shelf: key → value."""
    path = HERE / f"products/basic_term/tables/{name}.csv"
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")][1:]
    return {int(key): float(value) for key, value in (line.split(",") for line in lines)}


def by_hand(age, term, insured):
    """The flows of one point month by month, in lifelib's own terms."""
    base, factor, spot = read("mort_table"), read("select_factor"), read("disc_rate_ann")
    names = ("pols_if", "pols_death", "pols_lapse", "pols_maturity")
    found = {name: [0.0] * (MONTHS * term + 1) for name in names}
    disc = [(1 + spot[t // 12 + 1]) ** (-t / 12) for t in range(MONTHS * term + 1)]
    alive = 1.0
    for t in range(MONTHS * term):
        year = t // 12
        q = base[age + year] * factor[min(year, 5) + 1]
        lapse = max(0.1 - 0.02 * year, 0.02)
        found["pols_if"][t] = alive
        found["pols_death"][t] = alive * (1 - (1 - q) ** (1 / 12))
        found["pols_lapse"][t] = (alive - found["pols_death"][t]) * (1 - (1 - lapse) ** (1 / 12))
        alive -= found["pols_death"][t] + found["pols_lapse"][t]
    found["pols_maturity"][-1] = alive
    found = {name: np.array(flow) for name, flow in found.items()} | {
        "disc_factors": np.array(disc)
    }
    found["claims"] = insured * found["pols_death"]
    worth = found["disc_factors"]
    net = (found["claims"] @ worth) / (found["pols_if"] @ worth)
    found["premiums"] = np.around(1.5 * net, 2) * found["pols_if"]
    month = np.arange(MONTHS * term + 1)
    found["commissions"] = (month < 12) * found["premiums"]
    each = 300.0 * (month == 0) + 60 / 12 * 1.01 ** (month / 12)
    found["expenses"] = each * found["pols_if"]
    found["net_cf"] = found["premiums"] - found["claims"] - found["expenses"] - found["commissions"]
    return found
