"""Law 1 net of a programme, for every long-term product of the shelf.

Surplus, quota shares side by side and behind, and, where a cover pays amounts at events, a layer of
each of them between two shares: recoveries, premiums and what is left have their means.
"""

from dataclasses import replace

import pytest

from product_factory.errors import BadInput, BadValue
from product_factory.shelf import installed, open_shelf
from rating.engines.multistate.project import present_value
from rating.engines.multistate.unknowns import bound, cash_values
from rating.engines.multistate.value import discount, pols_if
from sandbox.laws import net_long_term
from sandbox.laws.ceded_lives import ceded_life
from sandbox.laws.long_term import SHARE
from sandbox.laws.net import NET, portfolio_alike
from sandbox.laws.net_long_term import law_one_net_long_term
from sandbox.laws.profiles import profiles
from sandbox.reinsurance_file import REINSURANCE, programme_of
from sandbox.run_off_protection import run_off_protection
from sandbox.simulate.cohort import CohortShock, RateShock, walked
from tests.law_sizes import OFF, SMALL, WHOLE
from tests.sandbox.run_offs import RISK
from tests.sandbox.shipped import product, written

pytestmark = pytest.mark.long

SEED = 20260301
SURPLUS = "  - {kind: surplus, name: surplus, line: LINE, lines: 3, commission: 30%}\n"
QUOTAS = """  - - {kind: quota_share, name: first, cession: 20%}
    - {kind: quota_share, name: second, cession: 10%}
"""
LAYER = """  - {kind: excess_of_loss, name: layer, attachment: FROM, limit: HIGH, per: risk,
     rate: 3%}
  - {kind: quota_share, name: last, cession: 50%}
"""
PROTECTED = {
    "term_life": ("[death]", 250_000, 90_000, 100_000),
    "endowment": ("[death, maturity, survival, surrender]", 50_000, None, None),
    "annuity": ("[annuity, death]", 5_000, None, None),
    "critical_illness": ("[severe, moderate, mild]", 150_000, 60_000, 40_000),
    "disability_income": ("[income, death]", 4_000, None, None),
    "long_term_care": ("[moderate, severe, death]", 2_000, None, None),
    "increasing_whole_life": ("[death]", 30_000, 20_000, 100_000),
    "long_term_medical": ("[inpatient, special_outpatient, accidental_death]", None, None, None),
}
"""Covers, the line that is kept, and a layer, where events pay amounts; ages and sums differ."""
DEAR = {"long_term_medical": 100}
"""Lives in a run where every event is drawn."""


def programme(name):
    covers, line, attachment, limit = PROTECTED[name]
    text = f"covers: {covers}\npremium_share: 60%\n"
    text += "" if line is None else "sum_insured: sum_insured\n"
    text += "contracts:\n" + ("" if line is None else SURPLUS.replace("LINE", f"{line}")) + QUOTAS
    if attachment is not None:
        text += LAYER.replace("FROM", f"{attachment}").replace("HIGH", f"{limit}")
    return text


ON_RISK = """covers: COVERS
premium_share: 60%
sum_insured: sum_insured
contracts:
  - {kind: quota_share, name: original, cession: 20%}
  - - {kind: surplus, name: over, line: LINE, lines: 3, risk_premium: 120%, basis: BASIS}
    - {kind: quota_share, name: more, cession: 10%, risk_premium: 110%, basis: BASIS,
       commission: 5%}
  - {kind: quota_share, name: last, cession: 50%}
"""
RISKS = {
    "term_life": ("[death, surrender]", 50_000),
    "endowment": ("[death]", 30_000),
    "increasing_whole_life": ("[death, surrender]", 30_000),
    "critical_illness": ("[severe, mild, death]", 100_000),
}
"""Covers whose risk may be ceded by its sum, and the line that is kept of it."""


def on_risk(name, basis):
    covers, line = RISKS[name]
    text = ON_RISK.replace("COVERS", covers).replace("LINE", f"{line}").replace("BASIS", basis)
    return under(product(name), text)


def under(made, text):
    return replace(made, files={**made.files, "reinsurance": written(REINSURANCE, text)})


def laws_of(made, risks, size, bases=("best_estimate",), **more):
    return law_one_net_long_term(
        made, [made.bases[name] for name in bases], risks, SEED, share=SHARE * size, threads=2,
        lives=DEAR.get(made.name, net_long_term.LIVES), **more,
    )  # fmt: skip


def held(laws, size):
    for law in laws:
        assert law.holds, str(law)
        assert law.bound <= 0.1 * OFF * law.expected or law.expected == 0.0, str(law)
        for side in (-1.0, 1.0):
            if law.expected:  # a risk below the line cedes nothing, which no factor moves
                wrong = law.expected * (1.0 + side * OFF * size)
                assert not replace(law, expected=wrong).holds, str(law)


def test_every_long_term_product_of_the_shelf_is_held():
    shelf = {name for name in open_shelf(installed()).products() if product(name).long_term}
    assert shelf == {*PROTECTED}


