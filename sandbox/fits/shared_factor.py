"""`shared_factor`: what frequencies vary together from year to year, beyond chance."""

from product_factory.strict import read
from sandbox.dependence.fitting.factors import SharedFactorSpec, fit_factor, read_counts
from sandbox.dependence.fitting.factors_write import factor_lines, factor_told, factor_yaml
from sandbox.fits.outcome import Asked, Outcome


def fit(asked: Asked) -> Outcome:
    """Fit a factor: a dependence that `simulate` reads."""
    asked.only()
    spec = read(SharedFactorSpec, asked.node)
    found = fit_factor(spec, read_counts(spec, asked.data))
    files = {"dependence.yaml": factor_yaml(found).encode()}
    return Outcome(factor_told(found), factor_lines(found), files, bool(found.data.rejects))
