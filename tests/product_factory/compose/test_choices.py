"""Plans, optional covers, riders and dependencies: what the customer chooses, and what follows."""

import pytest

from product_factory.errors import BadInput
from product_factory.expressions.tree import Cases
from product_factory.rules.definition import definition_facts
from rating.claims import check_claims
from tests.product_factory.compose.branches import build
from tests.product_factory.shelves import FILES, altered

PRODUCT = "repair/product.yaml"
MODULE = "modules/gadget/repair.yaml"
HERE = f"products/{PRODUCT}"
BASIC = "basic: {title: {zh: 基本款, en: Basic}, set: {repair.share: 60%}}"
GOLD = "gold: {title: {zh: 金款, en: Gold}, set: {repair.share: 95%, yearly: 5000}}"


def with_lines(*lines, file=PRODUCT, **more):
    return FILES | {file: FILES[file] + "".join(f"{line}\n" for line in lines)} | more


def said(folder, files):
    with pytest.raises(BadInput) as raised:
        build(folder, "repair", files)
    return str(raised.value).split("\n")


# Plans


def test_plans_are_a_choice_and_their_terms_are_cases_of_it(tmp_path):
    made = build(tmp_path, "repair", with_lines("plans:", f"  {BASIC}", f"  {GOLD}"))
    assert made.variables["plan"].type.of == ("basic", "gold")
    terms = made.covers["repair"].terms
    share = terms["share"]
    assert (share.how, share.text) == ("planned", "basic 60%, gold 95%")
    assert isinstance(share.expression, Cases)
    assert [str(value.at).split(":")[1] for value in share.plans] == ["34", "35"]
    # the pool's limit is 5000 under gold, and what the module says under basic
    assert terms["limit"].text == "basic value, gold 5000"
    assert terms["limit"].plans[0].at.file == f"products/{MODULE}"


def test_a_plan_narrows_what_may_be_chosen(tmp_path):
    plan = "basic: {title: {zh: 基本款, en: Basic}, offers: {excess: 100}}"
    files = with_lines("plans:", f"  {plan}", f"  {GOLD}")
    title = "{title: {zh: 免赔额, en: excess}, type: money, of: [50, 100]"
    titled = files[PRODUCT].replace("{type: money, of: [50, 100]", title)
    made = build(tmp_path, "repair", files | {PRODUCT: titled})
    line = made.product.accepts[-1]
    assert line.name == "basic_excess"
    assert [(test.name, test.any_of) for test in line.when.tests] == [
        ("plan", ("basic",)),
        ("excess", ("50",)),
    ]
    assert line.says.en == "Basic does not offer the excess that was chosen"


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        (
            "set: {repair.shares: 60%}",
            ("34:61: plans.basic.set: unknown term or pool 'repair.shares'; "
            "did you mean 'repair.share'?"),
        ),
        (
            "set: {repair.excess: 60}",
            "34:61: plans.basic.set: the choice 'excess' sets 'repair.excess' already",
        ),
        (
            "set: {repair.share: 120%}",
            "34:60: repair.share: expected 100% or less, got 120% under the plan 'basic'",
        ),
        ("offers: {exces: 60}", ("34:56: plans.basic.offers.exces: unknown choice 'exces'; did you "
         "mean 'excess'?")),
        (
            "offers: {excess: 100}",
            (
                "34:57: plans.basic.offers.excess: the customer is told of 'excess'; "
                "give offers.excess a title"
            ),
        ),
        ("offers: {excess: 60}", "34:57: plans.basic.offers.excess: 'excess' does not offer '60'"),
        ("offers: {excess: [50, 100]}", ("34:57: plans.basic.offers.excess: this offers all there "
         "is to choose; leave it out")),
    ],
)  # fmt: skip
def test_a_slip_in_a_plan_is_told(tmp_path, plan, told):
    line = f"  basic: {{title: {{zh: 基本款, en: Basic}}, {plan}}}"
    assert f"{HERE}:{told}" in said(tmp_path, with_lines("plans:", line))


