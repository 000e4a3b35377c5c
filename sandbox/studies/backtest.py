"""`backtest`: past claims against the assumptions."""

from collections.abc import Mapping

from product_factory.columns import wrapped
from product_factory.errors import BadValue
from product_factory.json_text import json_text
from product_factory.types import read_number
from sandbox.backtest.history import CLAIMS, HISTORY, read_history
from sandbox.backtest.judge import Backtest, Wanted, backtest, bound_year, known_of
from sandbox.backtest.told import backtest_lines, backtest_told, pit_csv, tests_csv
from sandbox.backtest.total import YearRun
from sandbox.heads import portfolio_line
from sandbox.run import BEST_ESTIMATE
from sandbox.studies.asked import Asked, Outcome

WORDS: Mapping[str, Mapping[str, str]] = {
    "history": {
        "zh": "{years} 年历史，{policies:,} 张保单",
        "en": "{years} years of history, {policies:,} policies",
    },
    "exposure": {
        "zh": "，{exposure:,.12g} 保单年",
        "en": " for {exposure:,.12g} policy years",
    },
    "simulated": {
        "zh": "，其中 {years} 年各模拟 {times:,} 次",
        "en": ", {years} simulated {times:,} times each",
    },
    "end": {
        "zh": "，种子 {seed}，精算基础 {basis}，日期 {on}",
        "en": ", seed {seed}, basis {basis}, on {on}",
    },
}


def study(asked: Asked) -> Outcome:
    """Finding every line of the history; the study is good where no assumption fails."""
    options = asked.options
    run = YearRun(
        asked.portfolio,
        options.get("basis", BEST_ESTIMATE),
        asked.years,
        asked.seed,
        asked.execution,
    )
    wanted = Wanted(_level(options), run)
    model = bound_year(run)
    given, names = asked.given, options
    history = read_history(
        given[HISTORY],
        names.get("history", HISTORY),
        given.get(CLAIMS),
        names.get("claims", CLAIMS),
        known_of(model),
    )
    simulated = len({year for seen in history.paid.values() for year in seen})
    asked.most(asked.years * simulated)
    done = backtest(model, history, wanted)
    told = backtest_told(done)
    exposure, used = sum(history.policies.values()), sum(done.policies.values())
    says = {key: texts[asked.language] for key, texts in WORDS.items()}
    size = says["history"].format(years=len(history.policies), policies=used)
    size += says["exposure"].format(exposure=exposure) if used != exposure else ""
    if simulated:
        size += says["simulated"].format(years=simulated, times=asked.years)
    size += says["end"].format(seed=asked.seed, basis=run.basis, on=asked.product.on)
    lines = [portfolio_line(asked.portfolio, asked.language), *wrapped(size)]
    lines += backtest_lines(done, asked.language)
    data = {
        "backtest.json": f"{json_text(told)}\n".encode(),
        "tests.csv": tests_csv(done),
        "pit.csv": pit_csv(done),
        **given,
    }
    return Outcome(
        asked, told, tuple(lines), data, lambda: _plots(asked, done), good=not done.failing
    )


def _level(options: Mapping[str, str]) -> float:
    said = options.get("level", "5%")
    try:
        level = read_number(said, "ratio")
    except BadValue as error:
        raise BadValue(f"--level: {error}") from None
    if not 0.0 < level < 1.0:
        raise BadValue(f"--level: expected between 0% and 100%, got {said}")
    return level


def _plots(asked: Asked, done: Backtest) -> Mapping[str, bytes]:
    from sandbox.results.plots.backtest import pit_png  # noqa: PLC0415 - only where drawn

    if not done.calibrations:
        return {}
    return {"pit.png": pit_png(done, asked.manifest, asked.language, asked.title)}
