"""Books with a row for each item: policies are whole, and rated as their quotes are."""

import csv
import itertools
import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from product_factory.errors import BadInput, BadValue, Refused
from rating.book import By, open_source, rate_book
from rating.book import policies as gathering
from rating.book import source as sources
from rating.golden import check_quotes
from rating.plan import bind
from rating.quote import quote
from rating.worksheet import worksheet
from tests.rating.crew import CREW, CREW_QUOTES, CREW_RATING, write_crew
from tests.rating.test_book import GOOD, ITEMS, NAMES, table
from tests.rating.test_book_resume import Stopped, bytes_of, left, stop_behind
from tests.rating.tiny_shelf import product_of, write_shelf

COLUMNS = ("policy", "trade", "item", "value", "age", "metal", "agent")
STEPS = ("members", "before", "dearest", "premium", "payable")


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    shelf = write_shelf(tmp_path_factory.mktemp("shelf"))
    write_crew(shelf)
    return bind(product_of(shelf, "crew"))


def write(path, rows, names=COLUMNS):
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([names, *rows])
        return path
    texts = [[None if cell == "" else str(cell) for cell in row] for row in rows]
    columns = list(zip(*texts, strict=True)) or [()] * len(names)
    pq.write_table(pa.table(dict(zip(names, map(list, columns), strict=True))), path)
    return path


def read(path):
    return pq.read_table(path).to_pylist()


def rejects_of(result):
    with result.rejects.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rated(plan, book, out, *, per_item=False, keep=("agent",), **asked):
    asked |= {"keep": keep}
    return rate_book(plan, open_source(book, by=By("policy", per_item)), out, **asked)


def as_quote(rows):
    """The risk of a policy as `quote` takes it: the reference that knows no books."""
    found = {"trade": rows[0][1], "items": {}}
    for _, _, item, value, age, metal, _ in rows:
        given_ = {"value": value}
        given_ |= {"age": age} if item == "member" else {"metal": metal}
        if item == "member":
            found["items"].setdefault("member", []).append(given_)
        else:
            found["items"]["boat"] = given_
    return found


@st.composite
def crews(draw):
    """Policies of one to nine rows, some of them wrong, the boat at any place among them."""
    found = []
    for number in range(draw(st.integers(1, 6))):
        trade = draw(st.sampled_from(["fishing", "ferry"]))
        ages = draw(st.lists(st.integers(17, 66), min_size=1, max_size=8))
        values = [draw(st.sampled_from([10, 100.5, 333, 900, 901])) for _ in ages]
        rows = [
            [f"p{number}", trade, "member", value, age, "", "x"]
            for value, age in zip(values, ages, strict=True)
        ]
        if draw(st.booleans()):
            boat = [f"p{number}", trade, "boat", draw(st.integers(100, 9999)), "", "yes", "y"]
            rows.insert(draw(st.integers(0, len(rows))), boat)
        for row in rows[1:]:
            row[1] = draw(st.sampled_from([trade, "", trade, trade]))
        found.append(rows)
    return found


def is_wrong(row):
    return row[2] == "member" and not (18 <= row[4] <= 65 and row[3] <= 900)


def test_a_policy_is_rated_as_its_quote_is_wherever_blocks_end(plan, tmp_path, monkeypatch):
    """Every row is in the result or in the rejects, and a premium is that of the quote, bit by bit.

    The reference reads the policies one by one, and prices each by `quote`.
    """
    seen = itertools.count()

    @settings(suppress_health_check=[HealthCheck.too_slow])
    @given(book=crews(), chunk=st.integers(1, 9), threads=st.integers(1, 2), kind=st.booleans())
    def law(book, chunk, threads, kind):
        folder = tmp_path / f"{next(seen)}"
        folder.mkdir()
        monkeypatch.setattr(sources, "CHUNK", chunk)
        monkeypatch.setattr(sources, "CSV_BYTES", 40 * chunk)
        must_be_as_quoted(plan, folder, book, threads, kind)

    law()


def quoted(plan, risk):
    """The quotation, the line of `accepts` that refuses, or nothing where there is no rate."""
    try:
        return quote(plan, risk)
    except Refused as error:
        return error.name
    except BadValue:
        return None


