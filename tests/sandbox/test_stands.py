"""What a row of a book stands for: so many policies, on risk for a part of the year."""

import dataclasses
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.errors import BadInput
from rating.encode import readers
from rating.engines.collective.annual import annual_model
from rating.engines.collective.periods import Periods
from rating.missing import Said
from sandbox.adequacy.segments import annual_cuts
from sandbox.execution import Execution
from sandbox.laws.annual import cells_of
from sandbox.laws.same import fingerprint
from sandbox.portfolio.book import REJECTED, in_so_many, not_on_risk, read_book
from sandbox.portfolio.expenses import yearly_expenses
from sandbox.portfolio.risks import empty, grouped
from sandbox.portfolio.stands import MOST_POLICIES, READERS
from sandbox.protection import protection
from sandbox.run import simulate
from sandbox.simulate.annual import AnnualShock, simulate_annual
from tests.sandbox.home_profiles import HOME, PROFILES
from tests.sandbox.shipped import product
from tests.the_command import inside

ON = HOME.on
RISKS = {
    "city": ["shanghai", "xiamen", "wenzhou"],
    "construction": ["reinforced_concrete", "brick_concrete", "brick_concrete"],
    "deductible": [500, 500, 1000],
    "building.value": [2_000_000, 800_000, 1_200_000],
    "building.sum_insured": [1_500_000, 600_000, 1_000_000],
    "contents.value": [300_000, None, None],
    "contents.sum_insured": [200_000, None, None],
}
WHOLE_YEAR = {"start": ON, "end": ON.replace(year=ON.year + 1)}
YEARS = 300


def book(folder, name="book.csv", **columns):
    """Write three homes with more columns: one value for all of them, or one for each."""
    frame = pd.DataFrame(RISKS).assign(**columns)
    path = folder / name
    if path.suffix == ".parquet":
        frame.to_parquet(path, index=False)
    else:
        frame.to_csv(path, index=False)
    return path


def read(folder, **columns):
    return read_book(HOME, book(folder, **columns))


def day(number):
    return ON + timedelta(days=number)


def test_every_column_is_one_that_the_tests_know():
    assert set(READERS) == {"policy_count", "start", "end", "first_start", "elapsed_years"}


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_so_many_policies_of_a_row_are_so_many_rows_to_the_byte(tmp_path, suffix):
    """Figures, segments, premium, reinsurance: all that a run writes."""
    many = [40, 1, 7]
    (tmp_path / "rows").mkdir()
    counted = book(tmp_path, f"book{suffix}", policy_count=many)
    rows = pd.DataFrame(RISKS).loc[np.repeat(np.arange(3), many)].sample(frac=1, random_state=1)
    repeated = tmp_path / "rows" / f"book{suffix}"
    if suffix == ".parquet":
        rows.to_parquet(repeated, index=False)
    else:
        rows.to_csv(repeated, index=False)
    one, other = (
        simulate(HOME, path, years=YEARS, by=[("zone",), ("city", "deductible")])
        for path in (counted, repeated)
    )
    assert one.portfolio.policies == 48
    assert one.portfolio.premium() == other.portfolio.premium()
    assert one.manifest == other.manifest
    assert one.data() == other.data()
    assert one.settlement is not None


def test_so_many_policies_of_a_long_term_row_are_so_many_rows_to_the_byte(tmp_path):
    head = "age,sex,sum_insured,term,pay"
    (tmp_path / "rows").mkdir()
    counted, repeated = tmp_path / "book.csv", tmp_path / "rows" / "book.csv"
    rows = ("30,M,1000000,20,20", 5), ("45,F,500000,10,10", 3)
    text = "\n".join(f"{row},{count}" for row, count in rows)
    counted.write_text(f"{head},policy_count\n{text}\n", encoding="utf-8")
    text = "\n".join("\n".join([row] * count) for row, count in rows)
    repeated.write_text(f"{head}\n{text}\n", encoding="utf-8")
    one, other = (simulate(product("term_life"), path, years=60) for path in (counted, repeated))
    assert one.manifest == other.manifest
    assert one.data() == other.data()


def test_rows_of_one_risk_are_one_cell_of_all_their_policies(tmp_path):
    path = tmp_path / "book.csv"
    frame = pd.DataFrame(RISKS).assign(policy_count=[2, 3, 4])
    pd.concat([frame, frame]).to_csv(path, index=False)
    cells = read_book(HOME, path).cells
    assert sorted(cells.policies.tolist()) == [4, 6, 8]


def test_a_policy_on_risk_for_the_whole_year_is_one_without_dates_to_the_byte(tmp_path):
    (tmp_path / "dated").mkdir()
    plain, dated = book(tmp_path), book(tmp_path / "dated", **WHOLE_YEAR)
    one, other = (simulate(HOME, path, years=YEARS, by=[("zone",)]) for path in (plain, dated))
    assert one.manifest == other.manifest
    assert one.data() == other.data()
    assert other.portfolio.years_on_risk == 3.0


