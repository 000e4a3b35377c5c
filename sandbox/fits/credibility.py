"""`credibility`: what the own experience of each group counts for."""

from product_factory.strict import read
from rating.credibility import CredibilitySpec, credibility, read_groups
from rating.credibility.write import lines, steps, table_text, told
from sandbox.fits.outcome import Asked, Outcome


def fit(asked: Asked) -> Outcome:
    """Fit credibility: a table by group, and the steps that rate a group which is quoted."""
    asked.only()
    spec = read(CredibilitySpec, asked.node)
    found = credibility(read_groups(spec, asked.data))
    files = {f"{spec.fit}.csv": table_text(spec, found), "rating.yaml": steps(spec, found)}
    written = {name: text.encode() for name, text in files.items()}
    return Outcome(told(spec, found), lines(spec, found), written, bool(found.periods.rejects))