@pytest.mark.parametrize("name", PROTECTED)
def test_contracts_recover_cost_and_leave_their_means(name):
    made = under(product(name), programme(name))
    size, basis = (2.0 * SMALL, "pricing") if name in DEAR else (SMALL, "best_estimate")
    laws = laws_of(made, profiles(made)[:1], size, [basis])
    names = {law.group[0] for law in laws}
    contracts = {line.name for line in made.files["reinsurance"].lines}
    assert names == {NET, *contracts, *(f"{one}: premium" for one in contracts)}
    held(laws, size)
    assert sum(law.expected for law in laws if law.group[0] in contracts) > 0.0


@pytest.mark.prove
@pytest.mark.parametrize("name", PROTECTED)
def test_contracts_have_their_means_on_every_basis_and_profile(name):
    made = under(product(name), programme(name))
    bases = [one for one in made.bases if one != "valuation"]
    size = SMALL if name in DEAR else WHOLE
    held(laws_of(made, profiles(made), size, bases), size)


def term_life():
    made = under(product("term_life"), programme("term_life"))
    return made, profiles(made)[:1]


def test_more_deaths_than_priced_are_caught_in_every_contract():
    made, risks = term_life()
    shock = CohortShock({"mortality.death": RateShock(times=1.0 + 1.5 * OFF * SMALL)})
    laws = laws_of(made, risks, SMALL, shock=shock)
    failed = {law.group[0] for law in laws if not law.holds}
    assert {NET, "surplus", "first", "second", "layer", "last"} <= failed
    assert all(law.sharp for law in laws)


def test_fewer_premiums_than_priced_are_caught_in_what_contracts_cost():
    made, risks = term_life()
    shock = CohortShock({"lapse.surrender": RateShock(times=1.2)})
    laws = laws_of(made, risks, SMALL, shock=shock)
    assert not any(law.holds for law in laws if law.group[0].endswith(": premium"))


PLANTED = {
    "a line": ("line: 250000", "line: 280000", "surplus"),
    "a cession": ("cession: 20%", "cession: 22.4%", "first"),
    "an attachment": ("attachment: 90000", "attachment: 100200", "layer"),
    "a limit": ("limit: 100000", "limit: 74800", "layer"),
    "a rate": ("rate: 3%", "rate: 3.1%", "layer: premium"),
    "a part behind a layer": ("cession: 50%", "cession: 56%", "last"),
}


@pytest.mark.parametrize("error", PLANTED)
def test_a_term_of_a_contract_that_is_off_is_caught(monkeypatch, error):
    old, new, group = PLANTED[error]
    made, risks = term_life()
    text = programme("term_life")
    assert text.count(old) == 1
    wrong = under(made, text.replace(old, new))
    known, right = net_long_term.ceded_life, programme_of(made.files["reinsurance"])

    def mistaken(portfolio, model):
        return run_off_protection(replace(portfolio, product=wrong), model)

    def of_right(model, cover, premium):
        ceding = replace(cover.ceding, stages=right.stages)
        return known(model, replace(cover, ceding=ceding), premium)

    monkeypatch.setattr(net_long_term, "run_off_protection", mistaken)
    monkeypatch.setattr(net_long_term, "ceded_life", of_right)
    laws = {law.group[0]: law for law in laws_of(made, risks, SMALL)}
    assert laws[group].sharp
    assert not laws[group].holds, str(laws[group])


@pytest.mark.parametrize("name", RISKS)
def test_contracts_on_risk_premium_have_their_means(name):
    # steps of a year and of a month: the basis of the premium has those of the run
    made = on_risk(name, "best_estimate" if name == "critical_illness" else "pricing")
    held(laws_of(made, profiles(made)[:1], SMALL), SMALL)


@pytest.mark.parametrize("name", RISKS)
def test_on_its_own_basis_a_risk_premium_is_its_multiple_of_what_is_recovered(name):
    made = on_risk(name, "pricing")
    (profile,) = profiles(made)[:1]
    portfolio = portfolio_alike(made, profile, 1)
    model = bound(made, made.bases["pricing"], portfolio.risks, portfolio.premiums)
    known = ceded_life(model, run_off_protection(portfolio, model), float(portfolio.premiums[0]))
    for contract, times in (("over", 1.2), ("more", 1.1)):
        recovered = known.recovered[contract].value
        assert recovered > 0.0
        assert known.premium[contract].value == pytest.approx(times * recovered, rel=1e-9)


