"""Check: every product of a shelf is judged, and one that cannot be read is told like any other."""

import gc
from pathlib import Path
from unittest import mock

import pytest

import cli
from product_factory.errors import BadValue
from product_factory.shelf import find_products, installed, open_shelf
from rating.engines.multistate.unknowns import cash_values
from sandbox.launch.check import CheckOptions, check_shelf
from tests.the_command import inside


@pytest.fixture
def shelf(tmp_path):
    """A copy of the shelf that a test may break."""
    import shutil

    shutil.copytree(installed(), tmp_path / "products")
    return tmp_path / "products"


def checked(root, *names):
    opened = open_shelf(root)
    return check_shelf(opened, names or opened.products(), cli.language(), CheckOptions())


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_shelf_that_ships_is_good():
    found = checked(installed())
    assert [one.product for one in found] == list(open_shelf(installed()).products())
    assert [one.code for one in found] == [0] * len(found)


def test_everything_that_is_judged_is_named():
    (home,) = checked(installed(), "home")
    sources = {judged.source for judged in home.judged}
    tariff = {"offer", "decision", "rounding"}
    assert sources == {"input", "table", "quote", "claim", "gate", "rule"} | tariff
    names = [(judged.source, judged.name) for judged in home.judged]
    assert len(set(names)) == len(names)


def test_a_product_that_cannot_be_read_does_not_hide_the_others(shelf):
    edit(shelf / "home" / "product.yaml", "currency: CNY", "curency: CNY")
    found = {one.product: one for one in checked(shelf, "home", "term_life")}
    assert found["home"].code == 2
    assert {finding.source for finding in found["home"].findings} == {"input"}
    assert "unknown key 'curency'; did you mean 'currency'?" in str(found["home"].findings[-1])
    assert found["term_life"].code == 0


def test_a_wrong_quote_is_a_finding_of_that_quote(shelf):
    edit(shelf / "home" / "quotes.yaml", "923.44", "923.45")
    (home,) = checked(shelf, "home")
    assert home.code == 1
    (finding,) = home.findings
    assert finding.source == "quote"
    (judged,) = [judged for judged in home.judged if list(home.of(judged))]
    assert judged.source == "quote"


def test_a_stale_rate_table_is_a_finding_with_what_to_run(shelf):
    (shelf / "term_life" / "tables" / "built" / "inputs.json").unlink()
    edit(shelf / "term_life" / "bases.yaml", "interest: 2.0%", "interest: 1.75%")
    (term,) = checked(shelf, "term_life")
    assert term.code == 1
    stale = term.findings[0]
    assert "run: covercast build term_life" in str(stale)
    assert not stale.sources, "tables that an older version built keep no inputs"
    assert inside("build", "term_life", "--shelf", str(shelf)).returncode == 0
    edit(shelf / "term_life" / "bases.yaml", "interest: 1.75%", "interest: 1.5%")
    edit(shelf / "tables" / "lapse_by_year.csv", "\n1,0.12\n", "\n1,0.13\n")
    (term,) = checked(shelf, "term_life")
    stale = term.findings[0]
    place = "products/term_life/bases.yaml:2:13"
    assert f"\n  bases.pricing.interest: 1.75% → 1.5%  {place}\n" in str(stale)
    assert "\n  tables.lapse_by_year.rate: other cells" in str(stale)
    assert place in map(str, stale.sources)


OVERLAY = """\
overlay: north
title: {zh: 北方, en: North}
changes:
  - {change: %s, is: %s, because: a branch asks for it}
"""


@pytest.mark.parametrize(
    ("value", "text", "found"),
    [
        ("bases.pricing.interest", "1.75%", []),
        (
            "bases.pricing.intrest",
            "1%",
            ["4:14: overlay north.pricing: unknown key 'intrest'"],
        ),
        ("provisions.grace.set.grace", "50 days", ["4:46: overlay north.grace.grace: expected 60"]),
        (
            "bases.pricing.interest",
            "2.6%",
            ["overlay north.cn/pricing_rate [L08, L10]: The"],
        ),
    ],
)
def test_an_overlay_that_nobody_asks_for_is_laid_over_its_product(shelf, value, text, found):
    (shelf / "term_life" / "overlays").mkdir()
    file = shelf / "term_life" / "overlays" / "north.yaml"
    file.write_text(OVERLAY % (value, text), encoding="utf-8")
    (term,) = checked(shelf, "term_life")
    assert ("overlay", "north") in {(judged.source, judged.name) for judged in term.judged}
    errors = [str(one) for one in term.findings if one.counts]
    assert len(errors) == len(found)
    for error, said in zip(errors, found, strict=True):
        assert said in error
    assert term.code == (1 if found else 0)


