"""Tables and model points of the package lifelib, read from where it is installed."""

from importlib.resources import files

import numpy as np
import pandas as pd

from product_factory.tables import read_table

SELECT = 5
PV_NET_CF = 14_489_630.5346
"""What lifelib itself computes for its 10,000 points, summed."""
FOLDER = "libraries/basiclife/BasicTerm_M"


def folder():
    return files("lifelib") / FOLDER


def _sheet(name):
    with (folder() / f"{name}.xlsx").open("rb") as file:
        return pd.read_excel(file, index_col=0)


def csv(columns, header, rows):
    """A table of this project's form from rows of numbers."""
    lines = [
        "# title: a table of BasicTerm_M",
        "# source: lifelib",
        "# status: illustrative",
        f"# columns: {columns}",
        header,
        *(",".join(repr(number) for number in row) for row in rows),
    ]
    return "\n".join(lines) + "\n"


def mortality_table(rates, first_age):
    """From rates [age, policy year - 1], the last year standing for all later ones."""
    rows = [
        (first_age + age, year + 1, float(rate))
        for age, row in enumerate(rates)
        for year, rate in enumerate(row)
    ]
    columns = (
        "{attained_age: {key: exact, type: age}, policy_year: {key: step, type: integer}, "
        "rate: {type: ratio}}"
    )
    text = csv(columns, "attained_age,policy_year,rate", rows)
    return read_table(text, "mort_table", "mort_table.csv")


def interest_table(rates):
    """From spot rates by policy year - 1."""
    columns = "{policy_year: {key: exact, type: integer}, rate: {type: ratio}}"
    rows = [(year + 1, float(rate)) for year, rate in enumerate(rates)]
    text = csv(columns, "policy_year,rate", rows)
    return read_table(text, "disc_rate_ann", "disc_rate_ann.csv")


def tables():
    mortality, interest = _sheet("mort_table"), _sheet("disc_rate_ann")
    return {
        "mort_table": mortality_table(mortality.to_numpy(float), int(mortality.index[0])),
        "disc_rate_ann": interest_table(interest.iloc[:, 0].to_numpy(float)),
    }


def points():
    """Age at entry, term in years, sum assured."""
    book = _sheet("model_point_table")
    return (
        book["age_at_entry"].to_numpy(np.int64),
        book["policy_term"].to_numpy(np.int64),
        book["sum_assured"].to_numpy(float),
    )
