"""Books of groups: for how many policies a row stands, and when they are on risk."""

import csv
from datetime import timedelta

import numpy as np
import pytest

from product_factory.errors import BadInput
from rating.engines.collective.annual import annual_model
from rating.engines.collective.expected import costs_of
from rating.missing import Said
from sandbox.portfolio.book import REJECTED_POLICIES, in_so_many, not_on_risk, read_book
from sandbox.portfolio.stands import READERS, columns_of
from sandbox.simulate.annual import simulate_annual
from tests.rating.group_accident import MODULES, PRODUCT
from tests.sandbox.simulate.group_draws import GROUPS, SEED, works

A_GROUP = Said("group", "个团体")

HEAD = ("policy", "trade", "age", "sum_insured", *READERS)
COVERS = ("injury", "treatment")
WAITING = (
    MODULES["treatment"]
    .replace("pays:\n", "terms:\n  waiting: {type: days, default: 60 days}\npays:\n")
    .replace("  amount: bill\n", "  waits: {for: waiting}\n  amount: bill\n")
)
GROUP = "three alike and one apart"
ALONE = PRODUCT.partition("pools:")[0]


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    return works(tmp_path_factory.mktemp("shelf"))


@pytest.fixture(scope="module")
def waiting(tmp_path_factory):
    folder = tmp_path_factory.mktemp("waiting")
    files = {"works/product.yaml": ALONE, "modules/health/treatment.yaml": WAITING}
    return works(folder, **files)


def day(product, number):
    return str(product.on + timedelta(days=number))


def rows_of(policy, name, stands, *, first_only=True):
    """Give the rows of a group, whose first one says what it stands for, or all of them."""
    trade, members = GROUPS[name]
    said = tuple(stands.get(column, "") for column in READERS)
    return [
        (policy, trade, one["age"], one["sum_insured"])
        + (said if place == 0 or not first_only else ("",) * len(READERS))
        for place, one in enumerate(members)
    ]


def written(path, rows, head=HEAD):
    """Write a book; columns that say nothing are left out."""
    kept = [place for place in range(len(head)) if any(row[place] != "" for row in rows)]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[row[place] for place in kept] for row in [head, *rows]])
    return path


def years_of(product, path, years=40):
    book = read_book(product, path)
    model = annual_model(product, product.bases["pricing"], book.cells)
    return book, simulate_annual(model, book.premiums, years, SEED).table


def test_so_many_policies_of_a_row_are_so_many_groups_to_the_byte(product, tmp_path):
    many = {"of nine": 2, "of one": 3}
    counted = [
        row
        for name, number in many.items()
        for row in rows_of(name, name, {"policy_count": number}, first_only=name == "of nine")
    ]
    apart = [
        row
        for name, number in many.items()
        for one in range(number)
        for row in rows_of(f"{name} {one}", name, {})
    ]
    one, paid = years_of(product, written(tmp_path / "one.csv", counted))
    other, same = years_of(product, written(tmp_path / "other.csv", apart))
    assert one.policies == other.policies == 5
    assert one.premium() == other.premium()
    assert one.digest == other.digest
    assert paid.paid.tobytes() == same.paid.tobytes()


def test_groups_on_risk_for_the_whole_year_are_those_without_dates_to_the_byte(product, tmp_path):
    whole = {"start": day(product, 0), "end": day(product, 365)}
    one, paid = years_of(product, written(tmp_path / "one.csv", rows_of("a", "of nine", whole)))
    other, same = years_of(product, written(tmp_path / "other.csv", rows_of("a", "of nine", {})))
    assert one.years_on_risk == other.years_on_risk == 1.0
    assert paid.paid.tobytes() == same.paid.tobytes()


def held(product, path, years):
    """Give the mean of each cover, its error, its price and the bound of that, of a book."""
    book, table = years_of(product, path, years)
    model = annual_model(product, product.bases["pricing"], book.cells)
    found = {}
    costs = [
        (policies, {one.group: one for one in costs_of(model, cell)})
        for cell, policies in enumerate(book.cells.policies.tolist())
    ]
    for name in COVERS:
        rows = table.paid[:, table.columns.index(name)]
        price = sum(policies * cost[name,].value for policies, cost in costs)
        bound = sum(policies * cost[name,].bound for policies, cost in costs)
        found[name] = rows.mean(), rows.std(ddof=1) / np.sqrt(years), price, bound
    return found


def test_the_price_of_parts_of_a_year_is_the_mean_of_their_years(product, tmp_path):
    """Law one of a book: renewed, new within the year, running out; limits of each and of all."""
    dates = [(50, 231), (-180, 120), (182, 547)]
    rows, whole = [], []
    for number, (name, (start, end)) in enumerate(zip(GROUPS, dates, strict=True)):
        said = {"policy_count": 30, "start": day(product, start), "end": day(product, end)}
        rows += rows_of(number, name, said)
        whole += rows_of(number, name, {"policy_count": 30})
    of_parts = held(product, written(tmp_path / "parts.csv", rows), 300)
    of_years = held(product, written(tmp_path / "whole.csv", whole), 2)
    for name in COVERS:
        mean, error, price, bound = of_parts[name]
        assert error < 0.03 * price
        assert bound < 1e-3 * price
        assert abs(mean - price) < 4.0 * error + bound, name
        assert abs(mean - of_years[name][2]) > 8.0 * error, name


