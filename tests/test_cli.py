"""The command line: what each verb prints, and its exit code; a user never sees a traceback."""

import io
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from product_factory.columns import width
from tests.the_command import ROOT, covercast, inside

RISK = ("age=30", "sex=M", "term=20", "pay=20", "sum_insured=1000000")


def settings(*values):
    return [part for value in values for part in ("--set", value)]


@pytest.fixture
def shelf(tmp_path):
    """A copy of the shelf that a test may break."""
    import shutil

    shutil.copytree(ROOT / "products", tmp_path / "products")
    return tmp_path / "products"


def test_the_version_is_that_of_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert covercast("--version").stdout == f"covercast {project['version']}\n"


def test_help_names_every_verb_of_the_spine():
    shown = covercast("--help").stdout
    verbs = ("check", "build", "quote", "rate", "claim", "simulate", "stress", "word", "launch")
    assert [verb for verb in verbs if verb not in shown] == []


@pytest.mark.parametrize("product", ["term_life", "home"])
def test_a_product_of_the_shelf_passes_check(product, tmp_path):
    run = inside("check", product, "--no-cache", cwd=tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.endswith("no findings\n")


def test_the_whole_shelf_is_checked_and_reported_in_a_file(shelf, tmp_path):
    (shelf / "home" / "product.yaml").write_text("product: home\n", encoding="utf-8")
    arguments = ("check", "--all", "--no-cache", "--shelf", str(shelf))
    arguments += ("--format", "sarif", "-o", "out.sarif")
    run = inside(*arguments, cwd=tmp_path)
    assert run.returncode == 2
    assert "home: cannot be read\n" in run.stdout
    results = json.loads((tmp_path / "out.sarif").read_text("utf-8"))["runs"][0]["results"]
    assert "covercast/input" in {result["ruleId"] for result in results}
    read = next(result for result in results if result["ruleId"] == "covercast/input")
    spot = read["locations"][0]["physicalLocation"]["artifactLocation"]
    assert spot == {"uri": "products/home/product.yaml"}


def test_a_table_is_taken_from_a_workbook(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    for row in (("age", "q"), (18, 0.001), (19, 0.002)):
        book.active.append(row)
    book.save(tmp_path / "rates.xlsx")
    columns = "{age: {key: exact, type: age}, q: {type: ratio}}"
    arguments = ("take-table", "rates.xlsx", "-o", "tables/q.csv", "--source", "a memo")
    run = inside(*arguments, "--columns", columns, cwd=tmp_path)
    assert run.stdout == "tables/q.csv: 2 rows, 2 age\n", run.stderr
    assert (
        (tmp_path / "tables" / "q.csv").read_text("utf-8").endswith("age,q\n18,0.001\n19,0.002\n")
    )


def test_a_schema_is_printed_or_told_the_nearest(tmp_path):
    run = inside("schema", "waivers", cwd=tmp_path)
    assert json.loads(run.stdout)["title"] == "Covercast: waivers"
    run = inside("schema", "waiver", cwd=tmp_path)
    assert run.stderr == "unknown kind 'waiver'; did you mean 'waivers'?\n"


def test_what_cannot_be_read_goes_to_the_error_stream(shelf, tmp_path):
    run = inside("check", "hom", "--no-cache", "--shelf", str(shelf), cwd=tmp_path)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == "products: unknown product 'hom'; did you mean 'home'?\n"


def test_the_built_tables_are_those_of_their_inputs():
    run = inside("build", "term_life", "--check")
    assert run.returncode == 0, run.stdout


def test_the_last_line_of_a_worksheet_is_the_premium():
    run = inside("quote", "term_life", *settings(*RISK), "--explain")
    assert run.stdout.splitlines()[-1].split() == ["payable", "2456.00"]
    assert max(map(len, run.stdout.splitlines())) <= 80


def test_a_quote_in_json_holds_every_step():
    run = inside("quote", "term_life", *settings(*RISK), "--json")
    lines = json.loads(run.stdout)["lines"]
    assert [line["step"] for line in lines] == [
        "net_rate",
        "gross_rate",
        "rate",
        "premium",
        "payable",
    ]
    assert lines[-1]["value"] == 2456.0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["quote", "term_lief", *settings(*RISK)], 2, "products: unknown product 'term_lief'"),
        (["quote", "term_life", *settings("age=70", *RISK[1:])], 2, "age: expected 18 to 60"),
        (["quote", "term_life", *settings(*RISK[1:])], 2, "age: expected"),
        (["quote", "term_life", *settings("agee=30", *RISK)], 2, "did you mean 'age'?"),
        (["quote", "term_life", "--set", "age"], 2, "expected name=value"),
        (["quote", "term_life", "--set", "age=1", "--set", "age=2"], 2, "is given twice"),
        (
            ["quote", "term_life", *settings("age=45", "sex=M", "term=30", "pay=20", RISK[4])],
            1,
            "refused by 'ends_by_70'",
        ),
        (["quote", "term_life", "--on", "soon", *settings(*RISK)], 2, "a day such as 2026-03-01"),
        (["word", "home", "-o", "clause.txt"], 2, "expected a file that ends in .docx or .md"),
        (["claim", "home", "--events", "nowhere.yaml"], 2, "there is no such file"),
        (["rate", "home", "nowhere.csv", "-o", "out.csv"], 2, "nowhere.csv"),
        (["simulate", "home", "--scenario", "flod", "--years", "10"], 2, "unknown scenario"),
        (["simulate", "home", "--basis", "best", "--years", "10"], 2, "unknown basis"),
        (["quote", "term_life", "--language", "fr", *settings(*RISK)], 2, "'fr' is not one of"),
        (["quote", "x" * 5000, *settings(*RISK)], 2, "File name too long"),
        (["quote", "term_life", "--on", "", *settings(*RISK)], 2, "a day such as 2026-03-01"),
        (["simulate", "home", "--seed", str(2**64)], 2, "Invalid value for '--seed'"),
        (["simulate", "home", "--years", str(10**20)], 2, "Invalid value for '--years'"),
        (["quote"], 2, "Missing argument"),
        (["quote", "term_life", "--sett", "age=3"], 2, "No such option"),
    ],
)
def test_bad_input_is_a_line_and_a_code(arguments, code, said, tmp_path):
    run = inside(*arguments, cwd=tmp_path)
    assert run.returncode == code
    assert said in run.stderr


