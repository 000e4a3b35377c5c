"""uses, lock, publish, log, diff, check --locked and --as-of: what they print and their codes."""

import json

import pytest

from tests.the_command import covercast, inside

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """A copy of the shelf in which one product goes through its life."""
    import shutil

    from product_factory.shelf import installed

    root = tmp_path_factory.mktemp("shelf") / "products"
    shutil.copytree(installed(), root)
    file = root / "home/product.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("for_sale: no", "for_sale: no\ndrafted: 2026-01-05"), "utf-8")
    return root


def run(shelf, *arguments, cwd=None):
    return inside(*arguments, "--shelf", str(shelf), cwd=cwd or shelf.parent)


def test_the_life_of_a_product_from_draft_to_its_second_version(shelf):
    """One test, since each step stands on the one before."""
    drifted = run(shelf, "check", "home", "--locked")
    assert drifted.returncode == 1
    assert "lock value drafted: metadata added: 2026-01-05" in drifted.stdout

    locked = run(shelf, "lock", "home")
    assert locked.returncode == 0
    assert locked.stdout.startswith("home 2026.1.0 on 2026-03-01: locked\nhash ")
    assert run(shelf, "check", "home", "--locked").returncode == 0

    assert run(shelf, "publish", "home").returncode == 2  # a day must be given
    published = run(shelf, "publish", "home", "--on", "2026-03-01")
    assert published.stdout == "home 2026.1.0: published on 2026-03-01\n"
    again = run(shelf, "publish", "home", "--on", "2026-03-09", "--json")
    assert json.loads(again.stdout)["new"] is False

    file = shelf / "home/product.yaml"
    text = file.read_text(encoding="utf-8").replace("event_limit: 20000", "event_limit: 30000")
    file.write_text(text, "utf-8")
    assert run(shelf, "lock", "home", "--json").returncode == 0
    refused = run(shelf, "publish", "home", "--on", "2026-04-01")
    assert refused.returncode == 2
    assert "is published with other content: benefit 1; raise it to 2027.0.0" in refused.stderr

    differs = run(shelf, "diff", "home@2026.1.0", "home")
    assert differs.returncode == 1
    line = next(n for n, one in enumerate(text.split("\n"), 1) if "event_limit: 30000" in one)
    column = text.split("\n")[line - 1].index("30000") + 1
    assert differs.stdout.splitlines() == [
        "home 2026.1.0 → home 2026.1.0: benefit 1",
        "benefit  changed covers.theft.terms.event_limit",
        "  - 20000",
        f"      products/home/product.yaml:{line}:{column}",
        "  + 30000",
        f"      products/home/product.yaml:{line}:{column}",
    ]
    told = run(shelf, "diff", "home@2026.1.0", "home", "--format", "markdown").stdout
    assert "| benefit | changed | `covers.theft.terms.event_limit` |" in told
    for flag in (["--json"], ["--format", "json"]):
        data = json.loads(run(shelf, "diff", "home@2026.1.0", "home", *flag).stdout)
        assert data[0]["counts"] == {"benefit": 1}

    file.write_text(text.replace("version: 2026.1.0", "version: 2027.0.0"), "utf-8")
    run(shelf, "lock", "home")
    assert run(shelf, "publish", "home", "--on", "2026-06-01").returncode == 0
    log = run(shelf, "log", "home")
    assert log.stdout.splitlines()[0] == "2027.0.0  2026-06-01  benefit 1, metadata 1"
    assert log.stdout.splitlines()[-2:] == [
        "2026.1.0  2026-03-01  the first version",
        "from draft to launch: 55 days, drafted on 2026-01-05",
    ]
    data = json.loads(run(shelf, "log", "home", "--json").stdout)
    assert (data["days_to_launch"], len(data["versions"])) == (55, 2)


def test_a_product_and_a_shelf_differ_from_nothing_but_what_changed(shelf):
    assert covercast("diff", "home", "home").returncode == 0  # as a process of its own, once
    same = inside("diff", "term_life", str(shelf / "term_life"))
    assert (same.returncode, same.stdout) == (
        0, "term_life 2026.1.0 → term_life 2026.1.0: nothing differs\n"
    )  # fmt: skip
    whole = inside("diff", str(shelf.parent), str(shelf))
    assert whole.returncode == 0
    assert "home" in whole.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["diff", "hom", "home"], "unknown product 'hom'; did you mean 'home'?"),
        (["diff", "home@9.9.9", "home"], "'home' has no published version 9.9.9"),
        (["diff", "home@", "home"], "'home' has no published version"),
        (["uses", "cn.life.grace"], "unknown parameter or table 'cn.life.grace'; did you mean"),
        (["check"], "expected the names of products, or --all"),
        (["lock"], "expected the names of products, or --all"),
        (["check", "home", "--as-of", "soon"], "expected a day such as 2026-03-01, got soon"),
        (["publish", "home", "--on", "soon"], "expected a day such as 2026-03-01, got soon"),
        (["log", "hom"], "unknown product 'hom'; did you mean 'home'?"),
        (["lock", "hom"], "unknown product 'hom'; did you mean 'home'?"),
    ],
)
def test_bad_input_is_a_line_and_a_code(arguments, said, tmp_path):
    done = inside(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_folder_of_products_has_no_version(shelf, tmp_path):
    done = inside("diff", f"{shelf}@1.0.0", "home", cwd=tmp_path)
    assert done.returncode == 2
    assert "expected one product before '@', got a folder of" in done.stderr


def test_uses_names_modules_rules_and_clauses_with_their_places():
    done = inside("uses", "cn.life.grace_min")
    assert done.returncode == 0
    assert "module   life/grace_and_reinstatement  terms.grace.min" in done.stdout
    assert "rule     cn/grace  check" in done.stdout
    data = json.loads(inside("uses", "cn_law.claim_decision_max", "--json").stdout)
    assert {use["kind"] for use in data["uses"]} == {"clause"}
    tables = json.loads(inside("uses", "cl_2010_2013", "--json").stdout)
    assert {"basis"} <= {use["kind"] for use in tables["uses"]}


def test_check_as_of_tells_every_product_and_ends_with_findings_where_one_breaks():
    done = inside("check", "--as-of", "2027-01-01")
    assert done.returncode == 1
    assert done.stdout.startswith("as of 2027-01-01, with expected values in force\n")
    one = inside("check", "home", "--as-of", "2027-01-01", "--json")
    assert one.returncode == 0
    assert [p["product"] for p in json.loads(one.stdout)["products"]] == ["home"]
