"""Runs whose years are drawn together: law 1, the same bytes, made again, and what is refused."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from product_factory.errors import BadValue
from sandbox.execution import Execution, Store
from sandbox.figures import FIGURES, segment_tables
from sandbox.laws.same import fingerprint
from sandbox.measures import Mean, estimated
from sandbox.measures.replicates import Replicated
from sandbox.portfolio.generate import generate
from sandbox.questions import questions_of
from sandbox.rerun import rerun
from sandbox.results import read_manifest
from sandbox.run import simulate
from sandbox.sampling import PLAIN, SAMPLINGS, find_sampling
from sandbox.told import run_lines, run_told
from tests.sandbox.shipped import product, small
from tests.sandbox.shop import expected_claims, shop
from tests.the_command import inside

TOGETHER = [kind for kind in SAMPLINGS if kind != PLAIN.KIND]
YEARS = 320
SOME = 4
HEAD = (
    "id,city,construction,deductible,building.value,building.sum_insured,"
    "contents.value,contents.sum_insured\n"
)
HOME = "{0},{0},brick_concrete,500,1000000,1000000,200000,200000\n"
RUIN = "{figure: profit, measure: {kind: ruin, capital: 1e5, years: 4}}"


@pytest.fixture(scope="module")
def bikes(tmp_path_factory):
    return shop(tmp_path_factory.mktemp("shop"))


@pytest.fixture(scope="module")
def homes():
    asked = questions_of(
        product("home"),
        ("{figure: profit, measure: {kind: return_on_capital, capital: 5e6}}",),
        ("{measure: {kind: tail_value_at_risk, level: 0.9}, by: [zone]}",),
    )

    def run(kind, **change):
        how = {"years": YEARS, "seed": 7, "questions": asked, **change}
        return simulate(product("home"), small("home", 60), sampling=find_sampling(kind), **how)

    return {kind: run(kind) for kind in TOGETHER} | {"again": run}


@pytest.mark.parametrize("kind", sorted(SAMPLINGS))
def test_the_mean_is_the_exact_one(kind, bikes):
    run = simulate(bikes, years=10_240, seed=5, sampling=find_sampling(kind))
    exact = sum(expected_claims(generate(bikes).cells).values())
    one = run.measures["claims.mean"]
    assert abs(one.value - exact) <= 4.5 * one.error
    assert one.error < 0.03 * exact


@pytest.mark.parametrize("runs", [60, pytest.param(1_000, marks=pytest.mark.prove)])
@pytest.mark.parametrize("kind", TOGETHER)
def test_intervals_of_whole_runs_hold_the_exact_mean(kind, runs, tmp_path_factory):
    """Bills that vary: cv 2, so that one claim is a tenth of a year."""
    bikes = shop(tmp_path_factory.mktemp("shop"), severity="{kind: lognormal, mean: 1000, cv: 2}")
    portfolio = generate(bikes)
    exact = sum(expected_claims(portfolio.cells).values())
    found = [
        simulate(bikes, portfolio, years=160, seed=seed, sampling=find_sampling(kind))
        for seed in range(runs)
    ]
    means = [run.measures["claims.mean"] for run in found]
    held = np.mean([one.low <= exact <= one.high for one in means])
    assert held >= 0.95 - 4.5 * math.sqrt(0.95 * 0.05 / runs)
    spread = np.std([one.value for one in means], ddof=1)
    assert math.sqrt(np.mean([one.error**2 for one in means])) == pytest.approx(spread, rel=0.4)


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
def test_where_counts_are_all_the_variance_vanishes(kind, bikes):
    """Each cell's claims are a monotone function of one number: between strata nothing is left."""
    one = simulate(bikes, years=10_240, seed=5, sampling=find_sampling(kind))
    assert one.measures["claims.mean"].reduction_low > 20.0


@pytest.mark.parametrize("kind", TOGETHER)
def test_the_same_input_gives_the_same_bytes_for_any_threads_and_blocks(kind, homes):
    """Blocks of 7 and of 77 years split pairs and replicates of 16."""
    first = homes[kind]
    for threads, block in ((1, 7), (2, 77)):
        again = homes["again"](kind, execution=Execution.on(threads, block))
        assert fingerprint(again.table) == fingerprint(first.table)
        assert again.data() == first.data()


@pytest.mark.parametrize("kind", TOGETHER)
def test_a_stopped_run_goes_on_to_the_same_bytes(kind, homes, tmp_path):
    """Stopped after a few blocks, which are taken; of another number of years none is."""
    told = []

    def stop(_rows):
        if len(list(tmp_path.rglob("*"))) > SOME:
            raise KeyboardInterrupt

    def run(progress=None, **change):
        store = Store(tmp_path)
        how = Execution(store=store, block=32, memory=1 << 40, progress=progress, tell=told.append)
        try:
            return homes["again"](kind, execution=how, **change)
        finally:
            store.close()

    with pytest.raises(KeyboardInterrupt):
        run(stop)
    assert run().data() == homes[kind].data()
    assert any("blocks are taken" in line for line in told)
    told.clear()
    run(years=2 * YEARS)
    assert any("sampling was" in line for line in told)
    assert not any("are taken" in line for line in told)


