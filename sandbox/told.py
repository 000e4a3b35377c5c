"""Runs and reruns told to a person or a program."""

from collections.abc import Iterator, Mapping, Sequence

from rating.book.rejects import Reject
from rating.page import wrapped
from sandbox.bought import costless
from sandbox.dependence.told import lines as dependence_lines
from sandbox.dependence.told import told as dependence_told
from sandbox.heads import portfolio_line, size_line
from sandbox.measures.allocation import parts_of
from sandbox.measures.reductions import reductions_lines, reductions_told
from sandbox.measures.told import doubts, mark, measured_told, within
from sandbox.portfolio.portfolio import Portfolio
from sandbox.reinsurance import Settlement
from sandbox.rerun import Rerun
from sandbox.results import Recorded
from sandbox.results.answers import answers_lines, answers_told
from sandbox.results.plots import Language
from sandbox.run import Run
from sandbox.sampling import PLAIN
from sandbox.until import Round

WORDS: Mapping[str, Mapping[str, str]] = {
    "contracts": {
        "zh": "再保险，各合同每年均值：",
        "en": "reinsurance, mean of a year by contract:",
    },
    "run_off_contracts": {
        "zh": "再保险，各合同每次全期现值的均值：",
        "en": "reinsurance, mean present value of a run-off by contract:",
    },
    "reject": {"zh": "第 {row} 行：{column}：{reason}", "en": "row {row}: {column}: {reason}"},
    "risk": {"zh": "风险", "en": "risk"},
    "recovered": {"zh": "摊回赔款", "en": "recovered"},
    "premium": {"zh": "保费", "en": "premium"},
    "reinstatements": {"zh": "复效保费", "en": "reinstatements"},
    "commission": {"zh": "分保手续费", "en": "commission"},
    "round": {
        "zh": "{name}：{years:,} 年后 ± {error}，要求 ± {wanted}：",
        "en": "{name}: ± {error} after {years:,} years, ± {wanted} was wanted: ",
    },
    "reached": {"zh": "已达到", "en": "reached"},
    "hopeless": {
        "zh": "未达到，没有可达到的误差",
        "en": "NOT reached, there is no error to reach",
    },
    "untold": {
        "zh": "未达到，需要多少年无法判断",
        "en": "NOT reached, and how many years would do cannot be told",
    },
    "needed": {
        "zh": "未达到，约需 {needed:,} 年",
        "en": "NOT reached, about {needed:,} years are needed",
    },
    "nothing": {"zh": "无", "en": "nothing"},
    "parts": {
        "zh": "claims.tail_value_at_risk 99% 中各保障责任的部分：",
        "en": "of claims.tail_value_at_risk 99%, each cover's part:",
    },
}
MOST_FIGURES = 5
"""Figures that are told of those that came out another in a rerun."""


def reject_lines(rejects: Sequence[Reject], language: Language = "en") -> list[str]:
    """Say of the first rows that cannot be read what is wrong with them."""
    found = []
    for one in rejects:
        reason = one.reason_zh if language == "zh" and one.reason_zh else one.reason
        column = one.column or says("risk", language)
        what = says("reject", language).format(row=one.row, column=column, reason=reason)
        found += wrapped(what, 4, start=2)
    return found


def run_told(run: Run, rounds: Sequence[Round] = ()) -> dict[str, object]:
    """Give a run as plain values for JSON; rounds: of a run until a measure is known."""
    return {
        "product": run.product.name,
        "portfolio": portfolio_line(run.portfolio),
        **_rejects_told(run.portfolio),
        "years": run.table.years,
        "seed": run.table.seed,
        "basis": run.table.basis,
        "scenario": run.scenario,
        "on": run.product.on.isoformat(),
        **_sampled(run),
        **_tied(run),
        **answers_told(run.answers, run.bought),
        "measures": {name: measured_told(one) for name, one in run.measures.items()},
        "reinsurance": {} if run.settlement is None else run.settlement.means(),
        "allocation": {name: measured_told(one) for name, one in parts_of(run.table).items()},
        **({"until": [round_told(one) for one in rounds]} if rounds else {}),
    }


def _rejects_told(portfolio: Portfolio) -> dict[str, object]:
    """Give the first rows that cannot be read as plain values; nothing where all can."""
    rows = [
        {"row": one.row, "column": one.column, "value": one.value, "reason": one.reason}
        for one in portfolio.rejects
    ]
    return {"rejects": rows} if rows else {}


