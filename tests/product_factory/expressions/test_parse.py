"""What binds tighter, what each part's place is, and where a text stops making sense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.errors import At, BadInput
from product_factory.expressions.parse import MAX_TOKENS, parse
from product_factory.expressions.tree import Binary, Call, DateLiteral, Name, Number, Unary
from product_factory.nodes import Text
from tests.product_factory.expressions.bound import parsed

COMMA = "; in { } a text with a comma must be quoted"


def shown(tree):
    """A tree with every pair of brackets written."""
    match tree:
        case Binary():
            return f"({shown(tree.left)} {tree.op} {shown(tree.right)})"
        case Unary():
            return f"({tree.op} {shown(tree.operand)})"
        case Call():
            return f"{tree.function}({', '.join(map(shown, tree.arguments))})"
        case Name():
            return tree.name
        case Number():
            return tree.text
        case DateLiteral():
            return tree.value.isoformat()
    raise AssertionError(tree)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1 + 2 * 3", "(1 + (2 * 3))"),
        ("1 - 2 - 3", "((1 - 2) - 3)"),
        ("8 / 4 / 2", "((8 / 4) / 2)"),
        ("2 ^ 3 ^ 2", "(2 ^ (3 ^ 2))"),
        ("-2 ^ 2", "(- (2 ^ 2))"),
        ("2 ^ -2", "(2 ^ (- 2))"),
        ("-a * b", "((- a) * b)"),
        ("2 * -a", "(2 * (- a))"),
        ("(1 + 2) * 3", "((1 + 2) * 3)"),
        ("a + b <= c * d", "((a + b) <= (c * d))"),
        ("a < b and c < d or e", "(((a < b) and (c < d)) or e)"),
        ("not a == b", "(not (a == b))"),
        ("not a and b", "((not a) and b)"),
        ("a or b and c", "(a or (b and c))"),
        ("min(a, b + 1) - max(2, c)", "(min(a, (b + 1)) - max(2, c))"),
        ("if(a > 1, b, -c)", "if((a > 1), b, (- c))"),
        ("sum_insured * (1 + growth) ^ (policy_year - 1)",
         "(sum_insured * ((1 + growth) ^ (policy_year - 1)))"),
        ("30% * x", "(30% * x)"),
        ("90 days + 1 day", "(90 days + 1 day)"),
        ("2026-03-01 - start", "(2026-03-01 - start)"),
        ("cn.life.grace_min", "cn.life.grace_min"),
        ("身故 + 1", "(身故 + 1)"),
    ],
)  # fmt: skip
def test_what_binds_tighter_stands_deeper(text, tree):
    assert shown(parsed(text)) == tree


def test_brackets_written_everywhere_change_nothing():
    text = "a + b * -c ^ 2 <= d and not e == f or min(g, h - 1) > 30%"
    assert shown(parsed(shown(parsed(text)))) == shown(parsed(text))


def test_every_part_knows_its_column():
    tree = parsed("a + bb * (c - 10)")
    assert tree.at.column == 3
    assert tree.left.at.column == 1
    assert tree.right.at.column == 8
    assert tree.right.left.at.column == 5
    assert tree.right.right.at.column == 13
    assert tree.right.right.left.at.column == 11


def test_a_quoted_text_starts_behind_its_quote():
    tree = parse(Text("a + b", At("x", 4, 10), quoted=True))
    assert str(tree.left.at) == "x:4:11"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1 +", "x:1:4: expected a number or a name, got the end of the text"),
        ("* 2", "x:1:1: expected a number or a name, got '*'"),
        ("a b", "x:1:3: expected an operator or the end of the text, got 'b'"),
        ("min(a", f"x:1:6: expected ')', got the end of the text{COMMA}"),
        ("a)", "x:1:2: expected an operator or the end of the text, got ')'"),
        ("a $ b", "x:1:3: expected a number, a name or an operator, got '$'"),
        (
            "a = b",
            "x:1:3: expected a number, a name or an operator, got '='; did you mean '=='?",
        ),
        ("f(a)", "x:1:1: unknown function 'f'; the functions are min, max, if"),
        ("min(a)", "x:1:1: expected 2 to 20 arguments of min, got 1"),
        ("if(a, b)", "x:1:1: expected 3 arguments of if, got 2"),
        ("2026-13-01", "x:1:1: expected a day of the calendar, got '2026-13-01'"),
        ("", "x:1:1: expected a number or a name, got the end of the text"),
        ("a and and", "x:1:7: expected a number or a name, got 'and'"),
        ("1e99", "x:1:1: expected a number of at most 30 digits, got 1e99"),
    ],
)  # fmt: skip
def test_a_slip_is_told_at_its_column(text, said):
    with pytest.raises(BadInput) as raised:
        parsed(text)
    assert str(raised.value) == said


def test_a_text_has_at_most_so_many_parts():
    parsed(" + ".join(["1"] * (MAX_TOKENS // 2)))
    with pytest.raises(BadInput, match=f"expected at most {MAX_TOKENS} parts, got more"):
        parsed(" + ".join(["1"] * MAX_TOKENS))


@given(st.text(alphabet="ab1 .%+-*/^()<>=!,年day2026-", max_size=30))
def test_any_text_is_parsed_or_told_where_it_is_wrong(text):
    columns = [1]
    try:
        parsed(text)
    except BadInput as error:
        columns = [problem.at.column for problem in error.problems]
    assert all(1 <= column <= len(text) + 1 for column in columns)
