"""Rate 1,000,000 policies by eight factors from Parquet to Parquet, the levels as texts.

The book and the relativities are those of `book_workload`; the product is one of six files, bound
as any other is. Every contender writes the number of the row, the policy and the premium.
"""

import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from product_factory.assemble import assemble
from product_factory.shelf import open_shelf
from rating.book import rate_book
from rating.plan import bind
from tests.benchmarks.book_workload import BASE, CODES, LEVELS, NAMES, POLICIES, TABLES
from tests.benchmarks.limits.fused_rating import fused
from tests.rating.tiny_shelf import BASES, FIRE, FIRE_COVER, FRAME, LANGUAGE
from tests.shelf_files import write_files

ROW = "rate 1,000,000 policies, 8 factors, from Parquet to Parquet, levels as texts"
WORDS = [
    [f"{name}_{level:02}" for level in range(size)]
    for name, size in zip(NAMES, LEVELS, strict=True)
]


@cache
def folder():
    """A folder that lives as long as the process, with the book in it."""
    held = tempfile.TemporaryDirectory()
    folder.held = held
    root = Path(held.name)
    columns = {"policy": pa.array([f"P{number:09}" for number in range(POLICIES)])}
    for name, codes, words in zip(NAMES, CODES, WORDS, strict=True):
        columns[name] = pa.DictionaryArray.from_arrays(codes, words).cast(pa.string())
    pq.write_table(pa.table(columns), root / "book.parquet")
    return root


def premiums_of(path):
    return pq.read_table(path, columns=["premium"])["premium"].to_numpy()


def product():
    """Write and assemble the product: eight choices, a table of relativities for each."""
    root = folder() / "products"
    insured = "".join(f"  {name}: {{type: choice, of: {name}.{name}}}\n" for name in NAMES)
    formula = " * ".join([str(BASE), *(f"r{name}" for name in NAMES)])
    files = {
        "modules/property/fire.yaml": FIRE_COVER.replace("value * damage", "damage"),
        "processes/fire.yaml": FIRE.replace("{type: ratio, each: item}", "{type: money}"),
        "eight/bases.yaml": BASES.replace("damage: 0.5", "damage: 1000"),
        "eight/product.yaml": (
            f"product: eight\ntitle: {{zh: 八, en: Eight}}\n{FRAME}\n"
            "contract: {term: 1, pay: 1, renewal: none}\n"
            f"insured:\n{insured}"
            "processes: {fire: fire@^1}\ncovers:\n  - {use: property/fire@^1, as: fire}\n"
        ),
        "eight/rating.yaml": "".join(
            f"- {{name: r{name}, kind: lookup, table: {name}.relativity}}\n" for name in NAMES
        )
        + f"- {{name: premium, kind: compute, is: {formula}}}\n",
    }
    for name, words, table in zip(NAMES, WORDS, TABLES, strict=True):
        head = (
            f"# title: {name}\n# source: the benchmark\n# status: illustrative\n"
            f"# columns: {{{name}: {{key: exact}}, relativity: {{type: number}}}}\n"
            f"{name},relativity\n"
        )
        body = "".join(f"{w},{r}\n" for w, r in zip(words, table.tolist(), strict=True))
        files[f"tables/{name}.csv"] = head + body
    write_files(root, files)
    return assemble(open_shelf(root), "eight", LANGUAGE)


@cache
def plan():
    return bind(product())


def covercast(threads):
    target = folder() / "covercast.parquet"
    rate_book(plan(), folder() / "book.parquet", target, threads=threads, steps=["premium"])
    return target


def limit():
    """Read texts as dictionaries, unify their codes, rate with the fused kernel, write."""
    target = folder() / "limit.parquet"
    table = pq.read_table(folder() / "book.parquet", read_dictionary=NAMES)
    codes = []
    for name, words in zip(NAMES, WORDS, strict=True):
        column = table[name].unify_dictionaries().combine_chunks()
        places = {word: place for place, word in enumerate(words)}
        order = np.array([places[word] for word in column.dictionary.to_pylist()], dtype=np.int32)
        codes.append(order[column.indices.to_numpy()])
    premium = fused(BASE, codes, TABLES, 1)
    made = pa.table(
        {"row": np.arange(1, POLICIES + 1), "policy": table["policy"], "premium": premium}
    )
    pq.write_table(made, target, use_dictionary=["policy"])
    return target


def pandas_map():
    import pandas as pd

    target = folder() / "pandas.parquet"
    book = pd.read_parquet(folder() / "book.parquet")
    premium = np.full(POLICIES, BASE)
    for name, words, table in zip(NAMES, WORDS, TABLES, strict=True):
        premium = premium * book[name].map(pd.Series(table, index=words)).to_numpy()
    made = pd.DataFrame({"row": np.arange(1, POLICIES + 1), "policy": book["policy"]})
    made["premium"] = premium
    made.to_parquet(target, index=False)
    return target


def polars_join():
    import polars as pl

    target = folder() / "polars.parquet"
    book = pl.read_parquet(folder() / "book.parquet").with_row_index("row", offset=1)
    premium = pl.lit(BASE)
    for name, words, table in zip(NAMES, WORDS, TABLES, strict=True):
        rates = pl.DataFrame({name: words, f"{name}_rate": table})
        book = book.join(rates, on=name, how="left", maintain_order="left")
        premium = premium * pl.col(f"{name}_rate")
    book.select("row", "policy", premium.alias("premium")).write_parquet(target)
    return target


CONTENDERS = {
    "pandas map": ("peer", pandas_map),
    "polars join": ("peer", polars_join),
    "Arrow and a fused kernel": ("limit", limit),
    "Covercast, 1 thread": ("ours", lambda: covercast(1)),
    "Covercast, 2 threads": ("ours", lambda: covercast(2)),
}
