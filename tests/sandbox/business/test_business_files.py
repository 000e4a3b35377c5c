"""A business on the command line: what it writes, what it proves, and what it refuses."""

import json
import re

import numpy as np
import pyarrow.parquet as pq
import pytest

from product_factory.errors import BadInput
from sandbox.business.told import business_lines
from sandbox.measures.exact import exact_sum
from tests.sandbox.business.mixed import BY_YEAR, COASTS, LIVES, PAIR, TITLE, TWO, bound, made, pair
from tests.the_command import inside

PRICING = ("--basis", "pricing")
RUN = ("--years", "40", "--seed", "5", "--threads", "1")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A run with everything beside it: a programme, segments, measures, a scenario."""
    place = tmp_path_factory.mktemp("business")
    (place / "b.yaml").write_text(TWO + BY_YEAR, encoding="utf-8")
    more = ("--by", "home.city", "--scenario", "severity_plus_10")
    more += ("--measure", "{figure: net_claims, measure: {kind: skewness}}")
    more += ("--allocate", "{by: product}", "--allocate", "{by: home.city}")
    done = inside("simulate", "b.yaml", *RUN, *more, "-o", "out", cwd=place)
    assert done.returncode == 0, done.stderr
    (place / "said.txt").write_text(done.stdout, encoding="utf-8")
    return place


def test_the_files_tell_products_and_all_together(folder):
    out = folder / "out"
    assert not (out / ".blocks").exists()
    table = pq.read_table(out / "years.parquet")
    names = table.column_names
    assert {"paid: home.fire", "paid: product=home", "premium: product=million_medical"} <= {*names}
    assert any(name.startswith("paid: home.city=") for name in names)
    told = json.loads((out / "products.json").read_text(encoding="utf-8"))
    assert list(told["products"]) == ["home", "million_medical"]
    for name, one in told["products"].items():
        paid = table[f"paid: product={name}"].to_numpy()
        assert one["measures"]["claims.mean"]["value"] == pytest.approx(exact_sum(paid) / 40)
        assert "net claims.mean" in one["measures"]
    alone = told["diversification"]["alone"]
    joint = json.loads((out / "figures.json").read_text())["measures"]
    assert set(alone) == {"home", "million_medical"}
    tail = joint["claims.tail_value_at_risk 99%"]["value"]
    assert told["diversification"]["joint"]["value"] == tail
    net = pq.read_table(out / "net.parquet")["paid"].to_numpy()
    means = [one["measures"]["net claims.mean"]["value"] for one in told["products"].values()]
    assert sum(means) == pytest.approx(net.mean())


def test_parts_by_product_are_the_whole(folder):
    answers = json.loads((folder / "out" / "answers.json").read_text(encoding="utf-8"))
    parts = answers["allocations"]["claims.tail_value_at_risk 99% by product"]
    measures = json.loads((folder / "out" / "figures.json").read_text())["measures"]
    whole = measures["claims.tail_value_at_risk 99%"]["value"]
    assert sum(one["value"] for one in parts.values()) == pytest.approx(whole)


def test_the_report_tells_products_by_their_titles(folder):
    page = (folder / "out" / "report.html").read_text(encoding="utf-8")
    assert "By product" in page
    assert "Home insurance" in page
    assert "diversification" in page
    assert "sha256" in page  # the products with their hashes
    done = inside("simulate", "b.yaml", *RUN, "-o", "zh", "--language", "zh", cwd=folder)
    assert done.returncode == 0, done.stderr
    page = (folder / "zh" / "report.html").read_text(encoding="utf-8")
    assert "按产品" in page
    assert "家庭财产保险" in page
    assert "分散效应" in page


def test_what_is_printed_fits_the_terminal(folder):
    said = (folder / "said.txt").read_text(encoding="utf-8").splitlines()
    assert said[0] == "two: 2 products, amounts in CNY"
    long = [line for line in said if len(line) > 80 and "portfolio:" not in line]
    assert all(line.startswith("  quota ") for line in long)  # as those of one product
    assert any(line.startswith("its programme takes the place of those of: home") for line in said)


def test_a_manifest_proves_every_byte(folder):
    done = inside("rerun", "out/manifest.json", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("every byte is the same\n")
    told = json.loads((folder / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert told["business"] == "two"
    assert [line.partition(":")[0] for line in told["products"]] == ["home", "million_medical"]
    assert all(len(re.findall("[0-9a-f]{64}", line)) == 2 for line in told["products"])


def test_a_business_or_a_product_that_is_another_is_not_proved(folder, tmp_path):
    for name in ("manifest.json", "business.yaml"):
        (tmp_path / name).write_bytes((folder / "out" / name).read_bytes())
    told = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    other = {**told, "products": [told["products"][0].replace("sha256 ", "sha256 0"), "x"]}
    (tmp_path / "manifest.json").write_text(json.dumps(other), encoding="utf-8")
    done = inside("rerun", "manifest.json", cwd=tmp_path)
    assert done.returncode == 1
    assert "was home: home 2026" in done.stdout
    text = (tmp_path / "business.yaml").read_text(encoding="utf-8")
    (tmp_path / "business.yaml").write_text(text.replace("20%", "21%"), encoding="utf-8")
    done = inside("rerun", "manifest.json", cwd=tmp_path)
    assert done.returncode == 1
    assert "business.yaml: its hash was" in done.stdout
    (tmp_path / "business.yaml").unlink()
    done = inside("rerun", "manifest.json", cwd=tmp_path)
    assert done.returncode == 2
    assert "expected the business that 'simulate -o' keeps here" in done.stderr


def test_books_stand_beside_the_file_and_are_asked_for_again(tmp_path):
    root = pair(tmp_path, currency="USD")
    (tmp_path / "books").mkdir()
    ages = "\n".join(f"{age}" for age in (30, 40, 40, 99))
    (tmp_path / "books" / "own.csv").write_text(f"age\n{ages}\n", encoding="utf-8")
    text = PAIR.replace("tiny: {}", "tiny: {book: own.csv}")
    (tmp_path / "books" / "b.yaml").write_text(text, encoding="utf-8")
    shelf = ("--shelf", str(root))
    done = inside("simulate", "books/b.yaml", *RUN, *shelf, *PRICING, "-o", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "tiny, portfolio: own.csv; 3 policies in 2 cells" in done.stdout
    assert "1 left out: rejected" in done.stdout
    assert "other, stream other, 1 USD at 7.1, portfolio: generated" in done.stdout
    asked = inside("rerun", "out/manifest.json", *shelf, cwd=tmp_path)
    assert asked.returncode == 2
    assert "expected the folder that holds own.csv, as the second argument" in asked.stderr
    again = inside("rerun", "out/manifest.json", "books", *shelf, cwd=tmp_path)
    assert again.returncode == 0, again.stdout
    (tmp_path / "books" / "own.csv").write_text("age\n30\n", encoding="utf-8")
    other = inside("rerun", "out/manifest.json", "books", *shelf, cwd=tmp_path)
    assert other.returncode == 1
    assert "was tiny: tiny 1.0.0" in other.stdout


@pytest.mark.parametrize(
    ("held", "says"),
    [
        ("agee\n30\n", r"expected the column 'age'\n.*unknown column 'agee'"),
        ("", r"."),
    ],
)
def test_what_is_wrong_with_a_book_is_told_at_its_entry_and_with_its_file(tmp_path, held, says):
    root = pair(tmp_path)
    (tmp_path / "own.csv").write_text(held, encoding="utf-8")
    text = PAIR.replace("exchange: {USD: 7.1}\n", "").replace("tiny: {}", "tiny: {book: own.csv}")
    with pytest.raises(BadInput, match=says) as raised:
        bound(text, where=root, folder=tmp_path, basis="pricing")
    for problem in raised.value.problems:
        assert str(problem).startswith("b.yaml:4:16: products.tiny.book: ")
        assert f"{tmp_path / 'own.csv'}" in problem.text


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("home:", "hom:", r"b.yaml:4:8: products.hom: unknown product 'hom'; did you mean 'home'"),
        ("home:", "product:", r"b.yaml:4:12: products.product: 'product' is what figures by"),
        (
            "{policies: 60}",
            "",
            r"products.home: expected keys with values, {} for its own portfolio",
        ),
        ("policies: 60}", "policy: 60}", r"b.yaml:4:10: .*unknown key 'policy'.*'policies'"),
        ("policies: 60}", "policies: 0}", r"b.yaml:4:20: .*expected 1 to 10000000, got 0"),
        (
            "policies: 60}",
            "policies: 60, book: x.csv}",
            r"b.yaml:4:20: .*'policies' is of",
        ),
        ("policies: 60}", "book: none.csv}", r"b.yaml:4:16: products.home.book: there is no such"),
        (
            "products:",
            "currency: USD\nproducts:",
            r"home is in CNY and the business in USD",
        ),
        (
            "products:",
            "exchange: {USD: 7}\nproducts:",
            r"a currency of a product, got USD",
        ),
        ("products:", "exchange: {CNY: 2}\nproducts:", r"expected 1 for CNY, the currency of the"),
        ("products:", "currency: RMB\nproducts:", r"b.yaml:3:11: currency: .*did you mean CNY"),
        ("products:", "basis: best\nproducts:", r"b.yaml:3:8: basis: unknown basis 'best'"),
        ("products:", "on: 2026-13-01\nproducts:", r"b.yaml:3:5: on: expected a day such as"),
        ("business: two", "business: my two", r"b.yaml:1:11: business: expected a word of letters"),
        ("products:", "products: {}\nmore:", r"b.yaml:3:11: products: expected at least one"),
        ("business: two", "product: two", r"b.yaml:1:1: expected a business of several products"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(old, new, says):
    basis = "best" if "basis" in new else "best_estimate"
    with pytest.raises(BadInput, match=says):
        bound(TWO.replace(old, new, 1), basis=basis)


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (("book.csv",), 2, "a book: expected with a product, got it with the business b.yaml"),
        (("--until", "{figure: largest_claim, error: 1}"), 2, "expected a figure of all products"),
        (("--full-report",), 2, "--full-report: expected with -o"),
        (("--by", "coty"), 2, "--by: no product is classified by 'coty'; did you mean 'city'"),
        (("--by", "hom.city"), 2, "--by: unknown product 'hom' of the classification"),
        (("--allocate", "{by: city}"), 2, "expected cover, product, or a classification of one"),
        (("--scenario", "no_lapse"), 2, "no_lapse"),
        (("--on", "2026-04-01"), 2, "--on: expected 2026-03-01, as the business states it"),
        (("--basis", "valuation"), 2, "--basis: expected pricing, as the business states it"),
        (("--measure", "{figure: net_claims}"), 0, ""),
    ],
)
def test_options_that_do_not_fit_are_told_in_a_line(tmp_path, options, code, says):
    text = TWO.replace("products:", "basis: pricing\non: 2026-03-01\nproducts:")
    (tmp_path / "b.yaml").write_text(text, encoding="utf-8")
    done = inside("simulate", "b.yaml", *RUN, *options, cwd=tmp_path)
    assert done.returncode == code, done.stderr
    assert says in done.stdout + done.stderr
    assert code == 0 or len(done.stderr.splitlines()) == 1


def test_a_full_report_tells_scenarios_of_all_and_an_error_that_is_not_reached(tmp_path):
    (tmp_path / "b.yaml").write_text(LIVES, encoding="utf-8")
    until = ("--until", "{error: 1e-9, most: 41}")
    asked = ("simulate", "b.yaml", *RUN, *until, "-o")
    done = inside(*asked, "out", "--full-report", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "NOT reached, about " in done.stdout
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Scenarios" in page
    assert "mortality_plus_15" in page
    assert inside(*asked, "plain", cwd=tmp_path).returncode == 1
    for name in ("years.parquet", "figures.json", "manifest.json"):
        wrote = [(tmp_path / each / name).read_bytes() for each in ("out", "plain")]
        assert wrote[0] == wrote[1]
    assert "Scenarios" not in (tmp_path / "plain" / "report.html").read_text(encoding="utf-8")
    assert not (tmp_path / "out" / ".blocks").exists()


def test_a_file_that_is_none_is_told(tmp_path):
    assert inside("simulate", "none.yaml", cwd=tmp_path).returncode == 2
    (tmp_path / "b.yaml").write_text(TWO, encoding="utf-8")
    done = inside("adequacy", "b.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert "expected a product, got the file b.yaml; simulate and stress take files" in done.stderr
    done = inside("stress", "none.yaml", "--tornado", cwd=tmp_path)
    assert done.returncode == 2
    assert "--tornado: expected with a product, got it with the business" in done.stderr


def test_scenarios_are_told_with_the_error_of_their_change(folder):
    both = "frequency_plus_20+severity_plus_10"
    names = ("--scenario", "severity_plus_10", "--scenario", both)
    done = inside("stress", "b.yaml", *names, *RUN, "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["unshocked"] == {"severity_plus_10": [], both: []}
    rows = told["scenarios"]
    assert {row["scenario"] for row in rows} == {"severity_plus_10", both}
    wanted = ("severity_plus_10", "claims_over_premium", "mean")
    claims, net, bought = [
        row for row in rows if (row["scenario"], row["figure"], row["measure"]) == wanted
    ]
    assert (claims["side"], net["side"], bought["side"]) == ("gross", "net", "bought")
    figures = json.loads((folder / "out" / "figures.json").read_text(encoding="utf-8"))
    due = figures["measures"]["claims_over_premium.mean"]["value"]
    assert claims["shocked"]["value"] == due
    assert 0.0 < claims["difference"]["error"] < claims["base"]["error"]
    answers = json.loads((folder / "out" / "answers.json").read_text(encoding="utf-8"))
    ratio = next(
        row
        for row in rows
        if (row["scenario"], row["figure"], row["side"])
        == ("severity_plus_10", "combined_ratio", "bought")
    )
    assert ratio["shocked"] == answers["bought"]["combined_ratio.mean"]["change"]


def test_a_stress_test_of_a_business_is_proved_again_and_names_what_it_leaves_alone(tmp_path):
    (tmp_path / "b.yaml").write_text(TWO + BY_YEAR, encoding="utf-8")
    own = """
