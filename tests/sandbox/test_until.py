"""A simulation that ends when a measure is known well enough."""

from itertools import pairwise

import pytest

from product_factory.errors import At, BadInput, BadValue
from sandbox.execution import Execution, Store
from sandbox.execution.threads import Threads
from sandbox.run import simulate
from sandbox.told import round_lines
from sandbox.until import Until, simulate_until, until_of
from tests.sandbox.shipped import product, small
from tests.the_command import inside

SEED = 7


def rounds_of(text, first=100, name="million_medical", **change):
    made, told = [], []

    def once(years):
        made.append(years)
        return simulate(product(name), small(name), years=years, seed=SEED, **change)

    asked = until_of(product(name), text)
    run, rounds = simulate_until(once, asked, first, told.append)
    assert [one.years for one in rounds] == made
    assert run.table.years == made[-1]
    return run, rounds, told, asked


def test_rounds_go_on_until_the_error_is_small_and_the_last_is_a_plain_run_of_its_years():
    run, rounds, told, asked = rounds_of("{figure: claims, relative_error: 2%}")
    assert len(rounds) > 1
    *before, last = rounds
    assert not any(one.reached for one in before)
    assert last.reached
    assert last.measured.error <= 0.02 * abs(last.measured.value) == last.wanted
    assert len(told) == len(before)
    plain = simulate(
        product("million_medical"), small("million_medical"), years=last.years, seed=SEED
    )
    assert run.data() == plain.data()
    assert run.manifest == plain.manifest
    assert asked.of(run) == last.measured == plain.measures["claims.mean"]


def test_the_forecast_is_the_square_of_the_errors_with_some_to_spare():
    (_, rounds, told, _) = rounds_of("{figure: claims, relative_error: 2%}", first=400)
    first = rounds[0]
    exact = 400 * (first.measured.error / first.wanted / 0.95) ** 2
    assert exact <= first.needed <= 1.1 * exact
    assert f"takes about {first.needed:,} years" in told[0]
    assert all(b.years <= 4.4 * a.years for a, b in pairwise(rounds))


def test_years_that_come_from_kept_blocks_alone_tell_no_time():
    """As of a run that was stopped and goes on: how long its years took is not known."""
    made, told = [], []

    def once(years):
        made.append(years)
        return simulate(
            product("million_medical"), small("million_medical"), years=years, seed=SEED
        )

    asked = until_of(product("million_medical"), "{figure: claims, relative_error: 2%}")
    simulate_until(once, asked, 400, told.append, taken=lambda: float(sum(made)))
    assert told[0].endswith(f"takes about {made[1]:,} years")


def test_an_absolute_error_is_in_the_unit_of_the_figure():
    _, rounds, _, _ = rounds_of("{error: 3%}")
    assert rounds[-1].reached
    assert rounds[-1].wanted == 0.03
    assert rounds[-1].name == "claims_over_premium.mean"


def test_at_most_so_many_years_and_it_is_said_that_the_error_was_not_reached():
    _, rounds, _, _ = rounds_of("{figure: claims, relative_error: 0.1%, most: 150}")
    assert [one.years for one in rounds] == [100, 150]
    assert not rounds[-1].reached
    assert rounds[-1].needed > 150


def test_an_error_that_is_not_to_be_trusted_is_not_enough():
    """Of 100 years half a year lies beyond the 99.5% quantile: its error says nothing."""
    _, rounds, told, _ = rounds_of(
        "{figure: claims, measure: {kind: value_at_risk, level: 99.5%}, relative_error: 10000%,"
        " most: 400}"
    )
    assert [one.years for one in rounds] == [100, 400]
    assert not rounds[0].measured.trusted
    assert not rounds[-1].reached
    assert "not to be trusted" in told[0]


def test_blocks_that_are_kept_are_taken_by_the_next_round(tmp_path):
    computed = []

    class Counting(Threads):
        def map(self, task, parts):
            computed.append(len(parts))
            return super().map(task, parts)

    store = Store(tmp_path)
    execution = Execution(Counting(), store, block=50)
    _, rounds, _, _ = rounds_of(
        "{figure: claims, relative_error: 0.1%, most: 400}", execution=execution
    )
    assert [one.years for one in rounds] == [100, 400]
    assert computed == [2, 6]
    store.close()


def test_where_there_is_no_error_to_reach_two_rounds_say_so():
    """No event of a year is large: all rows are 0, and what is wanted of 0 is 0."""
    _, rounds, told, _ = rounds_of("{figure: largest_event, relative_error: 1%}", first=20)
    assert [one.years for one in rounds] == [20, 80]
    assert not rounds[-1].reached
    assert rounds[-1].needed is None
    assert "cannot be told yet" in told[0]
    assert round_lines(rounds)[0].endswith("NOT reached, there is no error to reach")