def test_the_last_day_of_a_leap_year_is_no_part_of_the_year(tmp_path):
    assert (WHOLE_YEAR["end"] - ON).days == 365
    leap = dataclasses.replace(HOME, on=date(2027, 3, 1))
    path = book(tmp_path, start=date(2027, 3, 1), end=date(2028, 3, 1))
    assert read_book(leap, path).cells.share.tolist() == [1.0, 1.0, 1.0]


def test_premium_and_expenses_are_earned_by_the_day(tmp_path):
    """Two rows that divide a period cost and bring what the one row does."""
    plain = read(tmp_path, policy_count=[10, 4, 6])
    part = read(tmp_path, policy_count=[10, 4, 6], start=day(100), end=day(173))
    rows = pd.DataFrame(RISKS)
    for name, first, last in (("a", 100, 150), ("b", 150, 173)):
        rows_of = rows.assign(policy_count=[10, 4, 6], start=day(first), end=day(last))
        rows_of.to_csv(tmp_path / f"{name}.csv", index=False)
    halves = [read_book(HOME, tmp_path / f"{name}.csv") for name in "ab"]
    basis = HOME.bases["best_estimate"]
    for worth in (lambda one: one.premium(), lambda one: yearly_expenses(one, basis)):
        assert worth(part) == pytest.approx(worth(plain) * 73 / 365, rel=1e-12)
        assert sum(map(worth, halves)) == pytest.approx(worth(part), rel=1e-12)
    assert np.array_equal(part.premiums, plain.premiums)
    assert part.years_on_risk == pytest.approx(20 * 73 / 365, rel=1e-12)
    found = simulate(HOME, part, years=20, by=[("zone",)])
    assert found.table.premium[0] == pytest.approx(part.premium(), rel=1e-12)
    by_zone = found.table.by_segment["zone"].premium[0]
    assert by_zone.sum() == pytest.approx(part.premium(), rel=1e-12)
    assert found.table.expenses[0] == pytest.approx(yearly_expenses(part, basis), rel=1e-12)
    ceded, whole = (protection(one).exposure.total() for one in (part, plain))
    assert ceded == pytest.approx(whole * 73 / 365, rel=1e-12)
    (cut,) = annual_cuts(part, basis, {"city": np.zeros((1, 3))}, ["city"])
    assert cut.premium.sum() == pytest.approx(part.premium(), rel=1e-12)
    assert cut.fixed.sum() == pytest.approx(yearly_expenses(part, basis), rel=1e-12)


def home_model(place, first, last, before, policies=1):
    profile = dataclasses.replace(PROFILES[place], period=(first, last, before))
    return annual_model(HOME, HOME.bases["pricing"], cells_of(HOME, profile, policies))


COVERS = ("fire", "water_damage", "theft", "typhoon")
ONLY_STORMS = AnnualShock(
    frequency={f"{name}.occurrence": 0.0 for name in ("fire", "water_damage", "theft")}
)


@pytest.mark.parametrize(("first", "last"), [(0, 365), (0, 90), (200, 365), (121, 122)])
def test_every_loss_falls_into_the_time_on_risk(first, last):
    model = home_model(1, first, last, -first, policies=4_000)
    losses = simulate_annual(model, np.ones(1), 400, 7, protects=COVERS).losses
    days = losses.time * 365.0
    assert len(days) > 20
    assert (np.floor(days) >= first).all()
    assert (np.floor(days) < last).all()
    if last - first > 1:  # the whole of it, evenly: no day at either end is left out
        claims = days[losses.policies == 1.0]
        assert claims.mean() == pytest.approx((first + last) / 2, abs=0.1 * (last - first))


def test_storms_hit_those_on_risk_on_their_day_and_pay_them_what_they_pay_the_others():
    """The slow way: every storm of the whole year, of which those of the days on risk are kept."""
    first, last = 120, 260
    whole, part = (
        simulate_annual(
            home_model(1, *days), np.ones(1), 30_000, 7, shock=ONLY_STORMS, protects=COVERS
        ).losses
        for days in ((0, 365, 0), (first, last, -first))
    )
    on = np.floor(whole.time * 365.0)
    kept = (on >= first) & (on < last)
    assert 100 < kept.sum() < 0.6 * len(kept)
    for name in ("year", "event", "time"):
        assert np.array_equal(getattr(whole, name)[kept], getattr(part, name)), name
    # the sum insured of the year may be used up by a storm before the policy began
    many = np.bincount(whole.year)[part.year] > 1
    assert np.array_equal(whole.amount[kept][~many], part.amount[~many])
    assert (whole.amount[kept] <= part.amount).all()


