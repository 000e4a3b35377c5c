"""A business's results as a folder: the same files as a run's, with those of its products."""

from collections import Counter
from pathlib import Path

from product_factory.json_text import json_text
from sandbox.business.manifest import business_manifest
from sandbox.business.run import BusinessRun
from sandbox.business.section import products_section
from sandbox.business.told import products_told
from sandbox.files import Content
from sandbox.results import Look, write_results
from sandbox.results.answers import answers_files, answers_section
from sandbox.results.plots import Language
from sandbox.results.plots.diversification import diversification_png
from sandbox.results.write import Beside, data_files, ranked

FILE = "business.yaml"
DEPENDENCE = "dependence.yaml"


def business_contents(run: BusinessRun) -> dict[str, Content]:
    """Give the data files by name, those that the manifest holds the hashes of."""
    found = ranked(run.table, run.net)
    return data_files(run.table, run.measures, found, run.net, run.settlement, _beside(run))


def _beside(run: BusinessRun) -> dict[str, bytes]:
    """Give the data files that a run of one product has not, or not always."""
    files = {} if run.scenario is None else dict(run.scenario.files)
    files |= answers_files(run.answers, run.bought)
    if run.dependence is not None:
        files[DEPENDENCE] = run.dependence.text
    files[FILE] = run.file.text
    files["products.json"] = f"{json_text(products_told(run))}\n".encode()
    return files


def write_business(
    run: BusinessRun, folder: Path, language: Language = "zh", more: Beside | None = None
) -> tuple[Path, ...]:
    """Write the results to a folder, pictures and the report in a language; give the paths.

    more  sections of the report that took runs of their own
    """
    title = run.file.says.title
    covers: dict[str, str] = {}
    products = Counter(one.product.name for one in run.members)
    for one in run.members:
        called = getattr(one.product.title, language)
        if products[one.product.name] > 1:  # several books of one product
            called = f"{called} ({one.name})"
        covers[one.name] = called
        for name, use in one.product.uses.items():
            covers[f"{one.name}.{name}"] = f"{called} {getattr(use.title, language)}"
    look = Look({"zh": title.zh, "en": title.en}, language, covers)
    name = "" if run.dependence is None else run.dependence.says.dependence
    told = name, run.table.years, f"{run.table.seed}"
    picture = diversification_png(
        run.diversification, run.table.currency, told, language, look.title
    )
    sections = (
        products_section(run, covers),
        answers_section(run.answers, run.bought, run.costless),
        *(() if more is None else more.sections),
    )
    return write_results(
        folder,
        run.table,
        run.measures,
        business_manifest(run),
        look,
        run.net,
        run.settlement,
        Beside(_beside(run), {"diversification.png": picture}, sections),
    )