scenario: mine
title: {zh: 自, en: Mine}
changes: [{kind: frequency, cover: fire, times: 150%, reference: test, trust: illustrative}]
"""
    (tmp_path / "mine.yaml").write_text(own, encoding="utf-8")
    names = ("--scenario", "mine.yaml", "--scenario", "severity_plus_10")
    done = inside("stress", "b.yaml", *names, *RUN, "-o", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "mine: changes nothing of million_medical\n" in done.stdout
    told = json.loads((tmp_path / "out" / "stress.json").read_text(encoding="utf-8"))
    assert told["unshocked"] == {"mine": ["million_medical"], "severity_plus_10": []}
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["programme"] == ["quota", "stop"]
    again = inside("rerun", "out/manifest.json", cwd=tmp_path)
    assert again.returncode == 0, again.stderr + again.stdout
    assert "every byte is the same" in again.stdout
    command = [*manifest["command"][1:], "--threads", "1", "-o", "again"]
    made = inside(*command, cwd=tmp_path / "out")
    assert made.returncode == 0, made.stderr
    for name in ("stress.json", "stress.csv", "manifest.json", "scenario_mine.yaml"):
        first = (tmp_path / "out" / name).read_bytes()
        assert first == (tmp_path / "out" / "again" / name).read_bytes(), name
    kept = tmp_path / "out" / "business.yaml"
    kept.write_text(kept.read_text(encoding="utf-8").replace("20%", "21%"), encoding="utf-8")
    assert inside("rerun", "out/manifest.json", cwd=tmp_path).returncode == 1


def test_one_set_of_storms_goes_by_one_name(tmp_path):
    """A scenario that changes storms of one product only would part them."""
    done = made(COASTS)
    assert np.array_equal(
        done.runs["home"].details.storm_year, done.runs["coast"].details.storm_year
    )
    assert any("diversification" in line for line in business_lines(done))


def test_the_title_is_bilingual():
    with pytest.raises(BadInput, match=r"title: expected keys with values such as"):
        bound(TWO.replace(TITLE, "title: Two\n"))
