"""Laws of the change of a book, on random changes of a small tariff and random books."""

import itertools
from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rating.book import evaluate, machine_of
from rating.impact.chain import chain, signature
from rating.impact.impact import Asked, impact
from rating.impact.money import Money
from rating.impact.parts import mixed, parts
from rating.impact.segments import keys_of
from rating.impact.totals import BEYOND, FROM_NOTHING, LEAST, MOST, sizes
from rating.plan import bind, bind_mixed
from tests.rating.impact.two_lamps import book, cents, product_of, two

CHANGES = {
    "tables.rate": ("lamp/tables/rate.csv", "inland,body,3.17", "inland,body,{}"),
    "tables.age_factor": ("lamp/tables/age_factor.csv", "30,50,1.0", "30,50,{}"),
    "bases.pricing.loading": ("lamp/bases.yaml", "loading: 35%", "loading: {}"),
    "rating.premium": ("lamp/rating.yaml", "max(5,", "max({},"),
    "rating.factored": ("lamp/rating.yaml", "age_factor * 90%", "age_factor * {}"),
}
VALUES = st.integers(1, 90).map(lambda number: f"{number / 100:.2f}")
ROW = st.tuples(
    st.sampled_from(["xian", "xiamen"]),
    st.integers(17, 61),
    st.sampled_from(["yes", "no"]),
    st.sampled_from([500, 1000]),
    st.integers(1, 100).map(lambda number: number * 50),
    st.booleans(),
)


def row(number, drawn):
    city, age, kept, deductible, value, shade = drawn
    more = (100, 50) if shade else ("", "")
    return (f"p{number}", city, age, kept, deductible, value, value, *more)


@given(
    st.dictionaries(st.sampled_from(sorted(CHANGES)), VALUES, min_size=1),
    st.lists(ROW, min_size=1, max_size=25),
    st.permutations(sorted(CHANGES)),
)
def test_what_each_change_brings_adds_up_to_the_cent(tmp_path_factory, values, drawn, order):
    folder = tmp_path_factory.mktemp("law")
    made = [
        (file, old, new.format(values[part]))
        for part, (file, old, new) in CHANGES.items()
        if part in values
    ]
    roots = two(folder, *made)
    old, new = (product_of(root, "lamp") for root in roots)
    rows = [row(number, one) for number, one in enumerate(drawn)]
    differ = {unit.part for link in chain(old, new).links for unit in link.units}
    first = tuple(part for part in order if part in differ)
    found = impact(old, new, book(folder, rows), Asked(order=first))
    assert sum((cents(one.amount) for one in found.steps), Decimal(0)) == cents(
        found.premium.change
    )
    assert [one.parts[0] for one in found.steps] == list(first)
    back = impact(new, old, book(folder, rows))
    assert cents(back.premium.change) == -cents(found.premium.change)
    assert back.rows.both == found.rows.both
    assert (back.premium.lost, back.premium.gained) == (found.premium.gained, found.premium.lost)


def test_a_mixture_of_some_parts_is_the_product_whose_files_have_those_changes(tmp_path):
    """Each subset of changes, mixed from two products, prices as if it had been written."""
    texts = {part: (f, o, n.format("0.40")) for part, (f, o, n) in CHANGES.items()}
    roots = two(tmp_path / "all", *texts.values())
    old, new = (product_of(root, "lamp") for root in roots)
    for taken in itertools.combinations(sorted(texts), 2):
        written = two(tmp_path / "-".join(taken), *(texts[part] for part in taken))[1]
        plan = bind(product_of(written, "lamp"))
        assert signature(bind_mixed(mixed(old, new, taken))) == signature(plan)
    everything = mixed(old, new, {*parts(old), *parts(new)})
    assert signature(bind_mixed(everything)) == signature(bind(new))
    assert signature(bind_mixed(mixed(old, new, ()))) == signature(bind(old))


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1))
def test_sizes_are_whole_percents_away_from_zero(pairs):
    old, new = np.array(pairs, dtype=np.int64).T
    for (before, after), place in zip(pairs, sizes(old, new).tolist(), strict=True):
        percent = place + LEAST
        if place == FROM_NOTHING:
            assert before == 0 < after
        elif before == after:
            assert percent == 0
        elif place == BEYOND:
            assert (after - before) * 100 > MOST * before
        elif after > before:
            assert (percent - 1) * before < (after - before) * 100 <= percent * before
        else:
            assert percent * before <= (after - before) * 100 < (percent + 1) * before


@given(st.lists(st.floats(0.001, 1e12), min_size=1))
def test_numbers_stand_together_by_their_first_two_digits(values):
    reader = SimpleNamespace(coded=False, type=SimpleNamespace(kind="money"))
    for value, key in zip(values, keys_of(reader, np.array(values)).tolist(), strict=True):
        assert key <= value * (1 + 1e-9)
        assert value < key * 1.1 * (1 + 1e-9)
        assert len(Decimal(f"{key:.12g}").normalize().as_tuple().digits) <= 2


def test_the_unit_is_one_that_all_tariffs_round_to(tmp_path):
    dime = ("lamp/rating.yaml", "to: 0.01", "to: 0.25")
    free = (
        "lamp/rating.yaml",
        "- {name: payable, kind: round, of: premium, to: 0.01, mode: half_up}",
        "",
    )
    roots = two(tmp_path / "1", dime)
    plans = [bind(product_of(root, "lamp")) for root in roots]
    assert str(Money.of(plans).unit) == "1/100"
    assert str(Money.of(plans[1:]).unit) == "1/4"
    free_plan = bind(product_of(two(tmp_path / "2", free)[1], "lamp"))
    assert Money.of([plans[0], free_plan]) == Money.of([free_plan])
    assert not Money.of([free_plan]).exact
    with pytest.raises(ValueError, match="expected premiums of at most"):
        Money.of(plans).units(np.array([1e14]), np.ones(1))


def test_premiums_are_those_of_the_book_to_the_bit(tmp_path):
    """One machine makes the outputs of rate, the other those of the impact."""
    plan = bind(product_of(two(tmp_path)[0], "lamp"))
    rng = np.random.default_rng(1)
    size = 1000
    columns = {
        "city": rng.integers(0, 2, size).astype(np.int32),
        "age": rng.integers(18, 61, size).astype(float),
        "kept": rng.integers(0, 2, size).astype(float),
        "deductible": rng.integers(0, 2, size).astype(np.int32),
        "item": np.zeros(size, np.int32),
        "value": np.full(size, 5000.0),
        "sum_insured": rng.integers(2, 100, size) * 50.0,
    }
    offsets = np.arange(size + 1)
    both = [
        evaluate(machine_of(plan, steps), columns, offsets).outputs["payable"]
        for steps in (None, [])
    ]
    assert both[0].tobytes() == both[1].tobytes()
