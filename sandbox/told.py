"""Runs and reruns told to a person or a program."""

from collections.abc import Sequence

from rating.book.rejects import Reject
from rating.page import wrapped
from sandbox.bought import costless
from sandbox.dependence.told import lines as dependence_lines
from sandbox.dependence.told import told as dependence_told
from sandbox.measures.allocation import parts_of
from sandbox.measures.reductions import reductions_lines, reductions_told
from sandbox.measures.told import doubts, mark, measured_told, within
from sandbox.portfolio.portfolio import Portfolio
from sandbox.rerun import Rerun
from sandbox.results import Recorded
from sandbox.results.answers import answers_lines, answers_told
from sandbox.results.plots import Language
from sandbox.run import Run
from sandbox.sampling import PLAIN
from sandbox.until import Round

MOST_FIGURES = 5
"""Figures that are told of those that came out another in a rerun."""


def portfolio_line(portfolio: Portfolio) -> str:
    """Say which policies were simulated, and which were not."""
    size = f"{portfolio.policies:,} policies in {portfolio.cells.size:,} cells"
    if portfolio.cells.periods is not None:
        size += f", on risk for {portfolio.years_on_risk:,.2f} years"
    line = f"portfolio: {portfolio.source}; {size}, premium {portfolio.premium():,.2f}"
    for name, count in (*portfolio.declined.items(), *portfolio.left_out.items()):
        line += f"; {count:,} left out: {name}"
    return line


def reject_lines(rejects: Sequence[Reject]) -> list[str]:
    """Say of the first rows that cannot be read what is wrong with them."""
    found = []
    for one in rejects:
        what = f"row {one.row}: {one.column or 'risk'}: {one.reason}"
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


def round_lines(rounds: Sequence[Round]) -> list[str]:
    """Tell a person whether a measure is known well enough; nothing where that was not asked."""
    if not rounds:
        return []
    last = rounds[-1]
    one, wanted = last.measured, f"{last.wanted:,.4g}"
    found = f"{last.name}: ± {one.error:,.4g} after {last.years:,} years, ± {wanted} was wanted"
    if last.reached:
        return [f"{found}: reached"]
    if last.hopeless:
        return [f"{found}: NOT reached, there is no error to reach"]
    if last.needed is None:
        return [f"{found}: NOT reached, and how many years would do cannot be told"]
    return [f"{found}: NOT reached, about {last.needed:,} years are needed"]


def _tied(run: Run) -> dict[str, object]:
    """Give what a dependence did, nothing where there is none."""
    tied = run.dependence
    if tied is None:
        return {}
    return {"dependence": dependence_told(tied, run.table, run.diversification)}


def run_lines(run: Run, language: Language = "en") -> list[str]:
    """Give a run as lines: what was simulated, then every measure with its error."""
    rows = "run-offs" if run.table.kind == "cohort" else "years"
    said = f"{run.table.years:,} {rows}, seed {run.table.seed}, basis {run.table.basis}"
    scenario = f", scenario {run.scenario}" if run.scenario else ""
    found = [portfolio_line(run.portfolio), *reject_lines(run.portfolio.rejects)]
    found.append(f"{said}{scenario}, on {run.product.on}")
    for name, one in run.measures.items():
        found.append(f"  {name:<38} {one.value:>18,.4f} {within(one.error, 4)}{mark(one)}")
    found += doubts(one.why for one in run.measures.values())
    found += reductions_lines(run.sampling.KIND, {**run.measures, **run.answers.measures})
    found += answers_lines(run.answers, run.bought, costless(run.settlement), language)
    if run.settlement is not None:
        mean = "mean of a year" if run.table.kind == "annual" else "mean present value of a run-off"
        found.append(f"reinsurance, {mean} by contract:")
        for name, means in run.settlement.means().items():
            known = (f"{what} {amount:,.2f}" for what, amount in means.items() if amount)
            found.append(f"  {name:<38} {', '.join(known) or 'nothing'}")
    parts = parts_of(run.table)
    if parts:
        found.append("of claims.tail_value_at_risk 99%, each cover's part:")
    for name, one in parts.items():
        found.append(f"  {name:<38} {one.value:>18,.4f} {within(one.error, 4)}")
    if run.dependence is not None:
        found += dependence_lines(run.dependence, run.diversification)
    return found


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
