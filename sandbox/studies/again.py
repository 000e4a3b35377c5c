"""Make a study again from its manifest, and hold every byte against what it wrote then."""

from pathlib import Path

from product_factory.assembled import AssembledProduct
from sandbox.execution import ONE_THREAD, Execution
from sandbox.files import sha256
from sandbox.portfolio.portfolio import Portfolio
from sandbox.rerun import Rerun, altered, check_book, other_code, other_inputs
from sandbox.results import RecordedStudy
from sandbox.run import portfolio_of
from sandbox.scenarios import kept_files
from sandbox.studies.asked import Asked
from sandbox.studies.data import DATA, read_data
from sandbox.studies.kinds import study


def study_again(
    recorded: RecordedStudy,
    product: AssembledProduct,
    folder: Path,
    book: Path | Portfolio | None = None,
    *,
    execution: Execution = ONE_THREAD,
) -> Rerun:
    """Make the study that the manifest records, and compare its data files.

    A product that is another one is not studied. Raises BadInput as `sandbox.rerun.rerun` does.
    """
    if product.digest != recorded.product_hash:
        then, now = recorded.product_hash, product.digest
        text = f"product {product.name}: its hash was {then}, and is {now}; `log` tells versions"
        return Rerun({}, (text,), {})
    check_book(recorded, book)
    asked = Asked(
        kind=recorded.study,
        product=product,
        portfolio=portfolio_of(product, book),
        years=recorded.years,
        seed=recorded.seed,
        execution=execution,
        texts=recorded.asked,
        options=recorded.options,
        given=_given(recorded, folder),
    )
    done = study(asked)
    again = {name: sha256(content) for name, content in done.data.items()}
    names = sorted({*recorded.files, *again})
    files = {name: recorded.files.get(name) == again.get(name) for name in names}
    others = (*other_inputs(recorded, done.manifest), *altered(recorded, folder))
    others = (*others, *other_code(recorded, files))
    return Rerun(files, others, {})


def _given(recorded: RecordedStudy, folder: Path) -> dict[str, bytes]:
    """Read the files of data that stand beside the manifest, where the study was given any."""
    names = DATA.get(recorded.study, ())
    found = {name: read_data(folder / name) for name in names if name in recorded.files}
    return found | dict(kept_files(recorded.files, folder))
