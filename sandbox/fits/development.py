"""`development`: a triangle of claims brought to its end, and what that loads experience by."""

from product_factory.strict import read
from rating.development import DevelopmentSpec, develop, read_triangle
from rating.development.write import entry_yaml, factors_csv, lines, told, ultimates_csv
from sandbox.fits.outcome import Asked, Outcome
from sandbox.results.plots.development import development_png


def fit(asked: Asked) -> Outcome:
    """Fit development: factors, years at their end, the entry of a basis, a picture."""
    asked.only()
    spec = read(DevelopmentSpec, asked.node)
    found = develop(spec, read_triangle(spec, asked.data))
    files = {
        f"{spec.fit}.csv": factors_csv(found).encode(),
        "ultimates.csv": ultimates_csv(found).encode(),
        "experience.yaml": entry_yaml(found).encode(),
        f"{spec.fit}.png": development_png(found, asked.language),
    }
    looked = found.triangle.rejects or found.triangle.findings or found.factors.notes
    return Outcome(told(found), lines(found), files, bool(looked))