def test_a_stale_rate_table_says_what_to_run(shelf):
    bases = shelf / "term_life" / "bases.yaml"
    bases.write_text(bases.read_text(encoding="utf-8").replace("interest: 2.0%", "interest: 1.75%"))
    run = inside("quote", "term_life", "--shelf", str(shelf), *settings(*RISK))
    assert run.returncode == 2
    assert run.stderr == (
        "products/term_life/tables/built/net_rate.csv was built from other inputs; "
        "run: covercast build term_life\n"
        "  bases.cash_value.interest: 4% → 3.75%  products/term_life/bases.yaml:26:30\n"
        "  bases.pricing.interest: 2% → 1.75%  products/term_life/bases.yaml:2:13\n"
        "  bases.valuation.interest: 2% → 1.75%  products/term_life/bases.yaml:30:13\n"
    )
    assert inside("build", "term_life", "--shelf", str(shelf), "--check").returncode == 1
    assert inside("build", "term_life", "--shelf", str(shelf)).returncode == 0
    priced = inside("quote", "term_life", "--shelf", str(shelf), *settings(*RISK))
    assert priced.returncode == 0
    assert not priced.stdout.startswith("2456.00")


def test_every_problem_of_a_broken_product_is_told_with_its_place(shelf):
    file = shelf / "term_life" / "product.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("waiting: 90 days", "waiting: 200 days"), encoding="utf-8")
    run = inside("check", "term_life", "--no-cache", "--shelf", str(shelf))
    assert run.returncode == 2
    assert run.stderr == (
        "products/term_life/product.yaml:27:66: death.waiting: expected 180 days or less, "
        "got 200 days\n"
    )


def test_a_claim_is_explained_term_by_term(tmp_path):
    events = tmp_path / "storm.yaml"
    events.write_text(
        """policy:
  start: 2026-03-01
  city: xiamen
  construction: reinforced_concrete
  deductible: 500
  items:
    building: {value: 2000000, sum_insured: 1500000}
    contents: {value: 300000, sum_insured: 200000}
  premium: 952.00
events:
  - date: 2026-09-15
    event: typhoon.storm
    marks: {cause: accidental, loss: {building: 80000, contents: 30000}}
""",
        encoding="utf-8",
    )
    run = inside("claim", "home", "--events", str(events), "--explain")
    assert run.returncode == 0, run.stderr
    assert "57,000.00" in run.stdout.replace("57000.00", "57,000.00")
    assert "4,500" in run.stdout.replace("4500", "4,500")
    told = json.loads(inside("claim", "home", "--events", str(events), "--json").stdout)
    assert told["total"] == 85500.0


