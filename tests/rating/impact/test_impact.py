"""One book under two tariffs: nothing lost, nothing counted twice, each change told."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from product_factory.errors import BadInput, BadValue, Stale
from rating.book import rate_book
from rating.book import source as sources
from rating.impact import chain as chains
from rating.impact.chain import REST, chain
from rating.impact.impact import Asked, impact
from rating.impact.result import ADAPTER
from rating.plan import bind
from tests.rating.impact.two_lamps import NAMES, ROWS, book, cents, lamps, product_of, two
from tests.rating.tiny_shelf import write_net_rate

RATE = ("lamp/tables/rate.csv", "inland,body,3.17", "inland,body,3.57")
FACTOR = ("lamp/tables/age_factor.csv", "50,,1.37", "50,,1.20")
LOADING = ("lamp/bases.yaml", "loading: 35%", "loading: 30%")
SMALLEST = ("lamp/rating.yaml", "max(5,", "max(4,")
OLDEST = ("lamp/product.yaml", "min: 18, max: 60", "min: 18, max: 65")
COAST = ("lamp/rating.yaml", "when: {zone: coast, kept: no}", "when: {zone: inland, kept: no}")
XIAN = ("lamp/product.yaml", "require: age <= 50", "require: age <= 48")
EXTRA = "- {name: extra, kind: lookup, table: extra_factor}"
ALL = (RATE, FACTOR, LOADING, SMALLEST, OLDEST, COAST, XIAN)


def test_without_a_change_all_is_still(tmp_path):
    found = lamps(tmp_path)
    assert found.still is False  # rows that neither rates prove nothing
    rated = [row for row in ROWS if row[0] in "abdgij"]
    found = lamps(tmp_path / "rated", rows=rated)
    assert found.still
    assert found.rows.both == found.rows.rows == len(rated)
    assert found.premium.change == found.premium.ratio == found.premium.mean_ratio == 0
    assert [band.label for band in found.bands] == ["no change"]
    assert (found.steps, found.flips, found.rises, found.falls) == ((), (), (), ())
    assert all(level.change == 0 for one in found.segments for level in one.levels)


def test_every_row_is_counted_once_and_sums_agree_in_every_table(tmp_path):
    found = lamps(tmp_path, *ALL)
    rows = found.rows
    assert rows.rows == len(ROWS) == rows.both + rows.only_old + rows.only_new + rows.neither
    # f is 61, i is 49: no longer refused by age, and now refused in xian
    assert (rows.both, rows.only_old, rows.only_new, rows.neither) == (5, 1, 0, 4)
    for table in (found.bands, *(segment.levels for segment in found.segments)):
        assert sum(part.policies for part in table) == rows.both
        for side in ("old", "new"):
            total = sum(cents(getattr(part, side)) for part in table)
            assert total == cents(getattr(found.premium, side))
    assert sum(cents(step.amount) for step in found.steps) == cents(found.premium.change)


def test_the_sums_are_those_of_two_rated_books_joined_by_pandas(tmp_path):
    """The textbook: rate the book twice, join by row, group, add."""
    found = lamps(tmp_path, *ALL)
    sides = []
    for name in ("old", "new"):
        plan = bind(product_of(tmp_path / name / "products", "lamp"))
        rate_book(plan, tmp_path / "book.csv", tmp_path / f"{name}.parquet")
        sides.append(pd.read_parquet(tmp_path / f"{name}.parquet").set_index("row"))
    both = pd.concat(
        [s.add_suffix(f"_{n}") for s, n in zip(sides, ("old", "new"), strict=True)], axis=1
    )
    both = both.dropna(subset=["payable_old", "payable_new"])
    assert len(both) == found.rows.both
    change = both["payable_new"] - both["payable_old"]
    assert found.premium.old == pytest.approx(both["payable_old"].sum(), abs=1e-9)
    assert found.premium.change == pytest.approx(change.sum(), abs=1e-9)
    relative = change / both["payable_old"]
    assert found.premium.mean_ratio == pytest.approx(relative.mean(), abs=1e-9)
    for band in found.bands:
        if None in (band.above, band.upto):
            continue
        if band.upto > band.above:
            inside = (relative > band.above + 1e-12) & (relative <= band.upto + 1e-12)
        elif band.upto < band.above:
            inside = (relative < band.above - 1e-12) & (relative >= band.upto - 1e-12)
        else:
            inside = change == 0
        assert band.policies == inside.sum(), band.label
    risks = pd.read_csv(tmp_path / "book.csv")
    risks.index += 1
    city = next(one for one in found.segments if one.variable == "city")
    slow = both.join(risks[["city"]]).groupby("city")["payable_new"].sum()
    assert {one.level: one.new for one in city.levels} == pytest.approx(dict(slow))
    worst = relative.sort_values(ascending=False)
    assert [case.row for case in found.rises] == list(worst[worst > 0].index)
    assert [case.row for case in found.falls] == list(worst[worst < 0].index[::-1])


def test_the_worksheets_of_the_worst_end_with_the_premiums_of_rate(tmp_path):
    found = lamps(tmp_path, *ALL, keep=())
    cases = [*found.rises, *found.falls]
    assert cases
    for name in ("old", "new"):
        plan = bind(product_of(tmp_path / name / "products", "lamp"))
        rate_book(plan, tmp_path / "book.csv", tmp_path / f"{name}.parquet")
        rated = pd.read_parquet(tmp_path / f"{name}.parquet").set_index("row")
        for case in cases:
            assert getattr(case, name) == rated.loc[case.row, "payable"]  # to the bit
            assert getattr(case.worksheet[-1], name) == f"{getattr(case, name):.2f}"
    for case in cases:
        parted = [pair for pair in case.worksheet if pair.old != pair.new]
        assert case.parted == f"{parted[0].step} {parted[0].item}".strip()
        assert all(pair.parts for pair in parted)
        assert case.kept == {"policy": ROWS[case.row - 1][0]}


def test_decisions_that_flip_are_told_with_both_reasons(tmp_path):
    found = lamps(tmp_path, OLDEST, COAST, XIAN)
    told = {
        (one.old_outcome, one.new_outcome, one.old_reason, one.new_reason): (one.rows, one.row)
        for one in found.flips
    }
    assert told == {
        ("accept", "decline", "", "coast"): (1, 4),
        ("decline", "refer", "dear; coast", "dear"): (1, 2),
        ("refer", "refused", "dear", "young_in_xian"): (1, 9),
        ("rejected", "refused", "age", "young_in_xian"): (1, 6),
    }
    rejected = next(one for one in found.flips if one.old_outcome == "rejected")
    assert rejected.says == "age: expected 18 to 60, got 61"
    assert rejected.says_zh == "age：应为 18 至 60 的整数，实为 61；是否应为 60？"
    assert not found.still


def test_rows_without_a_premium_are_handed_on_with_their_reason(tmp_path):
    lines: list = []
    short = ("short", "xian")
    found = lamps(tmp_path, OLDEST, rows=[short, *ROWS, short], unrated=lines.extend)
    assert (7, "old", "rejected", "age", "61", "expected 18 to 60, got 61") in lines
    assert (7, "new", "refused", "", "", "young_in_xian") in lines
    assert (4, "old", "refused", "", "", "young_in_xian") in lines
    assert [line[:3] for line in (lines[0], lines[-1])] == [
        (1, "both", "rejected"),
        (12, "both", "rejected"),
    ]
    assert [line[0] for line in lines] == sorted(line[0] for line in lines)
    assert found.rows.rows == len(ROWS) + 2
    only = lamps(tmp_path / "only", OLDEST, rows=[short, short])
    assert (only.rows.rows, only.rows.neither) == (2, 2)


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_a_row_whose_texts_are_none_is_rated_by_neither_side(tmp_path, kind):
    """Names in GB 18030 and bytes of nothing, in columns that no tariff reads."""
    roots = two(tmp_path, RATE, FACTOR)
    products = [product_of(root, "lamp") for root in roots]
    names = ["张三".encode("gb18030"), *(row[0].encode() for row in ROWS[1:])]
    branches = [b"north", b"north", b"north", b"\xff\x80", *[b"south"] * (len(ROWS) - 4)]
    path = tmp_path / f"book.{kind}"
    if kind == "parquet":
        table = pyarrow.csv.read_csv(book(tmp_path))
        texts = [pa.array(column).view(pa.string()) for column in (names, branches)]
        table = table.set_column(0, "policy", texts[0]).append_column("branch", texts[1])
        pyarrow.parquet.write_table(table, path)
    else:
        cells = [",".join(map(str, row[1:])).encode() for row in ROWS]
        lines = [b",".join(parts) for parts in zip(names, cells, branches, strict=True)]
        path.write_bytes(b"\n".join([",".join((*NAMES, "branch")).encode(), *lines]) + b"\n")
    told: list = []
    found = impact(*products, path, Asked(keep=("branch",), unrated=told.extend))
    assert (found.rows.rows, found.rows.both) == (len(ROWS), 4)  # six without a and d
    assert {line[0]: line[3] for line in told if line[0] in (1, 4)} == {1: "policy", 4: "branch"}
    assert {line[2] for line in told if line[0] in (1, 4)} == {"rejected"}
    branch = next(one for one in found.segments if one.variable == "branch")
    assert [(level.level, level.policies) for level in branch.levels] == [
        ("north", 1),
        ("south", 3),
    ]


def test_a_column_that_holds_no_values_is_told_with_its_book(tmp_path):
    products = [product_of(root, "lamp") for root in two(tmp_path, RATE)]
    table = pyarrow.csv.read_csv(book(tmp_path))
    lists, path = pa.array([[1]] * len(ROWS)), tmp_path / "book.parquet"
    for named, column in (("tags", "tags"), ("age", "age")):
        others = table.drop_columns([column] if column in table.schema.names else [])
        pyarrow.parquet.write_table(others.append_column(named, lists), path)
        with pytest.raises(
            BadInput, match=rf"book\.parquet: .*the column '{named}': expected texts"
        ):
            impact(*products, path, Asked(keep=("tags",) if named == "tags" else ()))


def test_a_book_that_is_changed_while_it_is_read_is_told(tmp_path):
    def touch(_rows):
        path = tmp_path / "book.csv"
        path.write_text(path.read_text("utf-8") + "\n", encoding="utf-8")

    with pytest.raises(BadInput, match="the book was changed while it was read"):
        lamps(tmp_path, RATE, progress=touch)


@pytest.mark.parametrize("threads", [1, 3])
def test_blocks_of_any_size_give_the_same(tmp_path, monkeypatch, threads):
    rng = np.random.default_rng(4)
    rows = [ROWS[int(place)] for place in rng.integers(0, len(ROWS), 300)]
    asked = {"rows": rows, "keep": (), "worst": 7}
    whole = lamps(tmp_path, *ALL, **asked)
    for size in (600, 3_000):
        monkeypatch.setattr(sources, "CSV_BYTES", size)
        assert lamps(tmp_path / f"{size}", *ALL, threads=threads, **asked) == whole
    assert ADAPTER.validate_json(ADAPTER.dump_json(whole)) == whole


def test_changes_are_applied_in_the_order_of_diff_or_as_asked(tmp_path):
    found = lamps(tmp_path, RATE, FACTOR, LOADING)
    parts = [step.parts for step in found.steps]
    assert parts == [("bases.pricing.loading",), ("tables.age_factor",), ("tables.rate",)]
    assert [step.changes for step in found.steps] == [
        ("bases.pricing.loading: 35% → 30%",),
        ("tables.age_factor.factor: 1 of 3 cells moved",),
        ("tables.rate.rate: 1 of 3 cells moved",),
    ]
    other = lamps(tmp_path / "2", RATE, FACTOR, LOADING, order=("tables.rate", "tables"))
    assert [step.parts for step in other.steps] == [parts[2], parts[1], parts[0]]
    assert other.premium == found.premium
    assert other.steps[0].amount != found.steps[2].amount
    with pytest.raises(BadValue, match=r"expected a part that differs; did you mean 'tables.rate'"):
        lamps(tmp_path / "3", RATE, order=("tables.rat",))


def test_rows_that_a_table_loses_are_told_as_its_change(tmp_path):
    (step,) = lamps(tmp_path, ("lamp/tables/rate.csv", "inland,shade,11.3\n", "")).steps
    assert step.changes == ("tables.rate.rate: 0 of 2 cells moved, 1 removed",)
    assert (step.policies, step.flips) == (0, 3)


def test_a_change_that_cannot_stand_alone_is_taken_with_the_one_it_needs(tmp_path):
    """A step that looks up a table that is new, and the step that reads it."""
    old_root, new_root = two(
        tmp_path,
        ("lamp/rating.yaml", "- name: factored", f"{EXTRA}\n- name: factored"),
        ("lamp/rating.yaml", "factored / (1", "extra * factored / (1"),
        RATE,
    )
    table = (old_root / "lamp/tables/age_factor.csv").read_text("utf-8").replace("0.8", "0.9")
    (new_root / "lamp/tables/extra_factor.csv").write_text(table, encoding="utf-8")
    products = product_of(old_root, "lamp"), product_of(new_root, "lamp")
    found = impact(*products, book(tmp_path))
    told = [(one.parts, one.needs) for one in found.steps]
    assert told[:2] == [
        (
            ("rating.extra", "tables.extra_factor"),
            told[0][1],
        ),  # adds a step that nothing reads so far
        (("rating.premium",), ""),
    ]
    assert "unknown table 'extra_factor'" in told[0][1]
    assert told[2:] == [(("tables.rate",), "")]
    assert found.steps[0].amount == 0
    assert sum(cents(one.amount) for one in found.steps) == cents(found.premium.change)
    first = impact(*products, book(tmp_path), Asked(order=("rating.premium",)))
    grouped, last = first.steps
    assert set(grouped.parts) == {"rating.premium", "rating.extra", "tables.extra_factor"}
    assert grouped.amount == found.steps[1].amount
    assert last.parts == ("tables.rate",)


def test_a_row_without_a_premium_in_between_moves_with_the_change_that_gives_it_one(tmp_path):
    """A table loses the shade's row, and the step comes to read another table that has it."""
    old_root, new_root = two(
        tmp_path,
        ("lamp/tables/rate.csv", "inland,shade,11.3\n", ""),
        ("lamp/rating.yaml", "table: rate}", "table: shade_rate}"),
    )
    rate = (old_root / "lamp/tables/rate.csv").read_text("utf-8").replace("11.3", "12.4")
    (new_root / "lamp/tables/shade_rate.csv").write_text(rate, encoding="utf-8")
    products = product_of(old_root, "lamp"), product_of(new_root, "lamp")
    found = impact(*products, book(tmp_path), Asked(order=("tables.rate",)))
    gone, other = found.steps
    assert (gone.parts, gone.waiting, gone.policies, gone.amount) == (("tables.rate",), 3, 0, 0)
    assert set(other.parts) == {"rating.rate", "tables.shade_rate"}
    assert cents(other.amount) == cents(found.premium.change) > 0


