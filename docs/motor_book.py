# ruff: noqa: INP001, PLR2004 - a script beside its page, and its tariff is written in numbers
"""Make the book of docs/fit_motor.md: `python docs/motor_book.py` writes freq.csv and sev.csv.

Policies and claims drawn from a tariff that is written below, with the columns of freMTPL2 (French
motor third-party liability). Nothing in it is data: it stands in where that book is not at hand.
"""

import csv
from pathlib import Path

import numpy as np

SIZE = 20_000
SEED = 7
COLUMNS = (
    "IDpol,ClaimNb,Exposure,Area,VehPower,VehAge,DrivAge,BonusMalus,VehBrand,VehGas,Density,Region"
)
REGIONS = {"R24": 1.0, "R53": 0.8, "R82": 1.3, "R11": 1.5}
BRANDS = {"B1": 1.0, "B2": 1.0, "B12": 0.8}
AREAS = "ABCDEF"
HUGE = 350_000


def main(folder: Path = Path()) -> None:
    """Write the two files; the same at every run."""
    random = np.random.default_rng(SEED)
    policies: list[list[object]] = []
    claims: list[list[object]] = []
    for number in range(1, SIZE + 1):
        exposure = round(float(random.uniform(0.1, 1.0)), 2)
        age = int(random.integers(18, 91))
        power, old = int(random.integers(4, 13)), int(random.integers(0, 21))
        bonus = 50 + int(random.uniform() < 0.5) * int(np.exp(random.uniform(0.0, 5.19)))
        brand, region = random.choice(list(BRANDS)), random.choice(list(REGIONS))
        gas = str(random.choice(["Diesel", "Regular"]))
        density = int(np.exp(random.uniform(0.0, 10.0)))
        young = 1.0 + 1.2 * np.exp(-(age - 18) / 6)
        mean = 0.15 * young * np.exp(0.011 * (bonus - 50)) * REGIONS[region] * BRANDS[brand]
        count = int(random.poisson(mean * exposure * (1.15 if gas == "Diesel" else 1.0)))
        paid = [] if random.uniform() < 0.1 else random.gamma(0.8, 1500.0 + 4.0 * age, count)
        claims += [[number, round(float(amount) + 1.0, 2)] for amount in paid]
        area = AREAS[min(5, len(str(density)))]
        policies.append(
            [number, count, exposure, area, power, old, age, bonus, brand, gas, density, region]
        )
    policies[16][2] = -0.5  # a row that nobody can use
    policies[20][2] = 1.2  # more than a year
    claims.append([policies[40][0], HUGE])  # a large loss
    policies[40][1] = max(1, int(str(policies[40][1])))
    claims += [[SIZE + 1, 700.0], [SIZE + 1, 900.0]]  # of a policy that is not in the book
    for name, head, rows in (
        ("freq.csv", COLUMNS, policies),
        ("sev.csv", "IDpol,ClaimAmount", claims),
    ):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([head.split(","), *rows])


if __name__ == "__main__":
    main()