def test_a_term_that_one_plan_leaves_open_is_open(tmp_path):
    text = FILES[PRODUCT].replace(", set: {share: 90%}", "")
    lines = ["plans:", f"  {BASIC}", "  gold: {title: {zh: 金款, en: Gold}}"]
    told = said(tmp_path, FILES | {PRODUCT: text + "\n".join(lines) + "\n"})
    assert told == [
        (
            f"{HERE}:28:5: covers[0]: the term 'share' of gadget/repair is open in the plan "
            "'gold'; set it there, or set it here for all plans"
        )
    ]


def test_rules_know_a_term_under_every_plan(tmp_path):
    text = (
        FILES["short_life/product.yaml"]
        + """\
plans:
  slow: {title: {zh: 慢, en: Slow}, set: {death.waiting: 150 days}}
  quick: {title: {zh: 快, en: Quick}, set: {death.waiting: 10 days}}
"""
    )
    made = build(tmp_path, "short_life", FILES | {"short_life/product.yaml": text})
    facts = definition_facts(made)
    found = [facts.numbers[f"definition.waits.{end}"].value for end in ("least", "most")]
    assert found == [10.0, 150.0]


# Optional covers


def optional(*lines):
    second = (
        "  - {use: gadget/repair@^1, as: extra, items: [phone], optional: yes, set: {share: 9%}}"
    )
    files = altered(PRODUCT, ("exclusions:", f"{second}\nexclusions:"))
    return files | {PRODUCT: files[PRODUCT] + "".join(f"{line}\n" for line in lines)}


def test_an_optional_cover_is_a_choice_that_its_trigger_asks_for(tmp_path):
    made = build(tmp_path, "repair", optional())
    assert made.variables["extra"].type.kind == "yes_no"
    tests = made.covers["extra"].module.pays.where.tests
    assert [(test.name, test.any_of) for test in tests] == [
        ("extra", ("yes",)),
        ("cause", ("drop",)),
    ]
    assert made.covers["repair"].module.pays.where.tests[0].name == "cause"


def claim(name, chosen, *amounts):
    lines = [f"- name: {name}",
             "  policy: {start: 2026-03-01, grade: new, excess: 50, premium: 100,",
             f"           extra: {chosen}, items: {{phone: {{value: 3000}}}}}}", "  events:",
             "    - {date: 2026-05-02, event: breakage.accident,",
             "       marks: {cause: drop, loss: {phone: 650}}}", "  expect:"]  # fmt: skip
    lines += [
        f'    - {{date: 2026-05-02, cover: {cover}, item: phone, amount: "{amount}"}}'
        for cover, amount in amounts
    ]
    return "\n".join([*lines, "  after: in_force", "  working: (650 - 50) x 90%, x 9%", ""])


def test_an_optional_cover_pays_only_where_it_was_chosen(tmp_path):
    """650 less 50, of it 90%; the optional cover pays 9% of it where it was chosen."""
    both = claim("chosen", "yes", ("repair", "540.00"), ("extra", "54.00"))
    one = claim("not chosen", "no", ("repair", "540.00"))
    made = build(tmp_path, "repair", optional() | {"repair/claims.yaml": both + one})
    assert check_claims(made) == ()
    wrong = claim("not chosen", "no", ("repair", "540.00"), ("extra", "54.00"))
    made = build(tmp_path / "wrong", "repair", optional() | {"repair/claims.yaml": wrong})
    assert len(check_claims(made)) == 1


def test_an_exclusion_cannot_be_optional(tmp_path):
    files = altered(PRODUCT, ("as: wilful}", "as: wilful, optional: yes}"))
    assert said(tmp_path, files) == [
        (
            f"{HERE}:30:51: exclusions[0].optional: only a cover or a rider may be optional; "
            "leave it out"
        )
    ]


def test_the_name_of_an_optional_cover_must_be_free(tmp_path):
    files = altered(PRODUCT, ("items: [phone, tablet], set", "optional: yes, set"),
                    ("as: repair", "as: grade"), ("[repair.excess]", "[grade.excess]"),
                    ("joins: [repair.limit]", "joins: [grade.limit]"))  # fmt: skip
    assert (
        "the choice of an optional cover has its name, and 'grade' is taken"
        in said(tmp_path, files)[0]
    )
