"""Values on columns: trees, cases, conditions, `to 60`, schedules, and terms that read terms."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.errors import At, BadInput
from product_factory.expressions import tree as part
from product_factory.expressions.scope import InlineLeaf, Layers, Names, ScheduleLeaf
from product_factory.types import Type
from tests.product_factory.expressions import slow
from tests.product_factory.expressions.bound import (
    calculated,
    conditions,
    inputs,
    parsed,
    valued,
)

PLACE = At("x", 1, 1)
NUMBERS = inputs(a="number", b="number", c="number", grade=Type("choice", ("new", "used", "old")))
GRADES = ("new", "used", "old")
values = st.floats(-1e6, 1e6).map(lambda x: x + 0.0)  # + 0.0: one zero, not two


def literal(number):
    return part.Number(number, "", repr(number), PLACE)


def bounded(pair):
    return part.Test(pair[0], (), pair[1], PLACE)


def trees():
    """Trees over the numbers a, b, c and the choice `grade`."""
    leaf = st.one_of(
        st.sampled_from("abc").map(lambda name: part.Name(name, PLACE)),
        st.sampled_from([0.0, 1.0, 2.5, -3.0, 0.1]).map(
            lambda x: part.Number(x, "", repr(x), PLACE)
        ),
    )

    def wider(inner):
        truths = st.one_of(
            st.tuples(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), inner, inner).map(
                lambda t: part.Binary(t[0], t[1], t[2], PLACE)
            ),
        )
        joined = st.one_of(
            truths,
            truths.map(lambda t: part.Unary("not", t, PLACE)),
            st.tuples(st.sampled_from(["and", "or"]), truths, truths).map(
                lambda t: part.Binary(t[0], t[1], t[2], PLACE)
            ),
        )
        return st.one_of(
            st.tuples(st.sampled_from("+-*"), inner, inner).map(
                lambda t: part.Binary(t[0], t[1], t[2], PLACE)
            ),
            inner.map(lambda t: part.Unary("-", t, PLACE)),
            st.tuples(st.sampled_from(["min", "max"]), st.lists(inner, min_size=2, max_size=4)).map(
                lambda t: part.Call(t[0], tuple(t[1]), PLACE)
            ),
            st.tuples(joined, inner, inner).map(lambda t: part.Call("if", t, PLACE)),
            st.tuples(whens, inner, inner).map(lambda t: part.Cases(((t[0], t[1]),), t[2], PLACE)),
        )

    bounds = st.tuples(st.sampled_from(["<", "<=", ">", ">="]), leaf).map(lambda t: (t,))
    whens = st.lists(
        st.one_of(
            st.lists(st.sampled_from(GRADES), min_size=1, max_size=2, unique=True).map(
                lambda words: part.Test("grade", tuple(words), (), PLACE)
            ),
            st.tuples(st.sampled_from("abc"), bounds).map(
                lambda t: part.Test(t[0], (), t[1], PLACE)
            ),
        ),
        max_size=2,
    ).map(lambda tests: part.Conditions(tuple(tests), PLACE))
    return st.recursive(leaf, wider, max_leaves=12)


@given(
    trees(),
    st.lists(st.tuples(values, values, values, st.sampled_from(GRADES)), min_size=1, max_size=4),
)
def test_a_program_gives_what_the_tree_says_row_by_row_to_the_bit(tree, rows):
    columns = {name: [row[place] for row in rows] for place, name in enumerate("abc")}
    columns["grade"] = [GRADES.index(row[3]) for row in rows]
    names = ("a", "b", "c", "grade")
    expected = [slow.value(tree, dict(zip(names, row, strict=True))) for row in rows]
    assert calculated(tree, NUMBERS, columns) == expected


@given(values, values)
def test_division_and_powers_are_those_of_the_machine(a, b):
    for text in ("a / b", "a ^ 2", "2 ^ b"):
        if text == "a / b" and b == 0.0:
            continue
        expected = slow.value(parsed(text), {"a": a, "b": b})
        assert calculated(parsed(text), NUMBERS, {"a": [a], "b": [b]}) == [expected]


def test_division_by_zero_is_no_error_but_no_number_either():
    columns = {"a": [1.0, -1.0, 0.0], "b": [0.0, 0.0, 0.0]}
    found = calculated(parsed("a / b"), NUMBERS, columns)
    assert found[:2] == [math.inf, -math.inf]
    assert math.isnan(found[2])


def test_the_first_case_that_fits_gives_the_value():
    cases = valued("- {when: {grade: [new, used], a: {above: 1}}, is: 1}\n"
                   "- {when: {grade: new}, is: 2}\n- {otherwise: a}")  # fmt: skip
    columns = {"grade": [0, 0, 1, 1, 2], "a": [5, 1, 5, 1, 7]}
    assert calculated(cases, NUMBERS, columns) == [1, 2, 1, 1, 7]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", [1, 1, 1]),
        ("{grade: used}", [0, 1, 0]),
        ("{grade: [new, old]}", [1, 0, 1]),
        ("{a: {at_least: 2}}", [0, 1, 1]),
        ("{a: {above: 2}}", [0, 0, 1]),
        ("{a: {at_most: 2}}", [1, 1, 0]),
        ("{a: {below: 2}}", [1, 0, 0]),
        ("{a: {above: 1, below: b}}", [0, 1, 0]),
        ("{grade: [used, old], a: {above: 2}}", [0, 0, 1]),
        ("{a: 2}", [0, 1, 0]),
    ],
)
def test_conditions_hold_when_all_of_their_tests_hold(text, expected):
    columns = {"grade": [0, 1, 2], "a": [1, 2, 3], "b": [3, 3, 3]}
    assert calculated(conditions(text), NUMBERS, columns) == expected


TERMS = inputs(term=Type("years", ("10", "20", "to 60")), age="age")


def test_an_expression_reads_what_a_choice_amounts_to():
    """`to 60` is 60 less the age at the start (LANGUAGE 4, 13)."""
    columns = {"term": [0, 1, 2, 2], "age": [30, 30, 30, 59]}
    assert calculated(parsed("term"), TERMS, columns) == [10, 20, 30, 1]
    assert calculated(parsed("age + term <= 50"), TERMS, columns) == [1, 1, 0, 0]


def test_a_condition_compares_what_was_chosen():
    columns = {"term": [0, 1, 2], "age": [50, 50, 40]}
    assert calculated(conditions("{term: to 60}"), TERMS, columns) == [0, 0, 1]
    assert calculated(conditions("{term: [10, 20]}"), TERMS, columns) == [1, 1, 0]
    assert calculated(conditions("{term: {at_least: 20}}"), TERMS, columns) == [0, 1, 1]


def test_a_condition_on_a_choice_that_is_not_offered_is_told_with_the_list():
    with pytest.raises(BadInput, match="term: expected 10, 20 or to 60, got to 65"):
        calculated(conditions("{term: to 65}"), TERMS, {})


SCHEDULE = ScheduleLeaf((18.0, 41.0, 61.0), (1.6, 1.4, 1.2), "age", Type("ratio"))


def test_a_row_of_a_schedule_holds_from_its_point_on():
    scope = Layers((Names({"ratio": SCHEDULE}), TERMS))
    found = calculated(parsed("ratio"), scope, {"age": [17, 18, 40, 41, 60, 61, 99]})
    assert math.isnan(found[0])
    assert found[1:] == [1.6, 1.6, 1.4, 1.4, 1.2, 1.2]


def inline(**texts):
    """A scope of terms that may read one another."""
    leaves = {}
    scope = Layers((Names(leaves), NUMBERS))
    trees = {name: parsed(text) for name, text in texts.items()}
    leaves.update({n: InlineLeaf(tree, scope, Type("number")) for n, tree in trees.items()})
    return scope


def test_terms_may_read_one_another():
    scope = inline(double="a * 2", more="double + double + 1")
    assert calculated(parsed("more"), scope, {"a": [1, 2]}) == [5, 9]


def test_a_circle_of_terms_is_told_with_its_names():
    scope = inline(one="two + 1", two="three", three="one * 2")
    with pytest.raises(BadInput, match="by way of itself: one → two → three → one"):
        calculated(parsed("a + one"), scope, {"a": [1]})


def test_terms_that_grow_without_end_are_cut_off():
    """Forty terms, each twice the one before: 2^40 parts when written out."""
    texts = {f"t{n}": f"t{n - 1} + t{n - 1}" for n in range(1, 41)}
    scope = inline(t0="a", **texts)
    with pytest.raises(BadInput, match="expected a value of at most 20000 parts"):
        calculated(parsed("t40"), scope, {"a": [1]})


def test_a_long_sum_is_no_circle():
    assert calculated(parsed(" + ".join(["a"] * 99)), NUMBERS, {"a": [1, 2]}) == [99, 198]