def test_a_period_moves_no_draw_of_another_cell(tmp_path):
    starts = [ON, day(30), day(60)]
    ends = [day(365), day(395), day(425)]
    run, other = (
        simulate(
            HOME, read(tmp_path, start=starts, end=[*ends[:2], last]), years=200, by=[("city",)]
        )
        for last in (ends[2], day(300))
    )
    paid, moved = (one.table.by_segment["city"].paid for one in (run, other))
    labels = run.table.by_segment["city"].labels
    same = [n for n, label in enumerate(labels) if label != "wenzhou"]
    assert paid[:, same].tobytes() == moved[:, same].tobytes()
    assert paid.tobytes() != moved.tobytes()


@given(
    st.lists(
        st.tuples(st.integers(-400, 400), st.integers(1, 365), st.integers(1, 50)),
        min_size=1,
        max_size=12,
    )
)
def test_periods_are_the_days_of_the_year_that_a_policy_meets(tmp_path_factory, rows):
    """A slow count, day by day; policies on risk at no day are counted as left out."""
    folder = tmp_path_factory.mktemp("books")
    frame = pd.DataFrame(RISKS).iloc[[0] * len(rows)].reset_index(drop=True)
    frame = frame.assign(
        start=[day(start) for start, _, _ in rows],
        end=[day(start + days) for start, days, _ in rows],
        policy_count=[count for *_, count in rows],
    )
    frame.to_csv(folder / "book.csv", index=False)
    met = [len(set(range(s, s + d)) & set(range(365))) for s, d, _ in rows]
    count = [count for *_, count in rows]
    on_risk = sum(days * many for days, many in zip(met, count, strict=True))
    if not on_risk:
        with pytest.raises(BadInput, match=r"no policy is left to simulate; .* not on risk in the"):
            read_book(HOME, folder / "book.csv")
        return
    found = read_book(HOME, folder / "book.csv")
    left = sum(many for days, many in zip(met, count, strict=True) if not days)
    assert found.left_out == ({not_on_risk(ON): left} if left else {})
    assert found.policies == sum(count) - left
    assert found.years_on_risk * 365 == pytest.approx(on_risk, rel=1e-12)
    assert (found.cells.periods.before <= 400).all()


def test_a_renewal_has_been_in_force_since_the_first_policy(tmp_path):
    renewed = [day(100), day(-265), day(-30)]
    cells = read(tmp_path, start=day(100), end=day(465), first_start=renewed).cells
    assert sorted(cells.periods.before.tolist()) == [-100, 30, 265]
    assert set(cells.periods.first.tolist()) == {100}
    plain = read(tmp_path, start=day(100), end=day(465)).cells
    same = read(tmp_path, start=day(100), end=day(465), first_start=day(100)).cells
    assert np.array_equal(plain.keys, same.keys)


def test_cells_of_other_periods_stay_apart_when_they_are_joined():
    periods = Periods(np.array([0, 5, 5]), np.array([365, 365, 365]), np.array([0, -5, -5]))
    risks = empty(readers(HOME), 3)
    for column in risks.columns.values():
        column[:] = 0.0
    made = grouped([dataclasses.replace(risks, periods=periods)], HOME)
    assert made.policies.tolist() == [1, 2]
    assert made.periods.first.tolist() == [0, 5]


OF_A_YEAR = "expected 2026-06-02 to 2027-06-01, the policy being of a year from 2026-06-01"
BAD = [
    ("policy_count", "0", f"expected 1 to {MOST_POLICIES}, got 0"),
    ("policy_count", "-1", f"expected 1 to {MOST_POLICIES}, got -1"),
    ("policy_count", "2.5", "expected a whole number, got 2.5"),
    ("policy_count", "NaN", "expected a whole number such as 2, got NaN"),
    ("policy_count", "1e12", f"expected 1 to {MOST_POLICIES}, got 1e12"),
    ("policy_count", "", f"expected 1 to {MOST_POLICIES}, got nothing"),
    ("start", "soon", "expected a day such as 2026-03-01, got soon"),
    ("start", "", "expected 1900-01-01 to 2200-01-01, got nothing"),
    ("start", "9999-12-31", "expected 1900-01-01 to 2200-01-01, got 9999-12-31"),
    ("end", "2026-02-30", "expected a day such as 2026-03-01, got 2026-02-30"),
    ("end", "2026-05-31", f"{OF_A_YEAR}, got 2026-05-31"),
    ("end", "2027-06-02", f"{OF_A_YEAR}, got 2027-06-02"),
    (
        "first_start",
        "2026-06-02",
        "expected a day up to 2026-06-01, when the policy starts, got 2026-06-02",
    ),
    ("first_start", "", "expected 1900-01-01 to 2200-01-01, got nothing"),
]


