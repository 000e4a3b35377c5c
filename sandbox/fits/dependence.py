"""`dependence`: how lines depend on one another, by copulas fitted to their results by year."""

from product_factory.strict import read
from sandbox.dependence.fitting import DependenceSpec, fit_copulas, read_results
from sandbox.dependence.fitting.write import candidates_csv, dependence_yaml, lines, told
from sandbox.fits.outcome import Asked, Outcome


def fit(asked: Asked) -> Outcome:
    """Fit copulas: a dependence that `simulate` reads, and a table of all that were fitted."""
    asked.only()
    spec = read(DependenceSpec, asked.node)
    found = fit_copulas(spec, read_results(spec, asked.data), asked.say)
    files = {"dependence.yaml": dependence_yaml(found), "copulas.csv": candidates_csv(found)}
    written = {name: text.encode() for name, text in files.items()}
    return Outcome(told(found), lines(found), written, bool(found.results.rejects))
