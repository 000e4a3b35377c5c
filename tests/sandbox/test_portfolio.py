"""Portfolios: what a file says is drawn; a policy moves no other; a book is the same cells."""

import csv

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from product_factory.errors import BadInput
from rating.domain import Domain
from rating.encode import readers
from rating.missing import Said
from rating.plan import bind
from rating.quote import quote
from sandbox.portfolio import PORTFOLIO
from sandbox.portfolio.book import REJECTED, read_book
from sandbox.portfolio.draws import bind_mix
from sandbox.portfolio.generate import draw, generate
from sandbox.portfolio.lognormal import Lognormal
from sandbox.portfolio.mix import DISTRIBUTIONS
from sandbox.portfolio.risks import grouped
from sandbox.portfolio.triangular import Triangular
from tests.sandbox.shipped import product, small, written

EXACT = 1e-12
STANDARD_ERRORS = 4.5
SOME = 4_000
UNIFORM = np.linspace(0.0005, 0.9995, 1_000)

EXAMPLES = {
    "triangular": Triangular.model_construct(kind="triangular", low=18.0, mode=32.0, high=60.0),
    "lognormal": Lognormal.model_construct(kind="lognormal", mean=1.5e6, cv=0.6),
}


def test_every_distribution_has_an_example():
    assert set(EXAMPLES) == set(DISTRIBUTIONS)


def test_the_triangular_quantile_is_that_of_scipy():
    peer = stats.triang(14 / 42, 18, 42).ppf(UNIFORM)
    assert np.allclose(EXAMPLES["triangular"].quantile(UNIFORM), peer, rtol=EXACT, atol=0)


def test_the_lognormal_has_its_mean_and_coefficient_of_variation():
    peer = stats.lognorm(np.sqrt(np.log(1.36)), scale=1.5e6 / np.sqrt(1.36)).ppf(UNIFORM)
    assert np.allclose(EXAMPLES["lognormal"].quantile(UNIFORM), peer, rtol=EXACT, atol=0)


@pytest.mark.parametrize("kind", sorted(DISTRIBUTIONS))
@given(u=st.lists(st.floats(1e-12, 1 - 1e-12), min_size=2, max_size=20))
def test_a_quantile_never_falls(kind, u):
    values = EXAMPLES[kind].quantile(np.sort(np.array(u)))
    assert (np.diff(values) >= 0).all()


@pytest.mark.parametrize("name", ["home", "term_life"])
def test_adding_policies_moves_no_other(name):
    given_, few = product(name).files["portfolio"], 150
    first, _ = draw(product(name), given_, few, 7)
    more, _ = draw(product(name), given_, few + 50, 7)
    part = more.where(np.arange(few))
    for one, other in ((first.columns, part.columns), (first.item_columns, part.item_columns)):
        for column, values in one.items():
            assert np.array_equal(values, other[column], equal_nan=True), column
    assert np.array_equal(first.present, part.present)


def test_another_seed_draws_other_policies():
    given_ = product("term_life").files["portfolio"]
    one, other = (draw(product("term_life"), given_, 100, seed)[0] for seed in (1, 2))
    assert (one.columns["age"] != other.columns["age"]).any()


def test_shares_are_those_of_the_file():
    risks, _ = draw(product("home"), product("home").files["portfolio"], SOME, 11)
    brick_wood = risks.columns["construction"] == 2
    error = np.sqrt(0.08 * 0.92 / SOME)
    assert abs(brick_wood.mean() - 0.08) < STANDARD_ERRORS * error


def test_no_policy_is_outside_of_what_is_accepted_and_refusals_are_counted():
    life = product("term_life")
    risks, redrawn = draw(life, life.files["portfolio"], 500, 3)
    assert (Domain.of(life).refused(risks.columns) == -1).all()
    assert redrawn["pay_within_term"] > 0
    known = readers(life).policy
    assert all(known[name].inside(risks.columns[name]).all() for name in ("age", "sum_insured"))


def test_a_formula_reads_what_is_drawn_before_it():
    risks, _ = draw(product("home"), product("home").files["portfolio"], 200, 3)
    value, insured = risks.item_columns["value"], risks.item_columns["sum_insured"]
    assert np.array_equal(insured[:, 0], 0.8 * value[:, 0])
    assert np.array_equal(insured[:, 1], np.round(0.7 * value[:, 1] / 10_000) * 10_000)


def test_cells_hold_every_policy_once_and_are_all_different():
    risks, _ = draw(product("home"), product("home").files["portfolio"], 400, 3)
    cells = grouped([risks], product("home"))
    assert cells.policies.sum() == 400
    assert cells.size < 400
    assert grouped([cells, cells], product("home")).policies.sum() == 800


def test_a_cell_is_charged_what_a_quote_says():
    for name in ("home", "term_life"):
        portfolio, plan = small(name), bind(product(name))
        for cell in range(0, portfolio.cells.size, 40):
            assert portfolio.premiums[cell] == quote(plan, as_given(portfolio, cell)).premium


def as_given(portfolio, cell):
    known = readers(portfolio.product)
    found = {
        name: reader.shown(portfolio.cells.columns[name][cell])
        for name, reader in known.policy.items()
    }
    for place, (item, group) in enumerate(known.items.items()):
        if portfolio.cells.present[cell, place]:
            for name, reader in group.items():
                value = portfolio.cells.item_columns[name][cell, place]
                found[f"{item}.{name}"] = reader.shown(value)
    return found


