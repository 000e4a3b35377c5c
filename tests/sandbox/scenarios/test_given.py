"""Scenarios by name, by file and as one; packs; the study of them with its files, proved again."""

import csv
import io
import json
from dataclasses import replace

import pytest

from product_factory.errors import BadInput
from product_factory.nodes import read_nodes
from product_factory.shelf import installed, open_shelf
from product_factory.strict import read
from sandbox.execution import Execution
from sandbox.results import read_manifest
from sandbox.scenarios import (
    Scenario,
    find,
    fits,
    given_scenario,
    load_packs,
    load_scenarios,
    of_pack,
    recorded_scenario,
    shock_of,
)
from sandbox.studies import study, write_study
from sandbox.studies.again import study_again
from sandbox.studies.options import scenarios_asked
from tests.sandbox.shipped import product as shipped
from tests.the_command import inside

OWN = """
scenario: mine
title: {zh: 我的, en: Mine}
changes:
  - {kind: frequency, times: 130%, where: {group: wild}, reference: own, trust: illustrative}
"""
BOTH = """
scenario: both
title: {zh: 两者, en: Both}
combines: [mortality_plus_15, lapse_up_40]
"""
SHELF = load_scenarios(open_shelf(installed()))


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(OWN, encoding="utf-8")
    return path


def text(content):
    return read(Scenario, read_nodes(content, "own.yaml"))


# --- several as one


def test_two_scenarios_are_one_in_either_order():
    life = shipped("term_life")
    names = "mortality_plus_15+lapse_up_40", "lapse_up_40+mortality_plus_15"
    one, other = (find(SHELF, name) for name in names)
    assert one.scenario == other.scenario == "lapse_up_40+mortality_plus_15"
    assert (one.digest, shock_of(one, life)) == (other.digest, shock_of(other, life))


def test_a_file_combines_scenarios_of_the_shelf(tmp_path):
    path = tmp_path / "both.yaml"
    path.write_text(BOTH, encoding="utf-8")
    life = shipped("term_life")
    both = given_scenario(str(path), SHELF)
    assert shock_of(both, life) == shock_of(find(SHELF, "mortality_plus_15+lapse_up_40"), life)


WRONG = [
    (
        "mortality_plus_15+mortality_plus_15",
        "--scenario: scenario: 'mortality_plus_15' stands twice",
    ),
    (
        "mortality_plus_51",
        "unknown scenario 'mortality_plus_51'; did you mean 'mortality_plus_15'?",
    ),
    ("./nowhere.yaml", "there is no such file"),
    (
        "rule_10_life_growth+rule_10_cash_flow",
        "expected scenarios for the same contracts, of a year or many",
    ),
    ("{scenario: x, title: {zh: x, en: x}}", "expected the key 'changes' or 'combines'"),
    (
        "{scenario: x, title: {zh: x, en: x}, combines: [no_laps]}",
        "combines: unknown scenario 'no_laps'; did you mean 'no_lapse'?",
    ),
    (
        "{scenario: no_lapse, title: {zh: x, en: x}, combines: [mass_lapse]}",
        "'no_lapse' is a scenario of the shelf; expected a name of its own",
    ),
    (
        "{scenario: x, title: {zh: x, en: x}, combines: [no_lapse, no_lapse]}",
        "combines: 'no_lapse' stands twice",
    ),
]


@pytest.mark.parametrize(("asked", "says"), WRONG, ids=[w[1][:40] for w in WRONG])
def test_what_cannot_be_given_is_told(asked, says):
    with pytest.raises(BadInput) as error:
        given_scenario(asked, SHELF)
    assert says in str(error.value)


def test_scenarios_that_lead_back_to_themselves_are_refused(tmp_path):
    folder = tmp_path / "scenarios"
    folder.mkdir()
    for name, other in (("one", "two"), ("two", "one")):
        content = f"scenario: {name}\ntitle: {{zh: x, en: x}}\ncombines: [{other}]\n"
        (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match="'one > two > one' leads back to itself"):
        load_scenarios(open_shelf(tmp_path))


def test_a_change_that_is_not_there_may_be_left_out_and_something_must_be():
    kept = (
        "kind: rate, event: lapse.surrender, times: 2, if_present: yes, reference: x, trust: weak"
    )
    own = f"scenario: x\ntitle: {{zh: x, en: x}}\nchanges: [{{{kept}}}]\n"
    assert fits(text(own), shipped("term_life"))
    with pytest.raises(BadInput, match="'x' changes nothing of home"):
        shock_of(text(own), shipped("home"))
    with pytest.raises(BadInput, match=r"unknown event 'lapse\.surrender'|no events"):
        shock_of(text(own.replace("yes", "no")), shipped("home"))


# --- packs