@pytest.mark.parametrize("kind", TOGETHER)
def test_policies_at_a_new_site_move_no_draw_of_the_others(kind, tmp_path):
    """Storms are taken in an order of the catalogue, whatever the sites of a portfolio are."""

    def coast(*cities):
        book = tmp_path / f"{len(cities)}.csv"
        book.write_text(HEAD + "".join(HOME.format(city) for city in cities), encoding="utf-8")
        how = {"years": YEARS, "seed": 7, "by": [("city",)], "sampling": find_sampling(kind)}
        table = simulate(product("home"), book, **how).table.by_segment["city"]
        return table.paid[:, table.labels.index("xiamen")]

    alone, beside = coast("xiamen"), coast("hangzhou", "xiamen", "zhuhai")
    assert alone.any()
    assert (alone == beside).all()


@pytest.mark.parametrize("kind", TOGETHER)
def test_every_figure_of_a_run_has_the_error_of_replicates(kind, homes):
    run = homes[kind]
    assert run.table.replicate == run.net.replicate > 1
    assert all(isinstance(one, Replicated) for one in run.measures.values())
    assert all(isinstance(one, Replicated) for one in run.answers.measures.values())
    for one in run.bought:
        assert isinstance(one.gross, Replicated)
        assert isinstance(one.net, Replicated)
        assert "replicates" in one.change.method
    for figure in ("profit", "claims", "combined_ratio", "largest_event"):
        assert FIGURES[figure].of(run.table).replicate == run.table.replicate
    for part in segment_tables(run.table, "zone").values():
        assert part.replicate == run.table.replicate
        assert isinstance(estimated(Mean(), FIGURES["claims"].of(part)), Replicated)
    assert "replicate" in run.diversification.joint.method


@pytest.mark.parametrize("kind", TOGETHER)
def test_what_the_sampling_brings_is_told_once_for_each_number(kind, homes):
    run = homes[kind]
    lines = run_lines(run)
    assert f"sampling {kind}: variance of plain years over its own, 95% interval:" in lines
    assert all(len(line) <= 80 for line in lines if "combined_ratio.mean" in line)
    told = run_told(run)
    assert told["sampling"] == kind
    names = [name for one in told["reductions"] for name in one["measures"]]
    assert sorted(names) == sorted({**run.measures, **run.answers.measures})
    first = told["reductions"][0]
    assert {"claims.mean", "claims_over_premium.mean", "combined_ratio.mean"} < {*first["measures"]}
    trusted = {name: one.trusted for name, one in (run.measures | run.answers.measures).items()}
    for one in told["reductions"]:
        if not all(trusted[name] for name in one["measures"]):
            assert one["verdict"] == "untrusted"
    assert "reduction" not in told["measures"]["claims.mean"]
    figures = json.loads(run.data()["figures.json"])
    assert {"measures", "reduction", "low", "high", "verdict"} == {*figures["reductions"][0]}
    assert "reduction" not in figures["measures"]["claims.mean"]


def test_a_plain_run_says_nothing_of_sampling(homes):
    run = homes["again"]("plain")
    assert "sampling" not in run_told(run)
    assert "reductions" not in run_told(run)
    assert "reductions" not in json.loads(run.data()["figures.json"])


@pytest.mark.parametrize("kind", TOGETHER)
def test_a_run_is_made_again_from_its_manifest(kind, homes, tmp_path):
    homes[kind].write(tmp_path)
    said = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert said["sampling"] == kind
    recorded = read_manifest(tmp_path / "manifest.json")
    assert rerun(recorded, product("home"), tmp_path, small("home", 60)).same
    other = replace(recorded, sampling=PLAIN.KIND)
    assert not rerun(other, product("home"), tmp_path, small("home", 60)).same


@pytest.mark.parametrize(
    ("kind", "years", "said"),
    [
        ("antithetic", 100, "expected a multiple of 40 years, got 100; the nearest: 80 or 120"),
        ("antithetic", 7, "expected a multiple of 40 years, got 7; the nearest: 40"),
        ("latin_hypercube", 30, "expected a multiple of 20 years, 40 or more, got 30; the near"),
        ("sobol", 1, "expected 20 times a power of two years, got 1; the nearest: 40"),
        ("sobol", 20_000, "got 20,000; the nearest: 10,240 or 20,480"),
    ],
)
def test_years_that_do_not_fit_are_refused_with_the_nearest(kind, years, said, bikes):
    with pytest.raises(BadValue) as refused:
        simulate(bikes, years=years, sampling=find_sampling(kind))
    assert f"--sampling {kind}: " in str(refused.value)
    assert said in str(refused.value)


@pytest.mark.parametrize("kind", sorted(SAMPLINGS))
def test_the_nearest_number_of_years_fits(kind):
    sampling = find_sampling(kind)
    for years in range(1, 3_000, 7):
        sampling.fits(sampling.near(years))
        for one in sampling.around(years):
            if one:
                sampling.fits(one)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            ("--sampling", "sobl"),
            "latin_hypercube or sobol, got 'sobl'; did you mean 'sobol'?",
        ),
        (
            ("--sampling", "sobol", "--full-report", "-o", "nowhere"),
            "--sampling: expected plain together with --until or --full-report, got sobol",
        ),
        (
            ("--sampling", "sobol", "--horizon", "3"),
            "--sampling: expected plain, since 3 years of a row would depend on one another",
        ),
        (
            ("--sampling", "antithetic", "--measure", RUIN),
            "--sampling: expected plain, since ruin follows years one after the other",
        ),
    ],
)
def test_what_takes_years_as_independent_is_refused(options, said):
    done = inside("simulate", "home", "--years", "320", *options)
    assert done.returncode != 0
    assert said in done.stderr


def test_a_long_term_product_is_refused():
    with pytest.raises(BadValue, match="long-term, and every policy is drawn by itself"):
        simulate(product("term_life"), small("term_life", 5), sampling=find_sampling("sobol"))