def test_what_the_tariff_declines_is_not_simulated_but_counted():
    portfolio = small("home")
    declined = portfolio.declined["wood_on_the_coast"]
    assert declined > 0
    assert portfolio.policies == 300 - declined
    assert "coast, brick_wood" not in portfolio.grouping(["zone", "construction"]).labels


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_book_of_the_same_policies_is_the_same_portfolio(tmp_path, suffix):
    portfolio = small("home")
    rows = []
    for cell in range(portfolio.cells.size):
        rows += [as_given(portfolio, cell)] * int(portfolio.cells.policies[cell])
    names = list(rows[0])
    path = tmp_path / "book.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
    if suffix == ".parquet":
        pa.parquet.write_table(pa.csv.read_csv(path), tmp_path / "book.parquet")
    book = read_book(product("home"), tmp_path / f"book{suffix}")
    assert book.digest == portfolio.digest
    assert np.array_equal(book.premiums, portfolio.premiums)
    assert not book.left_out


def test_rows_that_cannot_be_simulated_are_counted(tmp_path):
    path = tmp_path / "book.csv"
    path.write_text(
        "age,sex,sum_insured,term,pay\n"
        "30,M,1000000,20,20\n"
        "30,M,1000000,20,30\n"  # pays longer than it is covered
        "30,X,1000000,20,20\n"  # no such sex
        "35,F,2500000,20,20\n",  # above what is written without a person
        encoding="utf-8",
    )
    book = read_book(product("term_life"), path)
    assert book.policies == 2
    refused = Said("refused by pay_within_term", "不符合承保条件 pay_within_term")
    assert book.left_out == {refused: 1, REJECTED: 1}
    assert book.referred == 1


def test_segments_are_crossed_and_unknown_names_are_told():
    grouping = small("term_life").grouping(["sex", "term"])
    assert "F, to 60" in grouping.labels
    assert len(grouping.place) == small("term_life").cells.size
    with pytest.raises(BadInput, match="unknown classification 'sexx'; did you mean 'sex'"):
        small("term_life").grouping(["sexx"])


def test_a_part_of_a_portfolio_keeps_the_keys_of_its_cells():
    portfolio = small("term_life")
    chosen = portfolio.cells.columns["sex"] == 0
    part = portfolio.only(chosen)
    assert np.array_equal(part.cells.keys, portfolio.cells.keys[chosen])
    assert 0 < part.policies < portfolio.policies


MIX = """policies: 10
seed: 1
mix:
  age: {kind: triangular, low: 18, mode: 32, high: 60}
  sex: {M: 50%, F: 50%}
  term: {20: 100%}
  pay: 20
  sum_insured: {300000: 60%, 500000: 40%}
"""

WRONG = [
    ("  sex: {M: 50%", "  sx: {M: 50%", "file.yaml:5:7: mix: unknown variable or item 'sx'; did"),
    ("F: 50%", "F: 40%", "5:8: mix.sex: expected shares that add up to 100%, got 90%"),
    ("F: 50%", "G: 50%", "5:17: mix.sex: expected M or F, got G"),
    ("F: 50%", "F: -50%", "5:17: mix.sex.F: expected a share of 0% to 100%"),
    ("  pay: 20\n", "", "4:3: mix: expected the key 'pay'"),
    (
        "pay: 20",
        "pay: 21",
        "7:8: mix.pay: expected 1, 5, 10, 20, 30 or to 60, got 21; did you mean '20'?",
    ),
    ("pay: 20", "pay: term", "7:8: mix.pay: expected 1, 5, 10, 20, 30 or to 60, got term"),
    ("kind: triangular", "kind: triangel", "4:15: mix.age.kind: unknown kind 'triangel'; did you"),
    ("mode: 32", "mode: 132", "4:8: mix.age: expected low, mode and high in this order"),
    ("mode: 32", "mod: 32", "4:36: mix.age: unknown key 'mod'; did you mean 'mode'?"),
    ("{20: 100%}", "{kind: lognormal, mean: 5, cv: 1}", "6:9: mix.term: expected a share for each"),
    ("policies: 10", "policies: 0", "1:11: policies: expected 1 to 10000000, got 0"),
    ("{300000: 60%, 500000: 40%}", "agee * 1000", "8:16: mix.sum_insured: unknown name 'agee'; di"),
    ("{300000: 60%, 500000: 40%}", "9000000", "8:16: mix.sum_insured: expected 300000 to 3000000"),
]


def test_the_mix_that_is_broken_below_is_good():
    specification = written(PORTFOLIO, MIX)
    risks, _ = draw(product("term_life"), specification, 20, 1)
    assert risks.size == 20


@pytest.mark.parametrize(("old", "new", "says"), WRONG)
def test_a_wrong_mix_is_told_with_its_place(old, new, says):
    assert old in MIX
    with pytest.raises(BadInput) as error:
        bind_mix_of(MIX.replace(old, new))
    assert says in str(error.value)


def bind_mix_of(text):
    specification = written(PORTFOLIO, text)
    bind_mix(product("term_life"), specification.mix, specification.place("mix"))


def test_a_mix_that_is_refused_for_ever_is_told():
    text = MIX.replace("kind: triangular, low: 18, mode: 32, high: 60", "58: 100%")
    with pytest.raises(BadInput, match="policy 1 was refused 1000 times, most often by ends_by_70"):
        draw(product("term_life"), written(PORTFOLIO, text), 2, 1)


def test_a_product_without_a_portfolio_says_which_file_is_missing():
    from dataclasses import replace

    life = product("term_life")
    files = {stem: content for stem, content in life.files.items() if stem != "portfolio"}
    with pytest.raises(BadInput, match=r"products/term_life/portfolio.yaml: expected this file"):
        generate(replace(life, files=files))
