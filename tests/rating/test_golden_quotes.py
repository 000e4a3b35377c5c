"""The golden quotes of every product of the shelf agree, one by one and as a book."""

from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pydantic import TypeAdapter

from product_factory.assemble import assemble
from product_factory.errors import Refused
from product_factory.language import Language
from product_factory.shelf import Shelf, installed
from rating.book import by_of, open_source, rate_book
from rating.frequencies import FREQUENCIES
from rating.golden import check_quotes
from rating.page import COLUMNS, page, width
from rating.plan import bind
from rating.quote import quote
from rating.severities import SEVERITIES
from rating.steps import STEPS
from rating.worksheet import worksheet

SHELF = Shelf(installed())
PRODUCTS = [name for name in SHELF.products() if (SHELF.root / name / "rating.yaml").is_file()]
ANY: TypeAdapter[Any] = TypeAdapter(Any)
STEMS = {path.stem for path in SHELF.root.glob("*/*.yaml")}
HAZARDS = {
    "catalogue": (("events",),),
    "vortex": (("at",),),
    "emanuel": (("v_threshold", "v_half"),),
}
DRAWN = {k: tuple(map(tuple, m.FORMS)) for k, m in {**FREQUENCIES, **SEVERITIES}.items()}
# what no price reads is not of interest here, so it may hold anything
LANGUAGE = Language({**dict.fromkeys(STEMS, ANY), "rating": STEPS}, {**DRAWN, **HAZARDS})


def product_of(name):
    return assemble(SHELF, name, LANGUAGE)


@pytest.mark.parametrize("name", PRODUCTS)
def test_golden_quotes_agree(name):
    assert [str(finding) for finding in check_quotes(product_of(name))] == []


@pytest.mark.parametrize("name", PRODUCTS)
def test_the_worksheet_of_every_golden_quote_ends_in_its_premium(name):
    product = product_of(name)
    plan = bind(product)
    shown = 0
    for entry in product.files["quotes"]:
        if "refused_by" in entry.expect:
            continue
        priced = quote(plan, entry.given)
        lines = page(worksheet(plan, priced)).splitlines()
        assert lines[-1].split()[0] == plan.premium.name
        assert float(lines[-1].split()[-1]) == priced.premium
        assert all(width(line) <= COLUMNS for line in lines)
        shown += 1
    assert shown


def flat(given):
    """A golden quote as a row of a book."""
    row = {key: str(value) for key, value in given.items() if key != "items"}
    for item, group in given.get("items", {}).items():
        row |= {f"{item}.{key}": str(value) for key, value in group.items()}
    return row


def listed(place, given):
    """A golden quote of a group as rows of a book, one for each member."""
    policy = {key: str(value) for key, value in given.items() if key != "items"}
    for item, ones in given["items"].items():
        for one in ones:
            own = {key: str(value) for key, value in one.items()}
            yield {"policy": str(place), "item": item, **policy, **own}


@pytest.mark.parametrize("name", PRODUCTS)
def test_golden_quotes_rated_as_a_book_are_the_same_to_the_bit(name, tmp_path):
    product = product_of(name)
    plan = bind(product)
    entries = product.files["quotes"]
    book = tmp_path / "book.parquet"
    if plan.readers.many:
        rows = [row for place, entry in enumerate(entries) for row in listed(place, entry.given)]
    else:
        rows = [{**dict.fromkeys(plan.readers.paths()), **flat(entry.given)} for entry in entries]
    pq.write_table(pa.Table.from_pylist(rows), book)
    by = by_of("policy", "policy") if plan.readers.many else None
    result = rate_book(plan, open_source(book, by=by), tmp_path / "out.parquet")
    assert result.rejected == 0
    for row, entry in zip(pq.read_table(result.target).to_pylist(), entries, strict=True):
        if row["decision"] == "refused":
            with pytest.raises(Refused, match=f"'{row['reason']}'"):
                quote(plan, entry.given)
        else:
            priced = quote(plan, entry.given)
            assert row[plan.premium.name] == priced.premium
            assert row["decision"] == priced.outcome
