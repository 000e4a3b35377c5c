"""A business as it is asked for on the command line: names and files become what they say."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from product_factory.errors import BadInput, BadValue
from sandbox.business.file import EVERY, BusinessFile
from sandbox.business.members import Member
from sandbox.business.run import BusinessRun, simulate_business
from sandbox.dependence.specification import read_dependence
from sandbox.figures import FIGURES
from sandbox.gates.watched import Watched, of_ruin
from sandbox.given import given_text
from sandbox.questions import COVER, Questions, questions_that, split
from sandbox.run import BEST_ESTIMATE
from sandbox.scenarios import given_scenario, load_scenarios
from sandbox.until import Until, until_that


def questions_of_business(
    file: BusinessFile,
    members: Sequence[Member],
    measures: Sequence[str] = (),
    allocate: Sequence[str] = (),
) -> Questions:
    """Read what is asked, each in YAML. Raises BadInput with its place."""
    found = questions_that(_fit(file, members), measures, allocate)
    for one in found.allocations:
        if one.by not in (COVER, (EVERY,)) and "." not in one.by[0]:
            text = (
                f"expected cover, {EVERY}, or a classification of one product such as "
                f"{members[0].name}.{one.by[0]}; got {one.by[0]}"
            )
            raise BadInput.one(one.place("by"), "by", text)
    return found


def until_of_business(
    file: BusinessFile, members: Sequence[Member], given: str, horizon: int | None
) -> Until:
    """Read until which error is simulated. Raises BadInput for what is no figure of all of it."""
    long_term = members[0].product.long_term
    return until_that(_fit(file, members), given, horizon, long_term=long_term)


def _fit(file: BusinessFile, members: Sequence[Member]) -> Callable[[Watched], None]:
    """Give what refuses a measure of a figure that the business does not have."""
    protected = file.says.reinsurance is not None
    protected = protected or any("reinsurance" in one.product.files for one in members)
    return partial(_fits, protected=protected, long_term=members[0].product.long_term)


def _fits(watched: Watched, *, protected: bool, long_term: bool) -> None:
    figure = FIGURES[watched.figure]
    text, key = "", "figure"
    if long_term and of_ruin(watched.measure):
        text = f"expected a measure of run-offs, got {watched.measure.kind}, which counts years"
        key = "measure"
    elif ("cohort" if long_term else "annual") not in figure.kinds:
        text = f"'{watched.figure}' is no figure of long-term contracts"
    elif watched.figure == "largest_claim":
        text = "expected a figure of all products, got that of single claims of one"
    elif figure.net and not protected:
        text = f"'{watched.figure}' needs the key 'reinsurance' of the business"
    if text:
        raise BadInput.one(watched.place(key), key, text)


def refuse_unfit(given: str, options: Mapping[str, object]) -> None:
    """Refuse what a business does not take. Raises BadValue.

    options  what stands in the message → what was given, None for nothing
    """
    for name, value in options.items():
        if value is not None:
            raise BadValue(f"{name}: expected with a product, got it with the business {given}")


def stated_basis(file: BusinessFile, given: str) -> str:
    """Give the basis of the file, or the one that was asked for; both must agree."""
    stated = file.says.basis
    if stated is not None and given not in (BEST_ESTIMATE, stated):
        raise BadValue(f"--basis: expected {stated}, as the business states it, got {given}")
    return stated or given


def day_of_business(file: BusinessFile, given: str | None) -> str | None:
    """Give the day of the file, or the one that was asked for; both must agree."""
    stated = None if file.says.on is None else file.says.on.isoformat()
    if stated is not None and given not in (None, stated):
        raise BadValue(f"--on: expected {stated}, as the business states it, got {given}")
    return stated or given


def asked_business(  # noqa: PLR0913 - each is an option
    file: BusinessFile,
    members: Sequence[Member],
    *,
    seed: int,
    basis: str,
    scenario: str | None,
    dependence: Path | None,
    by: Sequence[str],
    horizon: int | None,
    measures: Sequence[str],
    allocations: Sequence[str],
) -> Callable[..., BusinessRun]:
    """Give `simulate_business` with everything but years and execution.

    Raises BadInput for what is unknown, cannot be read or does not fit.
    """
    known = load_scenarios(members[0].product.shelf)
    changed = None if scenario is None else given_scenario(scenario, known)
    tied = None if dependence is None else read_dependence(dependence)
    texts = [tuple(map(given_text, of)) for of in (measures, allocations)]
    return partial(
        simulate_business,
        file,
        members,
        seed=seed,
        basis=basis,
        scenario=changed,
        dependence=tied,
        by=split(by),
        horizon=horizon,
        questions=questions_of_business(file, members, *texts),
    )