@pytest.mark.parametrize(("column", "value", "reason"), BAD)
def test_a_bad_value_rejects_its_row_and_says_why(tmp_path, column, value, reason):
    good = {"policy_count": "2", "start": "2026-06-01", "end": "2027-06-01"}
    good |= {"first_start": "2020-06-01"} if column == "first_start" else {}
    columns = {name: [text] * 3 for name, text in good.items()}
    columns[column][1] = value
    found = read(tmp_path, **columns)
    assert found.policies == 4
    # a count that cannot be read is one
    assert found.left_out == {
        in_so_many(REJECTED, 1, Said("row", "行")): 1 if column == "policy_count" else 2
    }
    (reject,) = found.rejects
    assert (reject.row, reject.column, reject.value) == (2, column, value)
    assert reject.reason == reason
    assert reject.reason_zh.startswith("应")


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"start": ON}, "expected the column 'end' beside 'start'"),
        ({"end": ON}, "expected the column 'start' beside 'end'"),
        ({"first_start": ON}, "expected the column 'start' beside 'first_start'"),
        ({"policy_cuont": 2}, "unknown column 'policy_cuont'; did you mean 'policy_count'?"),
    ],
)
def test_columns_that_do_not_fit_are_told(tmp_path, columns, says):
    with pytest.raises(BadInput) as error:
        read(tmp_path, **columns)
    assert says in str(error.value)


def test_a_column_of_lists_holds_no_counts(tmp_path):
    path = book(tmp_path, "book.parquet", policy_count=[[1], [2], [3]])
    with pytest.raises(BadInput, match="the column 'policy_count': expected texts or numbers"):
        read_book(HOME, path)


@pytest.mark.parametrize("kind", [date.isoformat, lambda one: one, pd.Timestamp])
def test_dates_of_parquet_are_dates(tmp_path, kind):
    days = {"start": kind(day(10)), "end": kind(day(20))}
    path = book(tmp_path, "book.parquet", **days, policy_count=[1.0, 2.0, 3.0])
    assert read_book(HOME, path).years_on_risk == pytest.approx(60 / 365, rel=1e-12)


def test_where_every_row_is_wrong_the_first_is_told(tmp_path):
    with pytest.raises(BadInput) as error:
        read(tmp_path, policy_count=0)
    assert str(error.value).endswith(
        "no policy is left to simulate; 3 left out: rejected: a value that cannot be read, in 3 "
        f"rows; row 1: policy_count: expected 1 to {MOST_POLICIES}, got 0"
    )


def test_a_time_of_the_day_is_no_date(tmp_path):
    noon = pd.Timestamp(day(10)).replace(hour=12)
    start = [pd.Timestamp(day(10)), noon, pd.Timestamp(day(10))]
    path = book(tmp_path, "book.parquet", start=start, end=pd.Timestamp(day(20)))
    found = read_book(HOME, path)
    assert found.left_out == {REJECTED: 1}
    (reject,) = found.rejects
    assert (reject.row, reject.column) == (2, "start")
    assert reject.reason.startswith("expected a day such as 2026-03-01, got 2026-03-11 12:00:00")


def test_a_part_of_a_year_gives_the_same_bytes_for_any_threads_and_blocks():
    model = home_model(1, 100, 280, -100, policies=300)
    runs = [
        simulate_annual(model, np.ones(1), 120, 7, execution=Execution.on(threads, block))
        for threads, block in ((1, 120), (2, 7), (2, 50))
    ]
    assert len({fingerprint(one.table) for one in runs}) == 1
    assert len({one.storm_paid.tobytes() for one in runs}) == 1


@pytest.mark.parametrize("name", ["start", "end"])
def test_long_term_contracts_have_no_day_but_years_that_are_over(tmp_path, name):
    path = tmp_path / "book.csv"
    path.write_text(f"age,sex,sum_insured,term,pay,{name}\n30,M,1000000,20,20,{ON}\n", "utf-8")
    says = f"expected no column '{name}': a long-term contract has .* expected 'elapsed_years'"
    with pytest.raises(BadInput, match=says):
        read_book(product("term_life"), path)


def test_a_person_sees_the_time_on_risk_and_each_wrong_row(tmp_path):
    path = book(tmp_path, start=day(73), end=[day(300), day(438), day(10)], policy_count=[1, 1, 1])
    run = inside("simulate", "home", str(path), "--years", "20")
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert "; 2 policies in 2 cells, on risk for 1.42 years, premium " in lines[0]
    assert "; 1 left out: rejected: a value that cannot be read, in 1 row" in lines[0]
    assert lines[1].startswith("  row 3: end: expected 2026-05-14 to 2027-05-13, the policy")
    told = inside("simulate", "home", str(path), "--years", "20", "--json")
    assert '"rejects": [' in told.stdout
