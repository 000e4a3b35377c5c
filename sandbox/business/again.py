"""Make a business again from its manifest, and hold every byte against what it wrote then."""

from pathlib import Path

from product_factory.errors import At, BadInput
from product_factory.shelf import Shelf
from sandbox.business.asked import questions_of_business
from sandbox.business.file import BusinessFile, business_of
from sandbox.business.manifest import business_manifest
from sandbox.business.members import Assemble, Member, bind_members
from sandbox.business.run import simulate_business
from sandbox.business.write import FILE, business_contents
from sandbox.execution import ONE_THREAD, Execution
from sandbox.files import in_memory, sha256
from sandbox.rerun import (
    Rerun,
    altered,
    kept_dependence,
    moved_figures,
    other_code,
    other_inputs,
)
from sandbox.results.recorded import RecordedBusiness
from sandbox.scenarios import kept_files, load_scenarios, recorded_scenario

FIGURES = "figures.json"
MOST_BYTES = 4_000_000


def business_again(
    recorded: RecordedBusiness,
    folder: Path,
    books: Path | None,
    shelf: Shelf,
    assemble: Assemble,
    *,
    execution: Execution = ONE_THREAD,
) -> Rerun:
    """Simulate what the manifest records, and compare the data files.

    folder  where the files stand that the run wrote;  books: what paths of its books begin at

    A business whose file, products or policies are others is not run: its bytes prove nothing.
    Raises BadInput where the file or a book is missing, and where the run itself would.
    """
    file, members, others = kept_business(recorded, folder, books, shelf, assemble)
    if others:
        return Rerun({}, others, {})
    known, kept = load_scenarios(shelf), kept_files(recorded.files, folder)
    at, name = At(str(folder / "manifest.json")), recorded.scenario
    run = simulate_business(
        file,
        members,
        years=recorded.simulated,
        seed=recorded.seed,
        basis=recorded.basis,
        scenario=recorded_scenario(name, kept, known, at) if name else None,
        dependence=kept_dependence(recorded, folder),
        by=recorded.by,
        horizon=recorded.horizon,
        questions=questions_of_business(file, members, recorded.measures, recorded.allocate),
        execution=execution,
    )
    made = business_contents(run)
    again = {name: sha256(content) for name, content in made.items()}
    names = sorted({*recorded.files, *again})
    files = {name: recorded.files.get(name) == again.get(name) for name in names}
    moved = {}
    if not files[FIGURES]:
        moved = moved_figures(folder / FIGURES, in_memory(made[FIGURES]))
    reasons = (*other_inputs(recorded, business_manifest(run)), *altered(recorded, folder))
    return Rerun(files, (*reasons, *other_code(recorded, files)), moved)


def kept_business(
    recorded: RecordedBusiness, folder: Path, books: Path | None, shelf: Shelf, assemble: Assemble
) -> tuple[BusinessFile, tuple[Member, ...], tuple[str, ...]]:
    """Read the business that stands beside the manifest, with its products; tell what is another.

    No product is bound of another business.
    """
    path = folder / FILE
    try:
        with path.open("rb") as kept:
            text = kept.read(MOST_BYTES + 1)
    except OSError as error:
        said = f"expected the business that 'simulate -o' keeps here: {error.strerror}"
        raise BadInput.one(At(str(path)), "", said) from None
    file = business_of(text, str(path), books or folder)
    for name, entry in file.says.products.items():
        if entry.book is not None and books is None:
            said = f"expected the folder that holds {entry.book}, as the second argument"
            raise BadInput.one(entry.place("book"), f"products.{name}.book", said)
    if file.digest != recorded.product_hash:
        other = f"{FILE}: its hash was {recorded.product_hash}, and is {file.digest}"
        return file, (), (other,)
    members = bind_members(file, shelf, assemble, recorded.basis)
    return file, members, _other_products(recorded, members)


def _other_products(recorded: RecordedBusiness, members: tuple[Member, ...]) -> tuple[str, ...]:
    """Tell the products and policies that are not those of the manifest."""
    now = [one.said for one in members]
    pairs = zip(recorded.products, now, strict=False)
    found = [f"was {then}; and is {said}" for then, said in pairs if then != said]
    if len(recorded.products) != len(now):
        found.append(f"products: were {len(recorded.products)}, and are {len(now)}")
    return tuple(found)
