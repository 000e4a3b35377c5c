"""Every kind of step: what it computes, and what it says of a slip."""

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from product_factory.errors import BadInput
from rating.export.plan import plan_data
from rating.export.schemas import schema
from rating.page import page
from rating.plan import bind
from rating.quote import quote
from rating.steps import BINDERS
from rating.worksheet import worksheet
from tests.rating.tiny_shelf import changed, product_of

RISK: dict[str, object] = {
    "city": "xian",
    "age": 30,
    "kept": True,
    "deductible": 500,
    "items": {"body": {"value": 2000, "sum_insured": 1000}},
}

# kind → the step of the tiny shelf that shows it, and its values by hand
EXAMPLES = {
    "lookup": ("rate", (3.17,)),
    "compute": ("item_premium", (3.17,)),
    "total": ("parts", (1.0,)),
    "round": ("payable", (5.0,)),
}
IN_OTHER_TESTS = {"technical", "refer", "decline"}  # test_plan, test_quote


def kinds() -> set[str]:
    return {model.model_fields["kind"].annotation.__args__[0] for model in BINDERS}


def test_every_kind_is_one_file_and_has_an_example():
    folder = Path(bind.__code__.co_filename).parent / "steps"
    files = {path.stem for path in folder.glob("*.py")} - {"__init__", "step", "decision"}
    assert kinds() == files == set(EXAMPLES) | IN_OTHER_TESTS


@pytest.mark.parametrize("kind", EXAMPLES)
def test_a_step_leaves_the_value_worked_by_hand(shelf, kind):
    name, values = EXAMPLES[kind]
    plan = bind(product_of(shelf, "lamp"))
    assert next(step for step in plan.steps if step.name == name).step.kind == kind
    assert quote(plan, RISK).values[name] == values


@pytest.mark.parametrize(
    ("mode", "expected"), [("half_up", 5.13), ("half_even", 5.12), ("up", 5.13), ("down", 5.12)]
)
def test_rounding_follows_the_written_mode(shelf, mode, expected):
    formula = "max(5, factored / (1 - pricing.loading))"
    changed(shelf, "lamp/rating.yaml", formula, "max(5.125, 0 * factored)")
    changed(shelf, "lamp/rating.yaml", "mode: half_up", f"mode: {mode}")
    assert quote(bind(product_of(shelf, "lamp")), RISK).premium == expected


def test_a_step_of_a_cover_says_so_in_worksheet_and_export_and_moves_no_value(shelf):
    before = bind(product_of(shelf, "lamp"))
    changed(shelf, "lamp/rating.yaml", "compute, level: item", "compute, cover: fire, level: item")
    plan = bind(product_of(shelf, "lamp"))
    priced = quote(plan, RISK)
    assert priced.values == quote(before, RISK).values
    sheet = worksheet(plan, priced)
    told = {line.step: line.cover for line in sheet.lines}
    assert told.pop("item_premium") == "fire"
    assert set(told.values()) == {""}
    (line,) = (line for line in page(sheet).splitlines() if "cover fire" in line)
    assert line.startswith("item_premium body")
    data = plan_data(plan)
    steps = {step["name"]: step["cover"] for step in data["steps"] if "cover" in step}
    assert steps == {"item_premium": "fire"}
    whole = schema("plan")
    fits = Draft202012Validator(whole["properties"]["steps"] | {"$defs": whole["$defs"]})
    assert list(fits.iter_errors(data["steps"])) == []


RATING = "products/lamp/rating.yaml"
SLIPS = [
    (
        "table: cities.zone",
        "table: cities.zon",
        f"{RATING}:1:37: table: unknown table 'cities.zon'; did you mean 'cities.zone'?",
    ),
    (
        "table: cities.zone",
        "table: cities",
        f"{RATING}:1:37: table: expected one column of the table: cities.zone, cities.tier",
    ),
    ("kind: round", "kind: rond", f"{RATING}:13:3: [8].kind: unknown kind 'rond'; did you mean"),
    ("by: sum", "by: mean", f"{RATING}:5:53: [4].by: expected sum, max or count, got mean"),
    ("mode: half_up", "mode: half_op", "expected half_up, half_even, up or down, got half_op"),
    ("to: 0.01", "to: 0", "[8]: expected a unit to round to such as 0.01, got 0"),
    ("of: premium, to", "of: premum, to", "unknown name 'premum'; did you mean 'premium'?"),
    (
        "kind: lookup, table: age_factor",
        "kind: lookup, cover: fie, table: age_factor",
        f"{RATING}:2:43: cover: unknown cover 'fie'; did you mean 'fire'?",
    ),
    (
        "level: item, table: rate",
        "table: rate",
        f"{RATING}:3:37: this reads values of items; say 'level: item', or bring them up",
    ),
    (
        "of: item_premium, by: sum",
        "of: age_factor, by: sum",
        f"{RATING}:5:35: of: expected a step of level item, 'age_factor' is of the policy",
    ),
    (
        "is: sum_insured / 1000",
        "is: 5 USD",
        "expected money in CNY, got money in USD; convert it by a rate, a number with",
    ),
    ("is: sum_insured / 1000", "is: premium / 1000", "unknown name 'premium'"),
    ("before * age_factor * 90%", "before * attained_age * 90%", "unknown name 'attained_age'"),
    ("name: parts", "name: before", f"{RATING}:6:10: name: 'before' is used twice"),
    ("name: parts", "name: age", f"{RATING}:6:10: name: 'age' is used twice"),
    ("of: premium, to", "of: zone, to", "expected a number to round, got a choice"),
    ("zone: coast, kept", "zone: coats, kept", "expected coast or inland, got coats; did you mean"),
]


@pytest.mark.parametrize(("old", "new", "message"), SLIPS, ids=[new for _, new, _ in SLIPS])
def test_a_slip_is_told_with_its_place(shelf, old, new, message):
    changed(shelf, "lamp/rating.yaml", old, new)
    with pytest.raises(BadInput) as caught:
        bind(product_of(shelf, "lamp"))
    assert message in str(caught.value)


def test_a_step_may_not_read_what_only_time_brings(shelf):
    """The loading reads policy_year, which the sandbox knows and a quote does not."""
    changed(shelf, "lamp/bases.yaml", "loading: 35%", "loading: policy_year / term")
    with pytest.raises(BadInput, match="'policy_year' is not known when a policy is rated"):
        bind(product_of(shelf, "lamp"))
