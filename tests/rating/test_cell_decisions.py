"""What cells tell of decisions that read more than they do: held against every risk of the cell."""

import itertools

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from product_factory.errors import Refused
from rating.cell_decisions import decide
from rating.plan import bind
from rating.premium_cells import premium_cells
from rating.quote import quote
from tests.rating.tiny_shelf import BASES, FRAME, product_of, write_shelf
from tests.shelf_files import write_files

TOWNS, AGES, KEPT, SIZES = ("a", "b", "c"), range(18, 22), ("yes", "no"), range(1, 5)
HUT = f"""product: hut
title: {{zh: 屋, en: Hut}}
{FRAME}
contract: {{term: 1, pay: 1, renewal: none}}
insured:
  town: {{type: choice, of: [a, b, c]}}
  age: {{type: age, min: 18, max: 21}}
  kept: {{type: yes_no}}
  size: {{type: integer, min: 1, max: 4}}
processes: {{fire: fire@^1}}
covers:
  - {{use: property/fire@^1, as: fire}}
accepts:
"""
FIRE = """process: fire
version: 1.0.0
title: {zh: 火灾, en: Fire}
kind: collective
drawn: policy
events: {occurrence: {title: {zh: 火灾, en: Fire}}}
marks: {damage: {type: money}}
"""
COVER = """module: property/fire
version: 1.0.0
title: {zh: 火灾, en: Fire}
kind: indemnity
pays: {event: fire.occurrence, amount: damage}
"""
TARIFF = """- name: premium
  kind: compute
  is:
    - {when: {town: a}, is: age * 2}
    - {otherwise: age * 3}
"""


@st.composite
def condition(draw):
    parts = [
        f"town: [{', '.join(draw(st.lists(st.sampled_from(TOWNS), min_size=1, unique=True)))}]"
    ]
    parts.append(f"age: {{above: {draw(st.integers(16, 21))}}}")
    if draw(st.booleans()):
        parts.append(f"kept: {draw(st.sampled_from(KEPT))}")
    if draw(st.booleans()):
        parts.append(f"size: {{above: {draw(st.integers(0, 4))}}}")
    return f"{{{', '.join(parts)}}}"


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(lines=st.lists(condition(), min_size=1, max_size=2), steps=st.lists(condition(), max_size=3))
def test_a_cell_is_what_all_its_risks_are(tmp_path, lines, steps):
    """Sold where any is; decided where all that are sold agree; else the open steps are named."""
    plan = bound(tmp_path, lines, steps)
    axes = premium_cells(plan).axes
    assert axes == ("town", "age")
    cells = list(itertools.product(range(len(TOWNS)), AGES))
    columns = dict(zip(axes, np.array(cells, dtype=np.float64).T, strict=True))
    found = decide(plan, columns, len(cells))
    for number, (town, age) in enumerate(cells):
        risks = itertools.product(KEPT, SIZES)
        told = [outcome(plan, TOWNS[town], age, *risk) for risk in risks]
        sold = [one for one in told if one != "refused"]
        assert found.sold[number] == bool(sold) or found.open[number], (lines, steps, town, age)
        if not found.sold[number]:
            assert not sold
            continue
        if not found.open[number]:
            assert set(told) == {found.made[number]}
        else:
            rank = ["accept", "refer", "decline"]
            assert all(rank.index(one) >= rank.index(found.made[number]) for one in sold)
            names = set(found.open[number].split("; "))
            assert names <= {*(f"line{n}" for n in range(2)), *(f"step{n}" for n in range(3))}


def bound(folder, lines, steps):
    root = write_shelf(folder)
    accepts = "".join(
        f"  - {{name: line{n}, when: {when}, require: 1 > 2, says: {{zh: 不, en: No}}}}\n"
        for n, when in enumerate(lines)
    )
    rating = TARIFF + "".join(
        f"- {{name: step{n}, kind: {'refer' if n % 2 else 'decline'}, when: {when}, "
        "says: {zh: 转, en: Ask}}\n"
        for n, when in enumerate(steps)
    )
    files = {
        "hut/product.yaml": HUT + accepts,
        "hut/rating.yaml": rating,
        "hut/bases.yaml": BASES.replace("damage: 0.5", "damage: 1000"),
        "processes/fire.yaml": FIRE,
        "modules/property/fire.yaml": COVER,
    }
    write_files(root, files)
    return bind(product_of(root, "hut"))


def outcome(plan, town, age, kept, size):
    try:
        return quote(plan, {"town": town, "age": age, "kept": kept, "size": size}).outcome
    except Refused:
        return "refused"


def test_more_combinations_than_are_tried_are_left_open(tmp_path, monkeypatch):
    steps = ["{town: [a, b, c], age: {above: 16}, kept: yes}"]
    plan = bound(tmp_path, ["{town: [c], age: {above: 20}}"], steps)
    columns = {"town": np.zeros(1), "age": np.full(1, 18.0)}
    assert decide(plan, columns, 1).open == ("step0",)
    certain = bound(
        tmp_path, ["{town: [c], age: {above: 20}}"], [steps[0].replace(", kept: yes", "")]
    )
    assert decide(certain, columns, 1).made == ("decline",)
    always = ["{town: [a], age: {above: 16}, size: {above: 0}}"]
    plan = bound(tmp_path, ["{town: [c], age: {above: 20}}"], always)
    assert decide(plan, columns, 1).made == ("decline",)  # whatever the size is
    monkeypatch.setattr("rating.cell_decisions.MOST_COMBINED", 1)
    found = decide(plan, columns, 1)
    assert (found.made, found.open) == (("accept",), ("step0",))