def test_a_rate_table_that_was_built_anew_is_a_change_with_what_it_was_built_from(tmp_path):
    change = ("life/bases.yaml", "loading: 35%", "loading: 30%")
    old_root, new_root = two(tmp_path, change)
    with pytest.raises(Stale, match="is not built"):
        impact(product_of(old_root, "life"), product_of(new_root, "life"), tmp_path / "no.csv")
    for root in (old_root, new_root):
        write_net_rate(root, product_of(root, "life").inputs)
    text = new_root / "life/tables/built/net_rate.csv"
    text.write_text(text.read_text("utf-8").replace("40,10,0.4", "40,10,0.5"), encoding="utf-8")
    names = ("age", "sex", "sum_insured", "term", "pay")
    rows = [(40, "M", 5000, 10, 10), (41, "F", 9000, 20, 10)]
    old, new = product_of(old_root, "life"), product_of(new_root, "life")
    found = impact(old, new, book(tmp_path, rows, names))
    assert [(one.parts, one.policies, one.amount) for one in found.steps] == [
        (("built.net_rate",), 1, 0.5)
    ]
    assert (found.idle, found.built_from) == ((), ("bases.pricing.loading",))
    assert found.premium.old == 2.0 + 7.4
    assert found.unit == "0.1"


def test_what_the_parts_do_not_explain_stands_as_the_rest(tmp_path, monkeypatch):
    old_root, new_root = two(tmp_path, RATE, FACTOR)
    products = product_of(old_root, "lamp"), product_of(new_root, "lamp")
    honest = chains.part_of
    monkeypatch.setattr(
        chains, "part_of", lambda path, *sides: None if "rate" in path else honest(path, *sides)
    )
    links = chain(*products)
    assert [link.name for link in links.links] == ["tables.age_factor", REST]


