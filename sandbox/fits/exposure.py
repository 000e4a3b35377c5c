"""`exposure`: the exposure curve of damage ratios, and what layers cost by it."""

from product_factory.strict import read
from rating.exposure import ExposureSpec, fit_exposure, read_ratios
from rating.exposure.write import curve_csv, lines, severity_yaml, told
from sandbox.fits.outcome import Asked, Outcome
from sandbox.results.plots.exposure import exposure_png


def fit(asked: Asked) -> Outcome:
    """Fit an exposure curve: its table, the damage ratio for a basis, a picture."""
    asked.only()
    spec = read(ExposureSpec, asked.node)
    found = fit_exposure(spec, *read_ratios(spec, asked.data))
    files = {
        f"{spec.fit}.csv": curve_csv(found).encode(),
        "severity.yaml": severity_yaml(found).encode(),
        f"{spec.fit}.png": exposure_png(found, asked.language),
    }
    return Outcome(told(found), lines(found), files, bool(found.losses.rejects))
