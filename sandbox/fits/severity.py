"""`severity`: sizes of losses by maximum likelihood, with the tail above a threshold."""

from product_factory.strict import read
from rating.likelihood import SeveritySpec, fit_severities, read_losses
from rating.likelihood.told import lines, told
from rating.likelihood.write import candidates_csv, severity_yaml, thresholds_csv, uncertainty_yaml
from sandbox.fits.outcome import Asked, Outcome
from sandbox.results.severity_page import severity_page


def fit(asked: Asked) -> Outcome:
    """Fit severities: `severity.yaml` for a basis, tables of all that was fitted, a report."""
    asked.only()
    spec = read(SeveritySpec, asked.node)
    result = fit_severities(spec, read_losses(spec, asked.data), asked.say)
    files = {
        "severity.yaml": severity_yaml(result),
        "uncertainty.yaml": uncertainty_yaml(result),
        "candidates.csv": candidates_csv(result),
    }
    if result.stability:
        files["thresholds.csv"] = thresholds_csv(result)
    files["report.html"] = severity_page(result, asked.language)
    written = {name: text.encode() for name, text in files.items()}
    return Outcome(told(result), lines(result), written, bool(result.losses.rejects))
