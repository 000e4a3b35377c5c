"""The wording of disability income: what is paid while a state lasts, and when it is not."""

import shutil

import pytest

import cli
from clause_templates.compose import compose
from clause_templates.from_product import facts_of
from clause_templates.trace import trace, unprinted, untraced
from product_factory.assemble import assemble
from product_factory.shelf import installed, open_shelf
from rating.claims import pay_with
from rating.payout import bind
from tests.rating.claims.shelf_products import event
from tests.the_shelf import shipped

INCOME = (
    "{use: health/disability_income@^1, as: income, set: {elimination: 90 days, relapse: 180 days}}"
)
LIMITED = INCOME.replace("income@", "income_limited@").replace("180 days", "5 years")
LIMITED = LIMITED.replace("relapse", "benefit_period")


def worded(product):
    facts = facts_of(product)
    wording = compose(facts)
    assert untraced(wording) == ()
    assert unprinted(facts, wording) == ()
    return wording, "\n".join(paragraph.text for _, paragraph in wording.passages())


@pytest.fixture(scope="module")
def limited(tmp_path_factory):
    """The product with a benefit period in place of relapses, after an elimination or at once."""

    def make(days):
        root = tmp_path_factory.mktemp("shelf") / "products"
        shutil.copytree(installed(), root)
        sold = root / "disability_income" / "product.yaml"
        text = sold.read_text("utf-8")
        assert INCOME in text
        sold.write_text(text.replace(INCOME, LIMITED.replace("90 days", days)), "utf-8")
        return assemble(open_shelf(root), "disability_income", cli.language())

    return make


def test_elimination_relapse_and_waiver_are_printed_with_their_figures():
    wording, text = worded(shipped("disability_income"))
    for said in (
        "自失能状态开始之日起（含当日）90日为免责期",
        "自其终止之日起（含当日）180日内被保险人再次失能，不再计算免责期",
        "按照6个月的失能收入保险金之和给付身故保险金",
        "失能状态终止之日以后（不含当日）到期的各期保险费，您应当支付",
        "申请失能收入保险金的，由被保险人提供下列材料",
        "自终止之日的次日起，我们不再给付失能收入保险金",
        "失能状态自诊断或者鉴定结论认定被保险人开始不能从事前述职业之日起开始",
        "发生约定有等待期的保险事故的，我们不承担给付该项保险金的责任",
    ):
        assert said in text
    assert "给付期间以" not in text
    assert {figure.text for figure in trace(wording)} >= {"90", "180", "6"}


def test_an_income_under_way_is_owed_though_a_premium_of_its_elimination_is_not_paid():
    """Disabled on 10 January 2029, the premium of 1 March falls due; its grace ends on 30 April.

    The clause owes what `claim` pays, from 10 May on, and takes the premium off.
    """
    product = shipped("disability_income")
    insured = {"start": "2026-03-01", "age": 30, "sex": "M", "term": "to 60", "pay": 20}
    insured |= {"sum_insured": 10_000, "premium": "2221.50"}
    ill = event("2029-01-10", "disability.disablement", {"cause": "accident"})
    settled = pay_with(bind(product), insured, [ill, event("2029-07-10", "alive")])
    assert [one.date.isoformat() for one in settled.payments] == [
        "2029-05-10",
        "2029-06-10",
        "2029-07-10",
    ]
    assert settled.premiums_paid == 4 * 2221.5
    text = worded(product)[1]
    assert "其后本合同因未支付保险费而效力中止，不影响我们就该次失能给付失能收入保险金" in text
    assert "在给付时扣减您欠交的保险费" in text


def test_a_cash_value_does_not_hold_an_income_that_the_active_do_not_draw():
    assert "包含该日应当给付的" not in worded(shipped("disability_income"))[1]
    assert "包含该日应当给付的" in worded(shipped("annuity"))[1]


def test_a_benefit_period_is_printed_and_every_stay_has_its_own_elimination(limited):
    text = worded(limited("90 days"))[1]
    assert "每次失能的给付期间，自给付起算日起以5年为限" in text
    assert "免责期重新计算" in text
    assert "不再计算免责期" not in text


def test_without_an_elimination_months_run_from_the_first_day(limited):
    text = worded(limited("0 days"))[1]
    assert "自失能状态开始之日（以下称给付起算日）起" in text
    assert "给付起算日重新确定" in text
    assert "90日" not in text.replace("90日为等待期", "")