def test_members_wait_from_the_first_start_of_their_policy(waiting, tmp_path):
    """A new policy of a hundred days pays treatments of its last forty; a renewed one all."""
    prices = {}
    for name, first in (("new", 30), ("renewed", -335)):
        said = {"policy_count": 40, "start": day(waiting, 30), "end": day(waiting, 130)}
        said["first_start"] = day(waiting, first)
        path = written(tmp_path / f"{name}.csv", rows_of("a", GROUP, said))
        mean, error, price, bound = held(waiting, path, 300)["treatment"]
        assert abs(mean - price) < 4.0 * error + bound, name
        prices[name] = price
    assert prices["new"] < 0.5 * prices["renewed"]


def test_what_is_wrong_is_told_with_its_row_and_leaves_its_policy_out(product, tmp_path):
    good = {"policy_count": 2, "start": day(product, 0), "end": day(product, 90)}
    rows = rows_of("good", "of nine", good)
    over = {"policy_count": 1, "start": day(product, -300), "end": day(product, -10)}
    rows += rows_of("over", "of nine", over)
    two = rows_of("two", "three alike and one apart", good, first_only=False)
    two[1] = (*two[1][:4], 3, *two[1][5:])
    later = rows_of("later", "three alike and one apart", good)
    later[2] = (*later[2][:6], "soon", *later[2][7:])
    none = rows_of("none", "of one", good | {"policy_count": 0})
    late = rows_of("late", "of one", good | {"end": day(product, 400)})
    path = written(tmp_path / "book.csv", rows + two + later + none + late)
    book = read_book(product, path)
    assert (book.policies, book.years_on_risk) == (2, 2 * 90 / 365)
    assert book.left_out == {
        in_so_many(REJECTED_POLICIES, 4, A_GROUP): 2 + 2 + 1 + 2,
        not_on_risk(product.on): 1,
    }
    told = [(one.row, one.column, one.reason) for one in book.rejects]
    assert told == [
        (20, "policy_count", "expected 2 as in row 19, where the policy begins, got 3"),
        (25, "end", "expected a day such as 2026-03-01, got soon"),
        (27, "policy_count", "expected 1 to 1000000000, got 0"),
        (28, "end", told[3][2]),
    ]
    assert told[3][2].startswith("expected 2026-01-02 to 2027-01-01, the policy being of a year")
    assert all(one.reason_zh for one in book.rejects)


def test_a_policy_whose_rows_stand_apart_is_told_row_by_row_and_counts_once(product, tmp_path):
    """As the policies that it stands for, whatever its later rows leave out."""
    many, few = {"policy_count": 20}, {"policy_count": 3}
    rows = rows_of("a", "of nine", many) + rows_of("b", "of one", few)
    later = rows_of("a", "of one", {})
    book = read_book(product, written(tmp_path / "book.csv", rows + later))
    assert book.policies == 3
    assert book.left_out == {in_so_many(REJECTED_POLICIES, 1, A_GROUP): 20}
    assert [(one.row, one.column, one.value) for one in book.rejects] == [
        (row, "policy", "a") for row in [*range(1, 10), 11]
    ]
    assert all("one after another" in one.reason for one in book.rejects)


def test_rows_that_name_no_policy_are_told_with_what_they_spoil(product, tmp_path):
    rows = rows_of("a", "of nine", {}) + rows_of("", "of one", {}) + rows_of("b", "of one", {})
    book = read_book(product, written(tmp_path / "book.csv", [*rows, *rows_of("c", "of one", {})]))
    assert (book.policies, dict(book.left_out)) == (1, {REJECTED_POLICIES: 2})
    assert [(one.row, one.reason) for one in book.rejects] == [
        (1, "row 10 may be of this policy, and does not say so"),
        (10, "expected the name of a policy, got nothing"),
        (11, "row 10 may be of this policy, and does not say so"),
    ]


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("polcy_count", "unknown column 'polcy_count'; did you mean 'policy_count'?"),
        ("start", "expected the column 'end' beside 'start'"),
    ],
)
def test_columns_that_do_not_fit_are_told(product, tmp_path, column, text):
    rows = [(*row[:4], 2) for row in rows_of("a", "of nine", {})]
    with pytest.raises(BadInput, match=text.replace("?", r"\?")):
        read_book(product, written(tmp_path / "book.csv", rows, (*HEAD[:4], column)))


def test_a_variable_of_a_member_keeps_its_name(tmp_path):
    text = PRODUCT.replace("{age:", "{start: {type: age}, age:")
    product = works(tmp_path, **{"works/product.yaml": text})
    assert columns_of(product) == ("policy_count", "end", "first_start", "elapsed_years")


def test_a_year_is_that_of_its_cell_alone(product, tmp_path):
    """Dates of one group move no draw of another."""
    part = {"start": day(product, 10), "end": day(product, 40)}
    one = read_book(product, written(tmp_path / "a.csv", rows_of("a", "of nine", part)))
    both = rows_of("a", "of nine", part) + rows_of("b", "of nine", part | {"end": day(product, 41)})
    two = read_book(product, written(tmp_path / "b.csv", both))
    assert set(one.cells.keys.tolist()) < set(two.cells.keys.tolist())
