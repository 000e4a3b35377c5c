"""A simulation as it is asked for on the command line: names and files become what they say."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadValue
from sandbox.bands import bands_of
from sandbox.dependence.specification import read_dependence
from sandbox.given import given_text
from sandbox.questions import questions_of, split
from sandbox.run import RUN_OFFS, YEARS, Run, portfolio_of, simulate
from sandbox.sampling import PLAIN, find_sampling
from sandbox.scenarios import given_scenario, load_scenarios


def asked_run(  # noqa: PLR0913 - each is an option
    product: AssembledProduct,
    book: Path | None,
    *,
    seed: int,
    basis: str,
    scenario: str | None,
    dependence: Path | None,
    by: Sequence[str],
    horizon: int | None,
    measures: Sequence[str],
    allocations: Sequence[str],
    sizes: str | None,
    sampling: str,
    alone: bool,
) -> Callable[..., Run]:
    """Give `simulate` with everything but years and execution.

    by     classifications, each of one name or several with commas between
    alone  whether this one run is all: no rounds until an error is reached, no runs beside it

    Raises BadInput for what is unknown, cannot be read or does not fit the product, and BadValue
    for a sampling that is not plain where a run is not alone.
    """
    drawn = find_sampling(sampling)
    if drawn is not PLAIN and not alone:
        text = f"expected plain together with --until or --full-report, got {sampling}"
        raise BadValue(f"--sampling: {text}")
    known = load_scenarios(product.shelf)
    changed = None if scenario is None else given_scenario(scenario, known)
    tied = None if dependence is None else read_dependence(dependence)
    asked = questions_of(
        product,
        tuple(map(given_text, measures)),
        tuple(map(given_text, allocations)),
        _stated(sizes),
    )
    policies = portfolio_of(product, book)
    return partial(
        simulate,
        product,
        policies,
        seed=seed,
        basis=basis,
        scenario=changed,
        dependence=tied,
        by=split(by),
        horizon=horizon,
        questions=asked,
        sampling=drawn,
    )


def _stated(sizes: str | None) -> str:
    """Give the bands that are asked for, "" for none. Raises BadInput where they are blank."""
    if sizes is None:
        return ""
    return sizes if sizes.strip() else bands_of(sizes).text


def usual_rows(product: AssembledProduct, sampling: str, most: int | None) -> int:
    """Give how many years, or run-offs, are simulated where nothing is said; at most so many."""
    usual = RUN_OFFS if product.long_term else find_sampling(sampling).near(YEARS)
    return usual if most is None else min(usual, most)
