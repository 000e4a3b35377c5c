"""`trend`: frequency and severity trends of a history, and what brings it to the period priced."""

from product_factory.strict import read
from rating.trend import TrendSpec, fit_trends, read_history
from rating.trend.write import entries_yaml, lines, told, years_csv
from sandbox.fits.outcome import Asked, Outcome
from sandbox.results.plots.trend import trend_png


def fit(asked: Asked) -> Outcome:
    """Fit trends: the years as a table, the entries of a basis, a picture."""
    asked.only()
    spec = read(TrendSpec, asked.node)
    found = fit_trends(spec, read_history(spec, asked.data))
    files = {
        f"{spec.fit}.csv": years_csv(found).encode(),
        "experience.yaml": entries_yaml(found).encode(),
        f"{spec.fit}.png": trend_png(found, asked.language),
    }
    return Outcome(told(found), lines(found), files, bool(found.history.rejects))