def _sampled(run: Run) -> dict[str, object]:
    """Give how years were drawn and what that brings, nothing where each is drawn by itself."""
    if run.sampling is PLAIN:
        return {}
    brings = reductions_told({**run.measures, **run.answers.measures})
    return {"sampling": run.sampling.KIND, "reductions": brings}


def round_told(one: Round) -> dict[str, object]:
    """Give a round as plain values for JSON."""
    return {
        "years": one.years,
        "measure": one.name,
        **measured_told(one.measured),
        "wanted_error": one.wanted,
        "needed_years": one.needed,
        "reached": one.reached,
    }


def round_lines(rounds: Sequence[Round], language: Language = "en") -> list[str]:
    """Tell a person whether a measure is known well enough; nothing where that was not asked."""
    if not rounds:
        return []
    last = rounds[-1]
    error, wanted = f"{last.measured.error:,.4g}", f"{last.wanted:,.4g}"
    found = says("round", language).format(
        name=last.name, error=error, years=last.years, wanted=wanted
    )
    if last.reached:
        return [f"{found}{says('reached', language)}"]
    if last.hopeless:
        return [f"{found}{says('hopeless', language)}"]
    if last.needed is None:
        return [f"{found}{says('untold', language)}"]
    return [f"{found}{says('needed', language).format(needed=last.needed)}"]


def _tied(run: Run) -> dict[str, object]:
    """Give what a dependence did, nothing where there is none."""
    tied = run.dependence
    if tied is None:
        return {}
    return {"dependence": dependence_told(tied, run.table, run.diversification)}


def run_lines(run: Run, language: Language = "en") -> list[str]:
    """Give a run as lines: what was simulated, then every measure with its error."""
    table, annual = run.table, run.table.kind == "annual"
    found = [
        portfolio_line(run.portfolio, language),
        *reject_lines(run.portfolio.rejects, language),
    ]
    size = size_line(
        table.years, table.seed, language, long_term=not annual, basis=table.basis,
        scenario=run.scenario, on=run.product.on,
    )  # fmt: skip
    found.append(size)
    for name, one in run.measures.items():
        error = f"{within(one.error, 4, language)}{mark(one)}"
        found.append(f"  {name:<38} {one.value:>18,.4f} {error}")
    found += doubts((one.why for one in run.measures.values()), language)
    brings = {**run.measures, **run.answers.measures}
    found += reductions_lines(run.sampling.KIND, brings, language)
    found += answers_lines(run.answers, run.bought, costless(run.settlement), language)
    if run.settlement is not None:
        found += contract_lines(run.settlement, language, long_term=not annual)
    parts = parts_of(run.table)
    if parts:
        found.append(says("parts", language))
    for name, one in parts.items():
        found.append(f"  {name:<38} {one.value:>18,.4f} {within(one.error, 4, language)}")
    if run.dependence is not None:
        found += dependence_lines(run.dependence, run.diversification, language)
    return found


def contract_lines(settlement: Settlement, language: Language, *, long_term: bool) -> Iterator[str]:
    """Tell what each contract recovers and costs on average."""
    yield says("run_off_contracts" if long_term else "contracts", language)
    for name, means in settlement.means().items():
        known = (f"{says(what, language)} {one:,.2f}" for what, one in means.items() if one)
        yield f"  {name:<38} {', '.join(known) or says('nothing', language)}"


def says(key: str, language: Language) -> str:
    """Give a word of the lines."""
    return WORDS[key][language]


def rerun_told(recorded: Recorded, done: Rerun) -> dict[str, object]:
    """Give a rerun as plain values for JSON."""
    return {
        "product": recorded.product,
        "years": recorded.years,
        "seed": recorded.seed,
        "same": done.same,
        "files": dict(done.files),
        "reasons": list(done.reasons),
        "moved": {name: {"then": then, "now": now} for name, (then, now) in done.moved.items()},
    }


def rerun_lines(recorded: Recorded, done: Rerun) -> list[str]:
    """Tell a rerun to a person."""
    lines = [f"{recorded.product}: {recorded.years:,} {recorded.kind} rows, seed {recorded.seed}"]
    words = {True: "same", False: "DIFFERENT"}
    lines += [f"  {name:<14} {words[good]}" for name, good in done.files.items()]
    for name, (then, now) in list(done.moved.items())[:MOST_FIGURES]:
        lines.append(f"  {name}: {then} then, {now} now")
    if len(done.moved) > MOST_FIGURES:
        lines.append(f"  and {len(done.moved) - MOST_FIGURES} more figures")
    lines += done.reasons
    lines.append("every byte is the same" if done.same else "the run is not proved")
    return lines