def test_every_change_of_a_pack_acts_on_some_product():
    products = [shipped(name) for name in PRODUCTS]
    for pack in load_packs(open_shelf(installed()), SHELF).values():
        for name in pack.scenarios:
            for change in find(SHELF, name).changes:
                assert any(not change.absent(one) for one in products), (name, change.said)


PRODUCTS = ("home", "million_medical", "term_life", "critical_illness", "disability_income")


def test_a_pack_gives_the_scenarios_that_fit():
    business = of_pack(shipped("home"), "c_ross_rule_10")
    assert business[0] == "rule_10_annual_business"
    assert not set(business) & set(of_pack(shipped("term_life"), "c_ross_rule_10"))
    with pytest.raises(BadInput, match="no scenario of 'solvency_ii' fits home"):
        of_pack(shipped("home"), "solvency_ii")
    with pytest.raises(BadInput, match="unknown pack 'solvency_i'; did you mean 'solvency_ii'"):
        of_pack(shipped("home"), "solvency_i")


def test_rule_10_for_life_is_what_the_rule_says():
    """规则第10号: 新单 130%, 死亡率 +10%, 退保率 +20%, 疾病 +15%, 费用 +10%."""
    shock = shock_of(find(SHELF, "rule_10_life_growth"), shipped("critical_illness"))
    assert [one.value for one in shock.volume] == [1.3]
    assert [one.times.value for one in shock.expenses] == [1.1]
    times = {event: one.times for event, (one,) in shock.rates.items()}
    assert times == {
        "mortality.death": 1.1,
        "lapse.surrender": 1.2,
        "critical_illness.severe": 1.15,
        "critical_illness.moderate": 1.15,
        "critical_illness.mild": 1.15,
    }


# --- the study


def asked(bikes, given, dependence=None):
    work = bikes, None, 60, 3
    return scenarios_asked(work, given, (), dependence)


def test_a_study_of_scenarios_is_proved_again_with_the_users_file(bikes, mine, tmp_path):
    folder = tmp_path / "out"
    own = mine.read_bytes()
    done = study(asked(bikes, [str(mine)]))
    write_study(done, folder)
    assert (folder / "scenario_mine.yaml").read_bytes() == own
    mine.unlink()
    recorded = read_manifest(folder / "manifest.json")
    assert (recorded.study, recorded.options) == ("scenarios", {"scenarios": "mine"})
    again = study_again(recorded, bikes, folder, execution=Execution.on(2))
    assert again.same, again.reasons
    rows = json.loads((folder / "stress.json").read_text("utf-8"))
    table = list(csv.DictReader(io.StringIO((folder / "stress.csv").read_text("utf-8"))))
    assert len(rows) == len(table) > 0
    for row, line in zip(rows, table, strict=True):
        assert float(line["difference"]) == row["difference"]["value"]
    assert float(table[0]["error"]) > 0.0


def test_a_scenario_that_was_changed_beside_the_manifest_is_named(bikes, mine, tmp_path):
    folder = tmp_path / "out"
    write_study(study(asked(bikes, [str(mine)])), folder)
    kept = folder / "scenario_mine.yaml"
    kept.write_text(OWN.replace("130%", "140%"), encoding="utf-8")
    recorded = read_manifest(folder / "manifest.json")
    again = study_again(recorded, bikes, folder)
    assert not again.same
    assert not again.files["stress.json"]
    assert any(reason.startswith("scenario: was ") for reason in again.reasons)


def test_no_path_is_read_from_a_manifest(bikes, mine, tmp_path):
    folder = tmp_path / "out"
    write_study(study(asked(bikes, [str(mine)])), folder)
    recorded = read_manifest(folder / "manifest.json")
    name = "../mine"
    files = {**recorded.files, f"scenario_{name}.yaml": "0"}
    evil = replace(recorded, options={"scenarios": name}, files=files)
    with pytest.raises(BadInput, match=r"unknown scenario '\.\./mine'"):
        study_again(evil, bikes, folder)


def test_a_recorded_name_is_first_one_of_the_shelf():
    found = recorded_scenario(
        "no_lapse", {"scenario_no_lapse.yaml": OWN.encode()}, SHELF, text(OWN).at
    )
    assert found is SHELF["no_lapse"]


def test_the_command_simulates_a_users_scenario_and_proves_it(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(OWN.replace("group: wild", "city: zhengzhou"), encoding="utf-8")
    out = tmp_path / "out"
    options = ("home", "--scenario", f"{path}+severity_plus_10", "--years", "5", "-o", str(out))
    done = inside("simulate", *options)
    assert done.returncode == 0, done.stderr
    assert "scenario mine+severity_plus_10" in done.stdout
    done = inside("rerun", str(out / "manifest.json"))
    assert done.returncode == 0, done.stdout