@pytest.mark.parametrize("suffix", [".md", ".docx"])
def test_a_wording_is_written_with_its_figures_traced(suffix, tmp_path):
    run = inside("word", "term_life", "-o", str(tmp_path / f"clause{suffix}"))
    assert run.returncode == 0, run.stdout + run.stderr
    assert "figures traced" in run.stdout
    assert (tmp_path / f"clause{suffix}").stat().st_size > 5000


def test_a_book_is_rated_and_its_bad_rows_are_told(tmp_path):
    book = tmp_path / "book.csv"
    book.write_text(
        "age,sex,term,pay,sum_insured\n30,M,20,20,1000000\n17,M,20,20,1000000\n30,X,20,20,1\n",
        encoding="utf-8",
    )
    run = inside("rate", "term_life", str(book), "-o", str(tmp_path / "out.csv"), "--json")
    assert run.returncode == 1
    counts = json.loads(run.stdout)
    assert (counts["rows"], counts["rated"], counts["rejected"]) == (3, 1, 2)
    assert "2456" in (tmp_path / "out.csv").read_text(encoding="utf-8")


def test_a_column_that_is_kept_is_passed_through(tmp_path):
    book = tmp_path / "book.csv"
    book.write_text(
        "age,sex,term,pay,sum_insured,seller\n30,M,20,20,1000000,=Chen\n", encoding="utf-8"
    )
    out = tmp_path / "new" / "out.csv"
    run = inside("rate", "term_life", str(book), "-o", str(out))
    assert run.returncode == 2
    assert "unknown column 'seller'; `--keep` keeps it" in run.stderr
    run = inside("rate", "term_life", str(book), "-o", str(out), "--keep", "seller")
    assert run.returncode == 0, run.stderr
    assert "'=Chen" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("30,\u7537,20\n", "expected 5 cells, got 3"),
        ("30,\u7537,20,20,1000000\n", "did you mean '\u7537' in GBK? Say `--encoding gbk`"),
    ],
)
def test_a_row_that_is_not_utf_8_is_a_reject_and_the_others_are_rated(row, reason, tmp_path):
    book = tmp_path / "book.csv"
    good = "age,sex,term,pay,sum_insured\n30,M,20,20,1000000\n"
    book.write_bytes(good.encode() + row.encode("gbk"))
    run = inside("rate", "term_life", str(book), "-o", str(tmp_path / "out.csv"))
    assert run.returncode == 1
    assert run.stdout.startswith("rows 2, rated 1, ")
    rejects = (tmp_path / "out.csv.rejects.csv").read_text("utf-8").splitlines()
    assert len(rejects) == 2
    assert rejects[1].startswith("2,")
    assert reason in rejects[1]


@pytest.mark.parametrize("verb", ["simulate", "launch"])
def test_a_folder_that_cannot_be_is_told_before_the_work(verb, tmp_path):
    (tmp_path / "taken").write_text("", encoding="utf-8")
    run = inside(verb, "home", "-o", "taken", "--years", "10000000", cwd=tmp_path)
    assert run.returncode == 2
    assert run.stdout == ""
    assert "taken: expected a folder for results" in run.stderr


def test_a_result_that_is_a_folder_is_told_and_leaves_nothing(tmp_path):
    book = tmp_path / "book.csv"
    book.write_text("age,sex,term,pay,sum_insured\n30,M,20,20,1000000\n", encoding="utf-8")
    (tmp_path / "out.csv").mkdir()
    run = inside("rate", "term_life", "book.csv", "-o", "out.csv", cwd=tmp_path)
    assert run.returncode == 2
    assert run.stderr == "out.csv: expected a file to write, got a folder\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book.csv", "out.csv"]


