"""A small motor book with known truth, and the specification that fits it."""

import csv

import numpy as np

STUDY = """\
fit: motor
kind: glm
title: {zh: 车险, en: Motor}
source: made for the tests
exposure: {column: exposure}
claims: {column: claims}
amounts: {column: amount}
variables:
  region: {}
  age: {bands: [18, 30]}
models:
  frequency: {family: poisson}
  severity: {family: gamma}
premium: {of: [frequency, severity]}
"""
HEAD = ["exposure", "claims", "amount", "region", "age"]


def policies(size=1500):
    """Rows whose true frequencies are 0.3 in the north, 0.6 in the south, half more below 30."""
    random = np.random.default_rng(3)
    rows = []
    for _ in range(size):
        lived, age = round(random.uniform(0.2, 1.0), 2), int(random.integers(18, 80))
        region = str(random.choice(["N", "S"]))
        mean = lived * (0.3 if region == "N" else 0.6) * (1.5 if age < 30 else 1.0)
        claims = int(random.poisson(mean))
        paid = round(float(random.gamma(2.0, 500.0, claims).sum()), 2)
        rows.append([lived, claims, paid, region, age])
    return rows


def write(folder, rows, head=HEAD):
    with (folder / "lives.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
