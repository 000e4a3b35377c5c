"""Rate 1,000,000 policies by eight factors, codes in memory: base times eight relativities."""

from functools import cache

import numpy as np

from product_factory.expressions.operations import Op
from product_factory.expressions.program import Builder
from product_factory.types import Type
from rating.book import evaluate, prepare
from tests.benchmarks.limits.fused_rating import fused

ROW = "rate 1,000,000 policies, 8 factors, codes in memory"
POLICIES = 1_000_000
LEVELS = (60, 2, 31, 12, 8, 24, 5, 40)
BASE = 812.5

NAMES = [f"factor_{number}" for number in range(len(LEVELS))]
_rng = np.random.default_rng(20_260_301)
CODES = [_rng.integers(0, size, POLICIES, dtype=np.int32) for size in LEVELS]
TABLES = [_rng.uniform(0.7, 1.6, size).round(4) for size in LEVELS]


def numpy_take():
    premium = np.full(POLICIES, BASE)
    for codes, table in zip(CODES, TABLES, strict=True):
        premium *= table.take(codes)
    return premium


def pandas_merge():
    import pandas as pd

    book = pd.DataFrame(dict(zip(NAMES, CODES, strict=True)))
    premium = np.full(POLICIES, BASE)
    for name, table in zip(NAMES, TABLES, strict=True):
        rates = pd.DataFrame({name: np.arange(len(table), dtype=np.int32), "rate": table})
        premium = premium * book.merge(rates, on=name, how="left")["rate"].to_numpy()
    return premium


def polars_join():
    import polars as pl

    book = pl.DataFrame(dict(zip(NAMES, CODES, strict=True)))
    premium = pl.lit(BASE)
    for name, table in zip(NAMES, TABLES, strict=True):
        rates = {name: np.arange(len(table), dtype=np.int32), f"{name}_rate": table}
        # Not lazily: a lazy join that keeps the order of its rows took three times as long.
        book = book.join(pl.DataFrame(rates), on=name, how="left", maintain_order="left")
        premium = premium * pl.col(f"{name}_rate")
    return book.select(premium.alias("premium"))["premium"].to_numpy()


def limit(threads):
    return fused(BASE, CODES, TABLES, threads)


@cache
def machine():
    """The tariff as a program, made ready once, as a product's is when it is bound."""
    builder = Builder()
    premium = builder.constant(BASE)
    for name, table in zip(NAMES, TABLES, strict=True):
        levels = len(table)
        code = builder.input(name, Type("choice", tuple(map(str, range(levels)))))
        keys = builder.store(np.arange(float(levels)))
        key = builder.emit(Op.KEY_EXACT, code, keys, levels)
        relativity = builder.emit(Op.CELL, key, builder.store(table), levels)
        premium = builder.emit(Op.MUL, premium, relativity)
    builder.results["premium"] = premium
    program = builder.finish()
    return prepare(program, program.results)


def covercast(threads):
    columns = dict(zip(NAMES, CODES, strict=True))
    return evaluate(machine(), columns, threads=threads).outputs["premium"]


CONTENDERS = {
    "pandas merge": ("peer", pandas_merge),
    "polars join": ("peer", polars_join),
    "numpy take": ("peer", numpy_take),
    "fused numba kernel, 1 thread": ("limit", lambda: limit(1)),
    "fused numba kernel, 2 threads": ("limit", lambda: limit(2)),
    "Covercast, 1 thread": ("ours", lambda: covercast(1)),
    "Covercast, 2 threads": ("ours", lambda: covercast(2)),
}