def must_be_as_quoted(plan, folder, book, threads, kind):
    path = write(folder / ("book.csv" if kind else "book.parquet"), itertools.chain(*book))
    asked = {"threads": threads, "steps": STEPS}
    result = rated(plan, path, folder / "out.parquet", **asked)
    items = rated(plan, path, folder / "items.parquet", per_item=True, threads=threads)
    rejected = {int(entry["row"]): entry for entry in rejects_of(result)}
    of_policy = {entry["policy"]: entry for entry in read(result.target)}
    of_item = {entry["row"]: entry for entry in read(items.target)}
    assert list(of_item) == sorted(of_item)
    number = 0
    for rows in book:
        numbers = list(range(number + 1, number + 1 + len(rows)))
        number += len(rows)
        priced = None if any(map(is_wrong, rows)) else quoted(plan, as_quote(rows))
        if isinstance(priced, str):
            got = of_policy.pop(rows[0][0])
            assert (got["decision"], got["reason"]) == ("refused", priced)
            assert got["premium"] is None
            assert all(of_item.pop(n)["item_premium"] is None for n in numbers)
            continue
        if priced is None:
            assert all(n in rejected and n not in of_item for n in numbers)
            own = [n for n, row in zip(numbers, rows, strict=True) if is_wrong(row)]
            assert all(rejected[n]["column"] in ("age", "value") for n in own)
            others = [rejected.pop(n)["reason"] for n in numbers if n not in own]
            causes = [text for text in others if "the policy is rejected for row" in text]
            assert len(causes) == len(others) - (not own)  # without a rate, one names the table
            assert all(f"row {own[0]}:" in text for text in causes if own)
            continue
        got = of_policy.pop(rows[0][0])
        assert (got["row"], got["items"]) == (numbers[0], len(rows))
        assert {n: got[n] for n in STEPS} == {n: priced.values[n][0] for n in STEPS}
        assert got["decision"] == priced.outcome
        assert worksheet(plan, priced).lines[-1].value == got["payable"]
        # the worksheet lists the boat first; a member is found by its place among the members
        order = sorted(range(len(rows)), key=lambda place: rows[place][2])
        for place, value in zip(order, priced.values["item_premium"], strict=True):
            entry = of_item.pop(numbers[place])
            assert (entry["item"], entry["item_premium"]) == (rows[place][2], value)
    assert not of_policy
    assert not of_item
    assert result.rows == number
    assert result.policies == len(book) == result.rated + result.refused + result.rejected


def long_of(rows):
    """A wide book of lamps as one with a row for each item."""
    found = []
    for row in rows:
        given_ = dict(zip((*NAMES, *ITEMS), row, strict=True))
        for item in ("body", "shade"):
            own = [given_[f"{item}.{name}"] for name in ("value", "sum_insured")]
            if own != [None, None]:
                found.append([*row[: len(NAMES)], item, *own])
    return found


def test_a_book_with_rows_for_items_is_the_book_with_columns_for_them(shelf, tmp_path):
    plan = bind(product_of(shelf, "lamp"))
    pq.write_table(table(GOOD * 5), tmp_path / "wide.parquet")
    wide = read(rate_book(plan, tmp_path / "wide.parquet", tmp_path / "out.parquet").target)
    rows = long_of([(f"{n}", *row[1:]) for n, row in enumerate(GOOD * 5)])
    book = write(tmp_path / "long.csv", rows, (*NAMES, "item", "value", "sum_insured"))
    long = read(rated(plan, book, tmp_path / "long.parquet", keep=()).target)
    own = ("row", "policy", "items")
    assert [{k: v for k, v in r.items() if k not in own} for r in long] == [
        {k: v for k, v in r.items() if k not in own} for r in wide
    ]