NEVER = "- {name: never, kind: refer, when: {deductible: {above: 5000}}, says: {zh: 高, en: High}}"
WAIVER = "- {rule: NAME, reason: kept for the next offer, role: chief_actuary, until: DAY}"


def waived(shelf, name, until="2099-12-31"):
    """Check home, with a referral that never falls, and a waiver."""
    rating = shelf / "home" / "rating.yaml"
    rating.write_text(f"{rating.read_text('utf-8')}\n{NEVER}\n", encoding="utf-8")
    text = WAIVER.replace("NAME", name).replace("DAY", until)
    (shelf / "home" / "waivers.yaml").write_text(f"{text}\n", encoding="utf-8")
    (home,) = checked(shelf, "home")
    return home.code, [(one.source, one.severity, str(one)) for one in home.findings]


def test_a_decision_that_is_idle_for_a_reason_is_waived_and_stays_in_the_report(shelf):
    code, [(source, severity, text)] = waived(shelf, "decision/never")
    assert (code, source, severity) == (0, "decision", "waived")
    assert "never refers" in text
    assert text.endswith("(waived: kept for the next offer (chief_actuary, 2099-12-31))")


@pytest.mark.parametrize(
    ("name", "until", "says"),
    [
        ("decision/wood_on_the_coast", "2099-12-31", None),
        ("offer/never", "2099-12-31", "no rule 'offer/never'; did you mean "),
        ("decision/nevr", "2099-12-31", "no rule 'decision/nevr'; did you mean 'decision/never'?"),
        ("decision/never", "2026-01-01", "the waiver expired on 2026-01-01"),
    ],
)
def test_a_waiver_of_another_an_unknown_name_or_a_day_gone_by_leaves_the_finding(
    shelf, name, until, says
):
    code, found = waived(shelf, name, until)
    assert code == 1
    assert ("decision", "error") in {one[:2] for one in found}
    assert (says is None) == (len(found) == 1)
    assert says is None or any(says in text for _, _, text in found)


def test_a_choice_that_costs_the_wrong_way_is_waived(shelf):
    edit(shelf / "home" / "tables" / "deductible_factor.csv", "1000,0.", "1000,1.")
    (home,) = checked(shelf, "home")
    assert ("offer", "error", "deductible") in {
        (one.source, one.severity, one.name) for one in home.findings
    }
    text = WAIVER.replace("NAME", "offer/deductible").replace("DAY", "2099-12-31")
    (shelf / "home" / "waivers.yaml").write_text(f"{text}\n", encoding="utf-8")
    (home,) = checked(shelf, "home")
    assert {one.severity for one in home.findings if one.source == "offer"} == {"waived"}


def test_products_are_named_by_folder_or_by_path(shelf):
    assert find_products(["home"], shelf)[1] == ("home",)
    opened, names = find_products([str(shelf / "home"), str(shelf / "term_life")])
    assert (opened.root, names) == (shelf, ("home", "term_life"))
    assert find_products([], shelf, every=True)[1] == open_shelf(shelf).products()


@pytest.mark.parametrize("every", [True, False])
def test_naming_nothing_or_both_is_told(shelf, every):
    with pytest.raises(BadValue, match="expected the names of products, or --all"):
        find_products(["home"] if every else [], shelf, every=every)


def test_paths_into_two_shelves_are_refused(shelf):
    paths = [str(shelf / "home"), str(installed() / "home")]
    with pytest.raises(BadValue, match="expected products of one shelf"):
        find_products(paths)


def test_alike_policies_share_their_cash_values_and_the_collector_is_left_as_it_was(shelf):
    asked = []

    def counted(product, cells, premium):
        asked.append(tuple(float(column[0]) for column in cells.columns.values()))
        return cash_values(product, cells, premium)

    with mock.patch("rating.claims.policy.cash_values", counted):
        (term,) = checked(shelf, "term_life")
    assert term.code == 0
    assert len(asked) == len(set(asked)) > 0
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