def test_a_risk_premium_is_what_a_hand_adds_up_year_by_year():
    """10% of what a death pays above the cash value, at 110% of the chance of the price's basis."""
    text = """covers: [death]
contracts:
  - {kind: quota_share, name: risk, cession: 10%, risk_premium: 110%}
"""
    made = under(product("term_life"), text)
    (profile,) = profiles(made)[:1]
    portfolio = portfolio_alike(made, profile, 1)
    premium, risks = portfolio.premiums, portfolio.risks
    model = bound(made, made.bases["best_estimate"], risks, premium)
    priced = bound(made, made.bases["pricing"], risks, premium)
    known = ceded_life(model, run_off_protection(portfolio, model), float(premium[0]))
    size, value = profile.values["sum_insured"], cash_values(made, risks, premium)[0]
    alive, worth = pols_if(model)[0], discount(model)
    recovered = cost = 0.0
    for year in range(20):
        at_risk = 0.1 * max(size - value[year], 0.0)
        dies, costs = 0.0, 0.0
        for event in ("mortality.death", "mortality.total_disability"):
            dies += model.rates[event][0, year]
            costs += priced.rates[event][0, year] if event in priced.rates else 0.0
        recovered += worth[year + 1] * alive[year] * dies * at_risk
        cost += worth[year] * alive[year] * 1.1 * costs / 1.02 * at_risk
    assert known.recovered["risk"].value == pytest.approx(recovered, rel=1e-12)
    assert known.premium["risk"].value == pytest.approx(cost, rel=1e-12)


@pytest.mark.parametrize(("cover", "goes_on"), [("mild", True), ("death", False)])
def test_a_policy_that_goes_on_keeps_its_cash_value_and_all_that_is_paid_is_risk(cover, goes_on):
    """A mild illness leaves the contract in force, a death ends it."""
    text = RISK.replace("COVERS", cover).replace("110%", "110%, basis: best_estimate")
    made = under(product("critical_illness"), text)
    portfolio = portfolio_alike(made, profiles(made)[0], 1)
    model = bound(made, made.bases["best_estimate"], portfolio.risks, portfolio.premiums)
    cover = run_off_protection(portfolio, model)
    known = ceded_life(model, cover, float(portfolio.premiums[0]))
    recovered, whole = known.recovered["r"].value, 0.1 * known.gross.value
    assert recovered > 0.0
    assert (recovered == pytest.approx(whole, rel=1e-9)) is goes_on
    assert recovered <= whole * (1.0 + 1e-9)
    assert known.premium["r"].value == pytest.approx(1.1 * recovered, rel=1e-9)
    laid = cover.ceding.laid(model, walked(model, portfolio.premiums)[0])
    simulated = present_value(laid.chain, "layer: r")[0]
    assert float(simulated) == pytest.approx(recovered, rel=1e-9)


def test_a_facultative_of_some_policies_takes_of_them_alone():
    text = """covers: [death]
premium_share: 60%
sum_insured: sum_insured
contracts:
  - {kind: facultative, name: men, where: {sex: M, age: {at_most: 35}}, cession: 30%}
  - {kind: facultative, name: women, where: {sex: F}, above: 400000, cession: 20%}
"""
    made = under(product("term_life"), text)
    laws = laws_of(made, profiles(made)[:3], SMALL)
    held(laws, SMALL)
    recovers = {(law.profile[0], law.group[0]): law.expected > 0.0 for law in laws}
    assert recovers["男", "women"] is False
    assert recovers["女", "women"] is True
    men = [law.expected > 0.0 for law in laws if law.group[0] == "men"]
    assert sorted(men) == [False, False, True]  # one is a woman, one older


@pytest.mark.parametrize(
    ("old", "new", "group"),
    [
        ("risk_premium: 120%", "risk_premium: 122%", "over: premium"),
        ("cession: 10%", "cession: 11.2%", "more"),
    ],
)
def test_a_term_of_a_risk_premium_that_is_off_is_caught(monkeypatch, old, new, group):
    made = on_risk("term_life", "pricing")
    text = ON_RISK.replace("COVERS", "[death, surrender]").replace("LINE", "50000")
    wrong = under(made, text.replace("BASIS", "pricing").replace(old, new))
    known, right = net_long_term.ceded_life, programme_of(made.files["reinsurance"])

    def mistaken(portfolio, model):
        return run_off_protection(replace(portfolio, product=wrong), model)

    def of_right(model, cover, premium):
        return known(
            model, replace(cover, ceding=replace(cover.ceding, stages=right.stages)), premium
        )

    monkeypatch.setattr(net_long_term, "run_off_protection", mistaken)
    monkeypatch.setattr(net_long_term, "ceded_life", of_right)
    laws = {law.group[0]: law for law in laws_of(made, profiles(made)[:1], SMALL)}
    assert not laws[group].holds, str(laws[group])


@pytest.mark.parametrize(
    "line",
    [
        "{kind: stop_loss, name: last, attachment: 80%, limit: 50%}",
        "{kind: excess_of_loss, name: last, attachment: 100, limit: 50, per: year}",
    ],
)
def test_a_contract_without_a_known_mean_is_not_said_to_be_held(line):
    made = product("term_life")
    made = under(made, f"covers: [death]\npremium_share: 50%\ncontracts:\n  - {line}\n")
    with pytest.raises(BadInput, match=r"'last': no mean .* so the method would be simulated"):
        laws_of(made, profiles(made)[:1], SMALL)


def test_a_product_without_a_programme_is_not_said_to_be_held():
    made = product("term_life")
    with pytest.raises(BadValue, match="term_life: expected a programme of reinsurance, got none"):
        laws_of(made, profiles(made)[:1], SMALL)
