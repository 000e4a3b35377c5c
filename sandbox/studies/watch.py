"""What studies of sensitivity share: which assumptions move, and what is watched."""

from product_factory.errors import At, BadInput
from product_factory.strict import read
from sandbox.heads import portfolio_line, size_line
from sandbox.sensitivity.watched import Watch, Watched, fits
from sandbox.studies.asked import Asked
from sandbox.studies.uncertain import uncertainty_of


def watch_of(asked: Asked) -> Watch:
    """Resolve what is asked. Raises BadInput where nothing is uncertain."""
    assumptions = uncertainty_of(asked)
    if not assumptions:
        text = "expected --uncertainty, or the product's own file uncertainty.yaml"
        raise BadInput.one(At(f"--{asked.kind}"), "", text)
    watched = Watched.model_construct()
    if "measure" in asked.texts:
        watched = read(Watched, asked.node("measure"))
    fits(asked.product, watched)
    return Watch(asked.runs, assumptions, watched)


def head_lines(asked: Asked) -> list[str]:
    """Say what is simulated."""
    product, language = asked.product, asked.language
    size = size_line(
        asked.years, asked.seed, language, long_term=product.long_term, each=True, on=product.on
    )
    return [portfolio_line(asked.portfolio, language), size]
