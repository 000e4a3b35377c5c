"""`adequacy`: is the rate right."""

from collections.abc import Mapping

from product_factory.columns import wrapped
from product_factory.errors import BadValue
from product_factory.json_text import json_text
from product_factory.strict import read
from product_factory.types import read_number
from sandbox.adequacy.asked import Selection
from sandbox.adequacy.judge import Adequacy, Wanted, adequacy
from sandbox.adequacy.told import adequacy_lines, adequacy_told, drift_csv, segments_csv
from sandbox.heads import portfolio_line, size_line
from sandbox.run import BEST_ESTIMATE
from sandbox.studies.asked import Asked, Outcome
from sandbox.studies.uncertain import uncertainty_of

LEAST_DRAWS, MOST_DRAWS, DRAWS = 10, 100_000, 100


def study(asked: Asked) -> Outcome:
    """Judge the rate of the product."""
    product = asked.product
    wanted = _wanted(asked)
    runs = 3 if product.long_term else 2
    if wanted.uncertainty:
        runs += 2 if product.long_term else 1
    asked.most(asked.years * runs)
    done = adequacy(asked.runs, wanted)
    long_term = product.long_term
    told = adequacy_told(done, long_term=long_term)
    size = size_line(
        len(done.rows.premium), asked.seed, asked.language, long_term=long_term,
        basis=wanted.basis, on=product.on, draws=wanted.draws if wanted.uncertainty else 0,
    )  # fmt: skip
    lines = [portfolio_line(asked.portfolio, asked.language), *wrapped(size)]
    lines += adequacy_lines(done, asked.language, long_term=long_term)
    data = {"adequacy.json": f"{json_text(told)}\n".encode(), "segments.csv": segments_csv(done)}
    if done.drift is not None:
        data["selection.csv"] = drift_csv(done)
    good = done.verdict == "adequate"
    return Outcome(asked, told, tuple(lines), data, lambda: _plots(asked, done), good)


def _plots(asked: Asked, done: Adequacy) -> Mapping[str, bytes]:
    from sandbox.results.plots.adequacy import adequacy_plots  # noqa: PLC0415 - only where drawn

    return adequacy_plots(done, asked.manifest, asked.language, asked.title)


def _wanted(asked: Asked) -> Wanted:
    options = asked.options
    confidence = _number(options, "confidence", 0.9)
    if not 0.0 < confidence < 1.0:
        message = f"--confidence: expected between 0% and 100%, got {options['confidence']}"
        raise BadValue(message)
    target = _number(options, "target", 0.0)
    if not 0.0 <= target < 1.0:
        message = f"--target: expected 0% to less than 100%, got {options['target']}"
        raise BadValue(message)
    uncertainty = uncertainty_of(asked)
    draws = int(options.get("draws", str(min(DRAWS, max(LEAST_DRAWS, asked.years // 4)))))
    if not LEAST_DRAWS <= draws <= min(MOST_DRAWS, asked.years // 2):
        most = f"half of the {asked.years:,} years" if uncertainty else f"{MOST_DRAWS:,}"
        message = f"--draws: expected {LEAST_DRAWS} to {most}, got {draws:,}"
        if uncertainty or "draws" in options:
            raise BadValue(message)
    selection: Selection | None = asked.product.files.get("selection")
    if "selection" in asked.texts:
        selection = read(Selection, asked.node("selection"))
    by = tuple(filter(None, options.get("by", "").split(",")))
    basis = options.get("basis", BEST_ESTIMATE)
    return Wanted(confidence, target, basis, by, uncertainty, draws, selection)


def _number(options: Mapping[str, str], name: str, otherwise: float) -> float:
    if name not in options:
        return otherwise
    try:
        return read_number(options[name], "ratio")
    except BadValue as error:
        message = f"--{name}: {error}"
        raise BadValue(message) from None