@pytest.mark.parametrize("change", ALL)
def test_the_parts_together_make_the_new_tariff(tmp_path, change):
    old_root, new_root = two(tmp_path, change)
    links = chain(product_of(old_root, "lamp"), product_of(new_root, "lamp"))
    assert len(links.links) == 1
    assert links.links[0].name != REST
    assert not links.outside


def test_bad_input_is_told_with_the_side_that_it_is_bad_for(tmp_path):
    new_variable = (
        "lamp/product.yaml",
        "  kept: {type: yes_no}",
        "  kept: {type: yes_no}\n  lit: {type: yes_no}",
    )
    with pytest.raises(BadInput, match=r"book\.csv: new lamp: expected the column 'lit'"):
        lamps(tmp_path, new_variable)
    old_root, new_root = two(tmp_path / "2", new_variable)
    products = product_of(old_root, "lamp"), product_of(new_root, "lamp")
    lit = [(*row, "yes") for row in ROWS]
    path = book(tmp_path / "2", lit, (*NAMES, "lit"))
    assert impact(*products, path).rows.both == 6
    with pytest.raises(BadInput, match=r"unknown column 'lit'; "):
        impact(products[0], products[0], path)
    with pytest.raises(BadValue, match="expected products of one currency, got CNY and EUR"):
        lamps(tmp_path / "3", ("lamp/product.yaml", "currency: CNY", "currency: EUR"))