def test_a_product_without_gates_does_not_pass_check(shelf):
    (shelf / "home" / "gates.yaml").unlink()
    run = inside("check", "home", "--no-cache", "--shelf", str(shelf))
    assert run.returncode == 1
    assert "expected gates.yaml with at least one gate" in run.stdout


def test_json_of_few_years_keeps_to_the_standard():
    def refused(word):
        raise AssertionError(word)

    run = inside("simulate", "term_life", "--years", "3", "--json")
    told = json.loads(run.stdout, parse_constant=refused)
    assert told["measures"]["claims.value_at_risk 99%"]["error"] is None


def test_a_terminal_that_lacks_chinese_gets_escapes():
    run = subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), "show", "home"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        env={"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "latin-1", "HOME": str(Path.home())},
    )
    assert run.returncode == 0
    assert run.stdout.startswith(rb"\u5bb6")


def test_simulate_needs_no_book_and_says_so(tmp_path):
    run = covercast("simulate", "term_life", "--years", "20", "-o", str(tmp_path / "out"))
    assert run.returncode == 0, run.stderr
    assert "portfolio: generated" in run.stdout
    assert (tmp_path / "out" / "years.parquet").is_file()


def test_rules_are_listed_with_their_law():
    rows = json.loads(inside("rules", "--json").stdout)["rules"]
    assert len(rows) >= 100
    assert all(row["law"] for row in rows)


def test_a_rule_is_shown_with_its_thresholds():
    run = inside("rules", "cn/grace")
    assert run.returncode == 0
    assert "from 2009-10-01  60 days  (read) 保险法 第三十六条" in run.stdout
    assert inside("rules", "cn/graze").returncode == 2


def test_the_states_of_a_contract_are_shown_and_drawn(tmp_path):
    shown = ("show", "critical_illness", "--graph", "states")
    run = inside(*shown)
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines()[1] == "12 living states"
    run = inside(*shown, "-o", str(tmp_path / "states.svg"))
    assert run.stdout.endswith("states.svg: 12 living states\n"), run.stderr
    assert (tmp_path / "states.svg").read_text("utf-8").startswith("<?xml")
    run = inside(*shown, "-o", str(tmp_path / "states.doc"))
    assert run.returncode == 2
    assert run.stderr.endswith("states.doc: expected a file that ends in .svg or .png\n")
    run = inside("show", "critical_illness", "-o", str(tmp_path / "states.svg"))
    assert (run.returncode, run.stderr) == (2, "-o: expected together with --graph\n")


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_of_80_columns_gets_no_longer_line(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    for arguments in (["check", "term_life", "--no-cache"], ["simulate", "home", "--years", "9"]):
        whole = inside(*arguments).stdout.splitlines()
        told = inside(*arguments, stream=Terminal).stdout.splitlines()
        assert max(map(width, whole)) > 80, "a pipe gets lines whole"
        assert max(map(width, told)) <= 80
        assert "".join("".join(told).split()) == "".join("".join(whole).split())


def test_a_picture_in_chinese_says_where_no_font_can_show_it(tmp_path, monkeypatch):
    drawn = ("show", "home", "--graph", "modules", "-o", str(tmp_path / "x.svg"))
    monkeypatch.setattr("sandbox.results.plots.canvas.chinese_font", lambda: None)
    run = inside(*drawn, "--language", "zh")
    assert run.returncode == 0
    assert run.stderr.startswith("no Chinese font was found, so the picture is in English; install")
    assert inside(*drawn).stderr == ""
    monkeypatch.setattr("sandbox.results.plots.canvas.chinese_font", lambda: "DejaVu Sans")
    assert inside("show", "home", "--language", "zh").stderr == ""


def test_show_tells_values_and_what_they_are_read_from():
    lines = inside("show", "term_life").stdout.splitlines()
    place = next(n for n, line in enumerate(lines) if line.startswith("  suicide_period"))
    assert lines[place].split() == ["suicide_period", "2", "years", "default"]
    assert lines[place + 1].strip() == "cn.life.suicide_period since 2009-10-01"
    terms = json.loads(inside("show", "term_life", "--json").stdout)["terms"]
    read = next(term for term in terms if term["term"] == "statutory.suicide_period")
    assert read["value"] == "cn.life.suicide_period"
    assert read["parameter"]["value"] == "2 years"
    assert (
        "deductible               chosen: 10000, 20000" in inside("show", "million_medical").stdout
    )
