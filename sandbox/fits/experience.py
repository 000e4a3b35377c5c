"""`experience`: yearly rates of one event from lives observed."""

from rating.experience import fit_study
from rating.experience.write import lines, table_text, told
from sandbox.fits.outcome import Asked, Outcome
from sandbox.results.plots.experience import experience_png


def fit(asked: Asked) -> Outcome:
    """Fit a study: its table, and a picture of each group."""
    asked.only("standard")
    result = fit_study(asked.node, asked.data, asked.standard)
    name = result.study.study
    files = {f"{name}.csv": table_text(result).encode()}
    for number, group in enumerate(result.groups):
        picture = experience_png(result, number, asked.language)
        files["_".join((name, *group.words)) + ".png"] = picture
    return Outcome(told(result), lines(result), files, bool(result.records.rejects))
