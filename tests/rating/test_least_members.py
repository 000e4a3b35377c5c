"""The fewest of an item that a policy may begin with, wherever it is read."""

import pytest

from clause_templates.from_product import facts_of
from product_factory.errors import BadInput
from product_factory.nodes import read_nodes
from product_factory.product import Item
from product_factory.rules.definition import definition_facts
from product_factory.strict import read
from rating.encode import encode, readers
from rating.export.risks import drawn
from rating.plan import bind
from tests.the_command import inside
from tests.the_shelf import shipped

GROUP = shipped("group_accident")
POLICY = {"member_years": 0, "loss_index": "100%", "deductible": 100}
MEMBER = {
    "age": 30,
    "occupation": "class_1",
    "sum_insured": 100000,
    "medical_limit": 10000,
    "daily": 50,
}
TITLE = "title: {zh: 人, en: Person}\n"


def of(members: int) -> dict[str, object]:
    return POLICY | {"items": {"member": [MEMBER] * members}}


def test_a_risk_of_fewer_is_refused_and_one_of_the_fewest_is_not():
    known = readers(GROUP)
    with pytest.raises(BadInput, match="member: expected 3 or more of this item, got 2"):
        encode(known, of(2))
    with pytest.raises(BadInput, match="member: expected this item, got nothing"):
        encode(known, of(0))
    offsets = encode(known, of(3)).offsets
    assert offsets is not None
    assert offsets.tolist() == [0, 3]


def test_a_policy_of_a_book_with_fewer_is_rejected_in_both_languages(tmp_path):
    columns = {"policy": "", "item": "member", **POLICY, **MEMBER}
    rows = [columns | {"policy": policy} for policy in ("a", "a", "b", "b", "b")]
    lines = [",".join(columns), *(",".join(map(str, row.values())) for row in rows)]
    book, out = tmp_path / "book.csv", tmp_path / "out.csv"
    book.write_text("\n".join(lines) + "\n", encoding="utf-8")
    inside("rate", "group_accident", str(book), "-o", str(out), "--by", "policy")
    rejects = (tmp_path / "out.csv.rejects.csv").read_text("utf-8")
    assert "expected 3 or more of this item, got 2" in rejects
    assert "应为 3 项以上，实为 2 项" in rejects
    assert len(out.read_text("utf-8").splitlines()) == 2


def test_exported_risks_have_no_fewer():
    risks = drawn(bind(GROUP), 1, 50)
    assert all(risks.present[f"member.{n}"].all() for n in (1, 2, 3))
    assert not risks.present["member.4"].all()


def test_rules_and_wording_read_it():
    assert definition_facts(GROUP).numbers["definition.lives.least"].value == 3.0
    assert facts_of(GROUP).facts["items.member.least"].value == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("least: 3", "'least' is for an item with 'many: yes'"),
        ("many: yes\nleast: 0", "expected 1 to 1,000,000, got 0"),
    ],
)
def test_a_least_that_says_nothing_is_refused(text, message):
    with pytest.raises(BadInput, match=message):
        read(Item, read_nodes(TITLE + text, "product.yaml"))