BROKEN = [
    (1, "a", "ferry", "member", "100", "30", "", ""),
    (2, "a", "fishing", "member", "100", "30", "", "trade: expected ferry as in row 1"),
    (3, "b", "ferry", "member", "100", "30", "yes", "metal: expected nothing, since 'member'"),
    (4, "", "ferry", "member", "100", "30", "", "policy: expected the name of a policy"),
    (5, "c", "ferry", "member", "100", "30", "", "policy: row 4 may be of this policy"),
    (6, "d", "ferry", "member", "100", "30", "", "policy: expected the rows of a policy one after"),
    (7, "e", "ferry", "member", "100", "30", "", None),
    (8, "d", "ferry", "member", "100", "30", "", "policy: expected the rows of a policy one after"),
    (9, "f", "fishing", "boat", "100", "", "yes", "member: expected this item, got nothing"),
    (10, "f", "fishing", "boat", "100", "", "yes", "item: expected one 'boat' in a policy, got"),
    (11, "g", "ferry", "captain", "100", "30", "", "item: expected boat or member, got captain"),
    (12, "h", "ferry", "boat", "100", "", "yes", "rate: there is no row for trade ferry, boat"),
    (13, "h", "ferry", "member", "100", "30", "", "policy: the policy is rejected for row 12: r"),
    (14, "i", "ferry", "", "100", "30", "", "item: expected boat or member, got nothing"),
    (15, "j", "", "member", "100", "30", "", "trade: expected fishing or ferry, got nothing"),
]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize("chunk", [1, 4, 100])
def test_every_row_of_a_broken_policy_says_why(plan, tmp_path, monkeypatch, kind, chunk):
    monkeypatch.setattr(sources, "CHUNK", chunk)
    monkeypatch.setattr(sources, "CSV_BYTES", 40 * chunk)
    book = write(tmp_path / f"book.{kind}", [[*row[1:7], "x"] for row in BROKEN])
    result = rated(plan, book, tmp_path / "out.parquet")
    assert [entry["policy"] for entry in read(result.target)] == ["e"]
    assert result.counts() == {  # what stands apart counts twice
        "rows": 15, "policies": 11, "rated": 1, "referred": 0, "declined": 0, "refused": 0,
        "rejected": 10, "rejected_rows": 14,
    }  # fmt: skip
    found = rejects_of(result)
    assert [int(entry["row"]) for entry in found] == sorted(int(e["row"]) for e in found)
    assert all(entry["reason_zh"] for entry in found)
    for row, *_, wanted in BROKEN:
        told = [f"{e['column']}: {e['reason']}" for e in found if int(e["row"]) == row]
        if wanted is None:
            assert not told
        else:
            assert any(wanted in text for text in told), (row, told)


def test_a_row_with_too_few_cells_may_be_of_either_policy_beside_it(plan, tmp_path):
    rows = [["a", "ferry", "member", 100, 30, "", ""] for _ in range(4)]
    rows[1][0], rows[2], rows[3][0] = "b", ["b"], "c"
    rows.append(["d", "ferry", "member", 100, 30, "", ""])
    result = rated(plan, write(tmp_path / "book.csv", rows), tmp_path / "out.parquet")
    assert [entry["policy"] for entry in read(result.target)] == ["a", "d"]
    told = {int(e["row"]): e["reason"] for e in rejects_of(result)}
    assert told[2] == told[4] == "row 3 may be of this policy, and does not say so"
    assert told[3] == "expected 7 cells, got 1"


def large(folder, kind):
    """400 policies in 1,500 rows, some wrong, some apart, some rows naming no policy."""
    rng = np.random.default_rng(11)
    rows = []
    for number in range(400):
        trade = ("fishing", "ferry")[int(rng.integers(2))]
        for _ in range(int(rng.integers(1, 7))):
            age = int(rng.integers(20, 66 if rng.random() < 0.95 else 70))
            name = "" if rng.random() < 0.005 else f"p{number - 40 * (rng.random() < 0.005)}"
            rows.append([name, trade, "member", int(rng.integers(10, 900)), age, "", f"甲{number}"])
    if kind == "csv":
        for place in range(50, len(rows), 311):
            rows[place] = rows[place][:3]
    return write(folder / f"book.{kind}", rows)


