"""`sobol`: which part of the variance each assumption makes, alone and with the others."""

from product_factory.errors import BadValue
from product_factory.json_text import json_text
from sandbox.sensitivity.sobol import Floats, sobol
from sandbox.sensitivity.told import sobol_csv, sobol_lines, sobol_told
from sandbox.studies.asked import Asked, Outcome
from sandbox.studies.watch import head_lines, watch_of

MOST_POWER = 16


def study(asked: Asked) -> Outcome:
    """Draw every assumption of the file, or of the product's own, all of them at once."""
    watch = watch_of(asked)
    power = int(asked.options["points"]).bit_length() - 1
    if int(asked.options["points"]) != 2**power or not 2 <= power <= MOST_POWER:  # noqa: PLR2004 - 4
        text = f"a power of two from 4 to {2**MOST_POWER:,}"
        message = f"--sobol: expected {text}, got {asked.options['points']}"
        raise BadValue(message)
    known = watch.assumptions
    asked.most(asked.years * 2**power * (len(known) + 2))

    def measure(point: Floats) -> float:
        values = [one.value(u) for one, u in zip(known, point.tolist(), strict=True)]
        return watch.measured(watch.sample(range(len(known)), values)).value

    done = sobol(measure, len(known), power, asked.seed)
    told = sobol_told(done, known, watch.watched)
    lines = (*head_lines(asked), *sobol_lines(done, known, watch.watched, asked.language))
    data = {"sobol.json": f"{json_text(told)}\n".encode(), "sobol.csv": sobol_csv(done, known)}

    def plots() -> dict[str, bytes]:
        from sandbox.results.plots.sensitivity import sobol_png  # noqa: PLC0415 - where drawn

        names = [one.name for one in known]
        shown = (asked.manifest, asked.language, asked.title)
        return {"sobol.png": sobol_png(done, names, watch.watched, *shown)}

    return Outcome(asked, told, lines, data, plots)
