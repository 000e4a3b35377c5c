"""Contracts of reinsurance that run-offs have no answer to, each told with its place."""

from dataclasses import replace

import pytest

from product_factory.errors import BadInput
from rating.engines.multistate.unknowns import bound
from sandbox.run_off_protection import run_off_protection
from tests.sandbox.run_offs import PROGRAMME, RISK, run, under
from tests.sandbox.shipped import small

MISFITS = [
    (
        "per: risk, rate: 3%",
        "per: event, rate: 3%",
        "8:81: per: 'layer': lives meet their own events, and no event meets many lives; expected",
    ),
    (
        "per: risk, rate: 3%",
        "rate: 3%",
        "8:5: per: 'layer': lives meet their own events",
    ),
    (
        "per: risk, rate: 3%",
        "per: risk, reinstatements: 2",
        "8:103: reinstatements: 'layer': reinstatements needs dated events of all contracts",
    ),
    (
        "per: risk, rate: 3%",
        "per: risk, aggregate_limit: 2",
        "aggregate_limit: 'layer': aggregate_limit needs dated events",
    ),
    (
        "per: risk, rate: 3%",
        "per: risk, premium: 2000",
        "8:96: premium: 'layer': contracts run off, so a premium of each year ends with no date; ",
    ),
    (
        "per: risk, rate: 3%",
        "per: year, rate: 3%",
        "8:12: kind: 'layer': goes by the year of all policies, and what it leaves belongs to none",
    ),
    (
        "name: quota, cession: 25%",
        "name: quota, cession: 95%",
        "side by side 'quota' and 'large' recover more than the loss, by 5",
    ),
    ("[death]", "[death, surender]", "1:9: covers: expected covers that pay"),
    ("sum_insured: sum_insured", "sum_insured: sum", "3:14: sum_insured: expected a value of a"),
]


@pytest.mark.parametrize(("old", "new", "says"), MISFITS)
def test_what_run_offs_have_no_answer_to_is_told_with_its_place(old, new, says):
    assert PROGRAMME.count(old) == 1
    with pytest.raises(BadInput) as error:
        run(PROGRAMME.replace(old, new), years=2)
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("name", "cover", "says"),
    [
        ("annuity", "annuity", "annuity pays at due dates, not at an event"),
        ("disability_income", "income", "income pays at due dates"),
        ("long_term_medical", "inpatient", "inpatient pays for events counted by the year"),
        ("long_term_care", "death", "'l' reaches an amount that goes by the premiums that one has"),
    ],
)
def test_a_layer_of_what_has_no_amount_at_an_event_is_refused(name, cover, says):
    layer = "{kind: excess_of_loss, name: l, attachment: 10, limit: 50, per: risk}"
    with pytest.raises(BadInput) as error:
        run(f"covers: [{cover}]\ncontracts:\n  - {layer}\n", name, years=2, basis="pricing")
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("name", "covers", "more", "says"),
    [
        ("annuity", "annuity", "", "3:62: risk_premium: 'r': annuity pays at due dates, not at"),
        ("long_term_medical", "inpatient", "", "risk_premium: 'r': inpatient pays for events cou"),
        ("term_life", "death", ", basis: prising", "unknown basis 'prising'; did you mean 'pri"),
        ("critical_illness", "severe", "", "basis: 'pricing' has 1 steps a year, and the run's"),
        ("home", "fire", "", "3:62: risk_premium: annual contracts have no sum at risk; expected"),
        ("term_life", "death", ", risk_premium: 0%", "duplicate key"),
    ],
)
def test_a_risk_premium_of_what_has_none_is_refused(name, covers, more, says):
    text = RISK.replace("COVERS", covers).replace("110%", f"110%{more}")
    with pytest.raises(BadInput) as error:
        run(text, name, years=2)
    assert says in str(error.value)


SOME = """covers: [death]
sum_insured: sum_insured
contracts:
  - {kind: facultative, name: f, WHERE, cession: 40%}
"""