@pytest.mark.parametrize("per_item", [False, True])
@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_a_stopped_run_goes_on_to_the_same_bytes(plan, tmp_path, monkeypatch, kind, per_item):
    monkeypatch.setattr(sources, "CHUNK", 50)
    monkeypatch.setattr(sources, "CSV_BYTES", 1_000)
    book = large(tmp_path, kind)
    asked = {"per_item": per_item}
    whole = rated(plan, book, tmp_path / f"whole.{kind}", **asked)
    target = tmp_path / f"out.{kind}"
    for parts in (2, 3, 5):
        with pytest.raises(Stopped):
            rated(plan, book, target, progress=stop_behind(parts), **asked)
        assert f"out.{kind}.journal" in left(tmp_path)
    result = rated(plan, book, target, threads=2, **asked)
    assert result.resumed >= 200
    assert result.counts() == whole.counts()
    assert bytes_of(target) == bytes_of(whole.target)


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_blocks_and_threads_move_no_byte(plan, tmp_path, monkeypatch, kind):
    book = large(tmp_path, kind)
    expected = bytes_of(rated(plan, book, tmp_path / "whole.csv").target)
    for number, (chunk, threads) in enumerate([(9, 1), (64, 2), (1_000, 2)]):
        monkeypatch.setattr(sources, "CHUNK", chunk)
        monkeypatch.setattr(sources, "CSV_BYTES", 30 * chunk)
        target = tmp_path / f"out{number}.csv"
        assert bytes_of(rated(plan, book, target, threads=threads).target) == expected


def test_a_policy_beyond_what_is_held_is_told(plan, tmp_path, monkeypatch):
    monkeypatch.setattr(gathering, "MOST_ROWS", 5)
    book = write(tmp_path / "book.csv", [["a", "ferry", "member", 100, 30, "", ""]] * 6)
    with pytest.raises(BadInput, match="the policy 'a' has more than 5 rows"):
        rated(plan, book, tmp_path / "out.csv")


@pytest.mark.parametrize(
    ("names", "by", "message"),
    [
        (COLUMNS[:-1], "polcy", "expected a column that names policies, got 'polcy'; did you mean"),
        (COLUMNS[:-1], "trade", "expected a column that names policies, got 'trade'"),
        (COLUMNS, "policy", "unknown column 'agent'; did you mean 'age'?; `--keep`"),
        (("policy", "item", "value", "age", "metal"), "policy", "expected the column 'trade'"),
        (("policy", "trade", "value", "age", "metal"), "policy", "expected the column 'item'"),
        (("policy", "trade", "item", "value"), "policy", "expected the column 'age'"),
        (("policy", "trade", "boat.value"), "policy", "is rated without `--by`"),
    ],
)
def test_columns_that_do_not_fit_are_told_at_once(plan, tmp_path, names, by, message):
    book = write(tmp_path / "book.csv", [], names)
    with pytest.raises(BadInput) as error:
        rate_book(plan, open_source(book, by=By(by)), tmp_path / "out.csv")
    assert message in str(error.value)
    assert left(tmp_path) == []


def test_an_empty_book_has_an_empty_result(plan, tmp_path):
    book = write(tmp_path / "book.csv", [])
    result = rated(plan, book, tmp_path / "out.parquet")
    assert (result.rows, result.policies, read(result.target)) == (0, 0, [])


def test_the_page_on_books_shows_this_product():
    """Each block of YAML in the page stands in the product's files line by line."""
    text = (Path(__file__).parents[2] / "docs" / "books.md").read_text("utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert len(blocks) == 2
    for line in "".join(blocks).splitlines():
        assert line in (CREW + CREW_RATING).splitlines()


def test_a_golden_quote_lists_members(tmp_path):
    shelf = write_shelf(tmp_path)
    write_crew(shelf)
    (shelf / "crew" / "quotes.yaml").write_text(CREW_QUOTES, encoding="utf-8")
    product = product_of(shelf, "crew")
    assert [str(finding) for finding in check_quotes(product)] == []


def test_members_are_quoted_one_by_one(plan):
    """A list and numbered names are one; what may stand once is not numbered."""
    listed = quote(plan, {"trade": "ferry", "items": {"member": [{"value": 70, "age": 30}] * 2}})
    flat = {"trade": "ferry"}
    flat |= {f"member.{n}.{k}": v for n in (1, 2) for k, v in (("value", 70), ("age", 30))}
    assert quote(plan, flat).values == listed.values
    assert listed.items == ("member.1", "member.2")
    assert dict(worksheet(plan, listed).given)["member.2.age"] == "30"
    with pytest.raises(BadInput, match=r"member\.2\.age: expected 18 to 65, got 66"):
        quote(plan, {**flat, "member.2.age": 66})
