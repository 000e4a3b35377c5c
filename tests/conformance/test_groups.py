"""Exports of groups: the reader prices and settles them as the project does, member by member."""

import json
import shutil

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import cli
from product_factory.assemble import assemble
from product_factory.json_text import json_text
from product_factory.language import Language
from product_factory.shelf import open_shelf
from rating.claims import pay_with
from rating.export import export
from rating.export.claim_cases import told_case
from rating.export.plan import sold_data
from rating.export.schemas import FILES, schema
from rating.export.terms import terms_data
from rating.models import MODELS
from rating.payout import bind
from tests.conformance.claims import Claims
from tests.conformance.exports import SAMPLE, SEED, write
from tests.conformance.reader import disagreements
from tests.product_factory.shelves import write as write_shelf
from tests.rating.claims.group_contracts import grouped, of_all, of_member
from tests.rating.claims.random_contracts import contracts, happenings, policies
from tests.rating.crew import write_crew
from tests.rating.group_accident import write_group
from tests.rating.tiny_shelf import product_of
from tests.rating.tiny_shelf import write_shelf as write_tiny

HEAD = {"format": "covercast-export", "format_version": "1.0"}


@pytest.fixture(scope="module")
def works(tmp_path_factory):
    shelf = write_group(tmp_path_factory.mktemp("works"))
    product = assemble(open_shelf(shelf), "works", cli.language())
    return write(export(product, SAMPLE, SEED), tmp_path_factory.mktemp("export"))


@pytest.fixture(scope="module")
def crew(tmp_path_factory):
    shelf = write_tiny(tmp_path_factory.mktemp("crew"))
    write_crew(shelf)
    product = product_of(shelf, "crew")
    return write(export(product, SAMPLE, SEED), tmp_path_factory.mktemp("export"))


def told(folder, name):
    return json.loads((folder / f"{name}.json").read_text("utf-8"))


@pytest.mark.parametrize("name", ["works", "crew"])
def test_every_case_of_a_group_is_reproduced(name, request):
    """Events of one member each; events of the whole policy, with a value for each member."""
    assert disagreements(request.getfixturevalue(name)) == []


@pytest.mark.parametrize("name", sorted(FILES))
@pytest.mark.parametrize("group", ["works", "crew"])
def test_every_file_of_a_group_fits_its_schema(name, group, request):
    content = told(request.getfixturevalue(group), name)
    assert list(Draft202012Validator(schema(name)).iter_errors(content)) == []


def test_cases_show_groups_of_every_size_and_each_answer(works):
    shown = told(works, "manifest")["cases"]["shown"]
    assert [shown[what]["missing"] for what in ("prices", "claims")] == [[], []]
    cases = told(works, "price_cases")["cases"]
    sizes = {len(case["given"]["items"].get("member", ())) for case in cases}
    assert sizes >= set(range(1, 13))
    claims = told(works, "claim_cases")["cases"]
    assert [case["why"][:12] for case in claims[:3]] == ["claims.yaml:"] * 3
    met = {one["item"] for case in claims for one in case["events"] if "item" in one}
    assert len(met) > 3


def test_what_is_said_of_groups_stands_only_in_theirs(works, crew):
    items = {one["name"]: one.get("many") for one in told(crew, "plan")["items"]}
    assert items == {"boat": None, "member": True}
    events = told(works, "terms")["processes"]["accident"]["events"]
    assert events["injury"]["each"] == "item"
    assert "each" not in told(crew, "terms")["processes"]["fire"]["events"]["occurrence"]


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("terms", ("stages", 3, "each"), None),
        ("terms", ("stages", 2, "each"), "item"),
        ("plan", ("items", 0, "variables", 0, "max"), 60),
    ],
)
def test_a_changed_term_of_members_is_noticed(works, tmp_path, name, path, value):
    """A limit of each member made one of the policy, and the other way round."""
    folder = tmp_path / "changed"
    shutil.copytree(works, folder)
    whole = told(folder, name)
    part = whole
    for key in path[:-1]:
        part = part[key]
    assert part[path[-1]] != value
    part[path[-1]] = value
    (folder / f"{name}.json").write_text(json_text(whole), encoding="utf-8")
    found = [one for one in disagreements(folder) if "bytes" not in str(one)]
    assert found


@settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.generate],
    max_examples=40,
)
@given(files=contracts(), policy=policies(), each=st.booleans(), data=st.data())
def test_groups_made_at_random_are_settled_alike(tmp_path_factory, files, policy, each, data):
    """Gaps, times, ends, reductions and restorations of members, balances shared or their own."""
    folder = tmp_path_factory.mktemp("made")
    shelf = open_shelf(write_shelf(folder, grouped(files, each=each)))
    plan = bind(assemble(shelf, "made", Language({}, MODELS)))
    parts = {"plan": sold_data(plan.product), "terms": terms_data(plan), "tables": {"tables": {}}}
    for name, content in parts.items():
        (folder / f"{name}.json").write_text(json_text(HEAD | content), encoding="utf-8")
    claims = Claims(folder)
    given = {name: str(value) for name, value in policy.items() if name != "sum_insured"}
    held = of_all(given, ["5000", "20000"])
    for _ in range(2):
        happened = data.draw(happenings())
        events = [of_member(data.draw(st.integers(1, 2)), one) for one in happened]
        case = told_case(plan, held, events, pay_with(plan, held, events))
        expected = json.loads(json.dumps(case, default=str))
        assert claims.settle(expected.pop("policy"), expected.pop("events")) == expected
