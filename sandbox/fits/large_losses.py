"""`large_losses`: the load of experience that is capped at a threshold."""

from product_factory.strict import read
from rating.large_losses import LargeLossSpec, load_of, read_amounts
from rating.large_losses.write import entry_yaml, lines, told
from sandbox.fits.outcome import Asked, Outcome
from sandbox.results.plots.large_losses import large_losses_png


def fit(asked: Asked) -> Outcome:
    """Fit a large-loss load: the entry of a basis, a picture."""
    asked.only()
    spec = read(LargeLossSpec, asked.node)
    found = load_of(spec, read_amounts(spec, asked.data))
    files = {
        "experience.yaml": entry_yaml(found).encode(),
        f"{spec.fit}.png": large_losses_png(found, asked.language),
    }
    return Outcome(told(found), lines(found), files, bool(found.losses.rejects))
