"""A run's results as a folder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from product_factory.errors import BadValue
from sandbox.files import Content, ready, write_whole
from sandbox.loss_table import LossTable
from sandbox.measures import FIGURES, Measured, Sample, curve
from sandbox.measures.allocation import parts_of
from sandbox.reinsurance import Settlement
from sandbox.results.figures import figures_json, manifest_json
from sandbox.results.manifest import Manifest
from sandbox.results.plots import Language, convergence_png, exceedance_png, loss_ratio_png
from sandbox.results.plots.waterfall import waterfall_png
from sandbox.results.run_page import Ranked, Reported, Section, run_page
from sandbox.results.years import settlement_parquet, years_parquet

REPORT = "report.html"


@dataclass(frozen=True)
class Look:
    """How plots are captioned: the product's title as {zh, en}, and the language.

    covers  alias of a cover → what it is called, in that language

    Where no font of the machine has Chinese glyphs, captions are English: never tofu.
    """

    title: Mapping[str, str]
    language: Language = "zh"
    covers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Beside:
    """What not every run leaves: further data files and plots, by name; sections of the report."""

    data: Mapping[str, Content] = field(default_factory=dict)
    plots: Mapping[str, bytes] = field(default_factory=dict)
    sections: Sequence[Section] = ()


def write_results(  # noqa: PLR0913, PLR0917 - each is a part of a run
    folder: Path,
    table: LossTable,
    measures: Mapping[str, Measured],
    manifest: Manifest,
    look: Look,
    net: LossTable | None = None,
    settlement: Settlement | None = None,
    beside: Beside | None = None,
) -> tuple[Path, ...]:
    """Write years.parquet, figures.json, plots, report.html and manifest.json; give their paths.

    measures: figures by the name that they shall have in figures.json.
    net:      the same rows after reinsurance, for net.parquet and the net curves.
    settlement: what each contract recovers and costs, for reinsurance.parquet and a picture.
    beside:   further files, of what not every run has.

    Plots are made before the first file is written, each file is written whole, and the manifest,
    which holds the hash of each data file, comes last: a folder with a fitting manifest is
    complete. Rows are written piece by piece, and no file of them is held in memory. The data
    files depend on the inputs alone, to the byte, and the manifest on the versions besides; plots
    and the report, which holds them, also on the fonts and the matplotlib of the machine. Plots of
    exceedance are of annual tables only, since a run-off has no return period.
    """
    for one in (table, net):
        if one is not None and (one.years, one.seed) != (manifest.years, manifest.seed):
            msg = (
                f"manifest: expected {one.years} years and seed {one.seed} of the table, "
                f"got {manifest.years} and {manifest.seed}"
            )
            raise BadValue(msg)
    plots = _plots(table, net, manifest, look)
    if settlement is not None:
        plots["waterfall.png"] = waterfall_png(
            settlement, table.currency, manifest, look.language, look.title
        )
    beside = beside or Beside()
    plots |= beside.plots
    found = ranked(table, net)
    data = data_files(table, measures, found, net, settlement, beside.data)
    place = ready(folder)
    hashes = {name: write_whole(place / name, content) for name, content in data.items()}
    reported = Reported(
        table,
        measures,
        manifest,
        settlement,
        found,
        plots,
        hashes,
        look.title,
        look.covers,
        beside.sections,
    )
    pages = {**plots, REPORT: run_page(reported, look.language).encode()}
    for name, content in pages.items():
        write_whole(place / name, content)
    write_whole(place / "manifest.json", manifest_json(manifest, hashes))
    return tuple(place / name for name in (*data, *pages, "manifest.json"))


def _plots(
    table: LossTable, net: LossTable | None, manifest: Manifest, look: Look
) -> dict[str, bytes]:
    """Draw, and let go of the figures that were drawn."""
    ratio = FIGURES["claims_over_premium"](table)
    plots = {
        "loss_ratio.png": loss_ratio_png(ratio, manifest, look.language, look.title),
        "convergence.png": convergence_png(ratio, manifest, look.language, look.title),
    }
    samples = _yearly(table, net)
    if samples:
        plots["exceedance.png"] = exceedance_png(
            samples, table.currency, manifest, look.language, look.title
        )
    return plots


def ranked(table: LossTable, net: LossTable | None) -> Ranked:
    """Give what files and the report need the rows in order of size for, which takes time."""
    curves = {name: curve(sample) for name, sample in _yearly(table, net).items()}
    return Ranked(curves, parts_of(table))


def data_files(
    table: LossTable,
    measures: Mapping[str, Measured],
    found: Ranked,
    net: LossTable | None,
    settlement: Settlement | None,
    beside: Mapping[str, Content] | None = None,
) -> dict[str, Content]:
    """Give the data files of a run by name: they depend on its inputs alone, to the byte."""
    data: dict[str, Content] = {
        "years.parquet": years_parquet(table),
        "figures.json": figures_json(measures, found.curves, found.parts),
    }
    if net is not None:
        data["net.parquet"] = years_parquet(net)
    if settlement is not None:
        data["reinsurance.parquet"] = settlement_parquet(settlement)
    return data | dict(beside or {})


def _yearly(table: LossTable, net: LossTable | None) -> dict[str, Sample]:
    """Give the samples of the exceedance curves, gross and net; none of run-offs."""
    if table.kind != "annual":
        return {}
    samples = {"aggregate": FIGURES["claims"](table)}
    if table.largest_event is not None:
        samples["occurrence"] = FIGURES["largest_event"](table)
    if net is not None:
        samples["net aggregate"] = FIGURES["claims"](net)
        if net.largest_event is not None:
            samples["net occurrence"] = FIGURES["largest_event"](net)
    return samples
