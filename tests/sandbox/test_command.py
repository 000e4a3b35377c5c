"""The command of a manifest makes the very files again, wherever it and the run are asked for."""

import json
import shlex

import pytest

from sandbox.results.command import command_line, command_of
from sandbox.results.manifest import Manifest
from tests.sandbox.dependence.dependence_texts import HEAD, shared
from tests.the_command import inside

BOOK = "policy,age,sex,ssi,deductible\n" + "".join(
    f"p{n},{20 + n},{'MF'[n % 2]},member,{10000 * (1 + n % 2)}\n" for n in range(40)
)
CLAIM = "event: illness.treatment"
CHANGE = f"{{kind: frequency, {CLAIM}, times: 120%, reference: r, trust: illustrative}}"
OWN = f"scenario: own\ntitle: {{zh: 我, en: Mine}}\nchanges:\n  - {CHANGE}\n"
MEASURE = "figure: claims\nmeasure: {kind: skewness}"
KNOWN = "{name: more, kind: frequency, times: {error: 5%}, reference: r, trust: illustrative}"
BROKEN = (
    f"{{name: more, shock: {{kind: frequency, {CLAIM}, times: [100%, 900%]}},"
    " until: {figure: claims_over_premium, at_least: 90%}}"
)
TIED = HEAD + shared("[million_medical.inpatient, million_medical.special_outpatient]")
HISTORY = "year,policies,line,claims\n" + "".join(
    f"{year},1000,illness.treatment,{80 + 7 * (year % 3)}\n" for year in range(2015, 2022)
)
FILES = {"book.csv": BOOK, "own.yaml": OWN, "m.yaml": MEASURE, "tied.yaml": TIED, "h.csv": HISTORY}
WORK = ("million_medical", "book.csv", "--years", "20")
VERBS = {
    "run": (
        *(
            "simulate",
            *WORK[:2],
            "--years",
            "121",
            "--seed",
            "9",
            "--horizon",
            "3",
            "--by",
            "sex,ssi",
            "--by",
            "sex",
        ),
        *("--basis", "pricing", "--on", "2026-05-01", "--measure", "m.yaml"),
        *("--allocate", "{measure: {kind: wang, price_of_risk: 0.5}, by: [ssi]}"),
        *("--sizes", "ground_up:1000,5000", "--scenario", "severity_plus_10+./own.yaml"),
    ),
    "scenarios": ("stress", *WORK, "--scenario", "own.yaml", "--scenario", "severity_plus_10"),
    "reverse": ("stress", *WORK, "--reverse", BROKEN),
    "tornado": ("stress", *WORK, "--tornado", "--uncertainty", KNOWN),
    "sobol": ("stress", *WORK, "--sobol", "8", "--uncertainty", KNOWN),
    "adequacy": ("adequacy", *WORK, "--by", "sex", "--target", "1%"),
    "backtest": ("backtest", "million_medical", "h.csv", "book.csv", "--years", "40"),
    "run_offs": ("simulate", "term_life", "--years", "4", "--horizon", "3"),
}


def manifest(folder):
    return json.loads((folder / "manifest.json").read_bytes())


@pytest.mark.parametrize("name", VERBS)
def test_the_command_of_a_manifest_makes_the_same_files(name, tmp_path):
    for file, text in FILES.items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    done = inside(*VERBS[name], "-o", "out", cwd=tmp_path)
    assert done.returncode in (0, 1), done.stderr
    then = manifest(tmp_path / "out")
    (tmp_path / "out" / "book.csv").write_text(BOOK, encoding="utf-8")
    assert then["command"][0] == "covercast"
    assert not any("/" in word for word in then["command"] if "{" not in word)
    again = inside(*then["command"][1:], "-o", "again", cwd=tmp_path / "out")
    assert again.returncode == done.returncode, again.stderr
    now = manifest(tmp_path / "out" / "again")
    assert now["files"] == then["files"]
    assert now["files"]
    assert now["command"] == then["command"]


def test_a_manifest_is_the_same_wherever_and_however_a_run_is_asked_for(tmp_path):
    for file, text in FILES.items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    common = ("--years", "20", "--horizon", "2")
    for cwd, out, book, own, threads in (
        (tmp_path, "here", "book.csv", "own.yaml", "1"),
        (elsewhere, "there", "../book.csv", f"{tmp_path}/own.yaml", "2"),
    ):
        verb = ("simulate", "million_medical", book, *common, "--threads", threads)
        tied = ("--scenario", own, "--measure", str(tmp_path / "m.yaml"))
        assert inside(*verb, *tied, "-o", out, cwd=cwd).returncode == 0
    here = (tmp_path / "here" / "manifest.json").read_bytes()
    assert (elsewhere / "there" / "manifest.json").read_bytes() == here
    assert str(tmp_path).encode() not in here


def test_a_shell_takes_the_command_as_it_is_written():
    one = Manifest(
        product="home",
        product_hash="0",
        portfolio="my book.csv, sha256 0",
        years=5,
        seed=3,
        basis="best_estimate",
        version="0",
        horizon=2,
        dependence="tied",
        measures=("figure: claims",),
    )
    words = command_of(one, ("figures.json",))
    assert shlex.split(command_line(one, ("figures.json",))) == words
    assert words[:5] == ["covercast", "simulate", "home", "my book.csv", "--years"]
    assert words[5] == "10"  # ten years are five rows of two
    assert words[-6:] == [
        *("--dependence", "dependence.yaml", "--horizon", "2", "--measure", "figure: claims\n")
    ]