def test_years_that_do_not_fit_in_memory_lose_no_finished_round():
    enough = Execution(memory=2.0**33)

    def once(years):
        execution = enough if years <= 100 else Execution(memory=1.0)
        return simulate(product("home"), small("home"), years=years, seed=SEED, execution=execution)

    def lost(years):
        if years > 100:
            raise BadInput.one(At("--cluster"), "", "the scheduler is gone")
        return once(years)

    told = []
    asked = until_of(product("home"), "{relative_error: 0.01%}")
    run, rounds = simulate_until(once, asked, 100, told.append)
    assert run.table.years == 100
    assert len(rounds) == 1
    assert not rounds[0].reached
    assert "memory: expected a run that fits" in told[-1]
    run, rounds = simulate_until(lost, asked, 100, told.append)
    assert (run.table.years, len(rounds)) == (100, 1)
    assert "the scheduler is gone" in told[-1]


def test_more_years_than_the_most_are_refused():
    asked = until_of(product("home"), "{relative_error: 1%, most: 50}")
    with pytest.raises(BadValue, match="years: expected at most 50, as 'most' says, got 100"):
        simulate_until(None, asked, 100)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{figure: claims}", "expected one of the keys 'error' and 'relative_error'"),
        ("{error: 1, relative_error: 1%}", "expected one of the keys"),
        ("{relative_error: 0%}", "expected an error above 0, got 0"),
        ("{figure: claims, error: lots}", "lots"),
        ("{figure: claim, error: 1}", "unknown figure 'claim'; did you mean 'claims'?"),
        ("{figure: net_claims, error: 1}", "needs the file reinsurance.yaml"),
        ("{error: 1%, most: 1}", "expected 2 to 10,000,000, got 1"),
        ("{eror: 1%}", "eror"),
        (
            "{measure: {kind: value_at_risk, level: 200%}, error: 1%}",
            "measure.level: expected a number below 1, got 200%",
        ),
        ("nowhere.yaml", "nowhere.yaml"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_place(text, message):
    with pytest.raises(BadInput) as error:
        until_of(product("million_medical"), text)
    assert message in str(error.value)


RUIN = "{{figure: profit, measure: {{kind: ruin, capital: 1, years: {years}}}{error}}}"


@pytest.mark.parametrize(
    ("text", "options", "says"),
    [
        (
            RUIN.replace("{years}", "3"),
            ("--horizon", "2"),
            "expected a horizon of 1 year for ruin, got 2",
        ),
        (
            RUIN.replace("{years}", "90"),
            (),
            "measure: ruin within 90 years: expected at least as many rows, got fewer",
        ),
        (
            "{{figure: claims{error}}}",
            ("--horizon", "25"),
            "a measure: expected at least 2 simulated rows, got 1",
        ),
    ],
)
def test_what_the_rows_cannot_say_is_told_before_the_first_round(text, options, says, monkeypatch):
    """The same of --measure; a run that begins would end with another error."""
    monkeypatch.setattr("sandbox.run._years", lambda *_: 1 / 0)
    verb = ("simulate", "million_medical", "--years", "40", *options)
    for option, error in (("--until", ", relative_error: 1%"), ("--measure", "")):
        done = inside(*verb, option, text.format(error=error))
        assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
        assert says in done.stderr


def test_too_few_rows_to_share_out_are_told_before_the_run(monkeypatch):
    monkeypatch.setattr("sandbox.run._years", lambda *_: 1 / 0)
    done = inside("simulate", "million_medical", "--years", "20", "--allocate", "{}")
    assert done.returncode == 2
    assert done.stderr == "--allocate:1:1: expected at least 40 rows to share out, got 20\n"


def test_the_verb_ends_with_1_where_the_error_was_not_reached(tmp_path):
    verb = ["simulate", "million_medical", "--years", "40", "-o", "out", "--until"]
    short = inside(*verb, "{figure: claims, relative_error: 0.01%, most: 80}", cwd=tmp_path)
    assert short.returncode == 1
    assert "NOT reached, about" in short.stdout
    assert (tmp_path / "out" / "manifest.json").exists()
    done = inside(*verb, "{figure: claims, relative_error: 50%}", cwd=tmp_path)
    assert done.returncode == 0
    assert "was wanted: reached\n" in done.stdout
    wrong = inside(*verb, "{figure: clams, error: 1}", cwd=tmp_path)
    assert (wrong.returncode, wrong.stderr.count("\n")) == (2, 1)
    assert wrong.stderr.startswith("--until:1:10: figure: unknown figure 'clams'")


def test_asked_of_a_scenario_file_too(tmp_path):
    file = tmp_path / "known.yaml"
    file.write_text("measure: {kind: mean}\nerror: 5%\n", encoding="utf-8")
    assert isinstance(until_of(product("home"), str(file)), Until)