@pytest.mark.parametrize(
    ("name", "where", "says"),
    [
        ("term_life", "where: {sexx: M}", "4:42: unknown name 'sexx'; did you mean 'sex'?"),
        ("term_life", "where: {sex: X}", "expected M or F, got X"),
        ("term_life", "currency: USD", "expected the key 'above', 'where', or both"),
        ("home", "where: {city: zhengzhou}", "4:41: where: annual contracts are ceded by size"),
    ],
)
def test_policies_that_do_not_exist_are_refused(name, where, says):
    text = SOME.replace("WHERE", where).replace("death", "fire" if name == "home" else "death")
    with pytest.raises(BadInput) as error:
        run(text, name, years=2)
    assert says in str(error.value)


def test_policies_that_are_chosen_need_no_size():
    """Of those that meet `where` the part is the same, whatever the file says of sums insured."""
    chosen = SOME.replace("WHERE", "where: {sex: M}")
    sized = run(chosen.replace("cession", "above: 0, cession"), years=20).settlement
    plain = run(chosen.replace("sum_insured: sum_insured\n", ""), years=20).settlement
    assert plain.ceded.any()
    assert plain.ceded.tobytes() == sized.ceded.tobytes()
    assert plain.premium.tobytes() == sized.premium.tobytes()
    with pytest.raises(BadInput, match="'facultative' goes by sums insured; expected the key"):
        under(
            "term_life",
            SOME.replace("WHERE", "where: {sex: M}, above: 9").replace(
                "sum_insured: sum_insured\n", ""
            ),
        )


def test_a_risk_premium_needs_to_know_the_cash_value():
    made = under("term_life", RISK.replace("COVERS", "death"))
    bare = replace(made, product=made.product.model_copy(update={"values": {}}))
    portfolio = replace(small("term_life"), product=bare)
    model = bound(made, made.bases["pricing"], portfolio.risks, portfolio.premiums)
    with pytest.raises(BadInput, match="3:62: risk_premium: 'r': is of what is above the cash"):
        run_off_protection(portfolio, model)


def test_a_basis_without_a_risk_premium_is_refused_where_it_is_read():
    text = RISK.replace("risk_premium: 110%", "basis: pricing")
    with pytest.raises(BadInput, match=r"3:55: .*basis: 'basis' is that of a risk premium"):
        under("term_life", text)
    for said, got in (("0%", "0"), ("10000000000", r"1e\+10")):
        with pytest.raises(BadInput, match=f"a share above 0% and up to 10,000%, got {got}"):
            under("term_life", RISK.replace("110%", said))


def test_a_stop_loss_of_events_counted_by_the_year_is_refused():
    text = """covers: [inpatient]
premium_share: 50%
contracts:
  - {kind: stop_loss, name: s, attachment: 80%, limit: 50%}
"""
    with pytest.raises(BadInput, match=r"4:12: kind: 's': inpatient pays for events counted by"):
        run(text, "long_term_medical", years=2, basis="pricing")


STAGE = """covers: [death]
premium_share: 100%
contracts:
  - - {kind: quota_share, name: q, cession: 60%}
    - {kind: KIND, name: s, attachment: 0%, limit: 900%, share: SHARE}
"""


@pytest.mark.parametrize("kind", ["stop_loss", "excess_of_loss"])
def test_a_contract_of_the_year_and_those_beside_it_recover_a_loss_once(kind):
    text = STAGE.replace("KIND", kind)
    if kind == "excess_of_loss":
        text = text.replace("0%, limit: 900%", "0, limit: 10000000, per: year")
    right = run(text.replace("SHARE", "40%"), years=20).settlement
    assert (right.ceded > 0.0).any(axis=0).all()
    with pytest.raises(BadInput) as error:
        run(text.replace("SHARE", "90%"), years=20)
    assert "contracts side by side 'q' and 's': expected to recover at most the loss, got" in (
        said := str(error.value)
    )
    assert said.startswith(("file.yaml:5:3", "file.yaml:4:"))
    assert " in policy year " in said


def test_stop_losses_that_overlap_are_refused_where_they_are_read():
    text = STAGE.replace("{kind: quota_share, name: q, cession: 60%}", "{FIRST}").replace(
        "FIRST", "kind: stop_loss, name: q, attachment: 50%, limit: 100%, share: 60%"
    )
    text = text.replace("KIND", "stop_loss")
    under("term_life", text.replace("SHARE", "40%"))
    with pytest.raises(BadInput, match=r"6:.*overlaps 'q' at 50%, where 110% would be placed"):
        under("term_life", text.replace("SHARE", "50%"))
