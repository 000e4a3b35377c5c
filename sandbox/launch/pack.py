"""The launch pack: wording, rate and cash-value tables, figures, scenarios, verdict, checksums."""

import hashlib
from pathlib import Path

import numpy as np

from clause_templates.render.markdown import markdown
from clause_templates.render.word import word_document
from product_factory.assembled import AssembledProduct
from product_factory.json_text import json_text
from product_factory.numbers.rounding import round_array
from rating.domain import cells as accepted_cells
from rating.engines.multistate.grid import Cells
from rating.engines.multistate.unknowns import Contract
from rating.page import page
from rating.plan import bind
from rating.quote import quote
from rating.steps.technical import Technical
from rating.worksheet import worksheet
from sandbox.files import ready, write_whole
from sandbox.launch.report import report
from sandbox.launch.verdict import Launch

CHECKSUMS = "checksums.txt"


def write_pack(launched: Launch, folder: Path) -> tuple[Path, ...]:
    """Write the pack; gives the paths, checksums last.

    Every file is written whole or not at all. Checksums stand in `checksums.txt` as sha256sum
    writes them. Raises BadValue for a folder that cannot be written.
    """
    ready(folder)
    product = launched.product
    files: dict[str, bytes] = {
        "verdict.json": _json(launched.as_dict()),
        "verdict.md": report(launched).encode(),
        "wording/clause.docx": word_document(launched.wording),
        "wording/clause.md": markdown(launched.wording).encode(),
        "wording/trace.json": _json(_trace(launched)),
        "scenarios.json": _json(_scenarios(launched)),
        "worksheets.txt": _worksheets(product).encode(),
    }
    for name, table in product.built.items():
        files[f"rates/{name}.csv"] = product.shelf.text(
            product.shelf.root.parent / table.file, 50_000_000
        ).encode()
    if "cash_value" in product.product.values:
        files["rates/cash_value.csv"] = _cash_values(product).encode()
    for name, content in files.items():
        ready((folder / name).parent)
        write_whole(folder / name, content)
    results = launched.run.write(folder / "results")
    written = [*(folder / name for name in files), *results]
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}"
        for path in sorted(written)
    ]
    write_whole(folder / CHECKSUMS, ("\n".join(lines) + "\n").encode())
    return (*written, folder / CHECKSUMS)


def _json(value: object) -> bytes:
    return f"{json_text(value)}\n".encode()


def _trace(launched: Launch) -> list[dict[str, str]]:
    return [
        {
            "text": figure.text,
            "worth": "" if figure.worth is None else str(figure.worth),
            "where": figure.where,
            "printed_by": str(figure.template),
            "name": figure.name,
            "source": str(figure.source),
            "reference": figure.reference,
        }
        for figure in launched.figures
    ]


def _scenarios(launched: Launch) -> list[dict[str, object]]:
    return [
        {
            "scenario": one.scenario,
            "figure": one.figure,
            "measure": one.measure.kind,
            "base": one.base.value,
            "shocked": one.shocked.value,
            "difference": one.difference.value,
            "standard_error": one.difference.error,
        }
        for one in launched.stressed
    ]


def _worksheets(product: AssembledProduct) -> str:
    """Show how every golden quote that has a price comes about."""
    plan = bind(product)
    pages = []
    for golden in product.files.get("quotes", ()):
        if "refused_by" not in golden.expect:
            sheet = worksheet(plan, quote(plan, golden.given))
            pages.append(f"# {golden.name}\n\n{page(sheet)}")
    return "\n".join(pages)


def _cash_values(product: AssembledProduct) -> str:
    """Write the cash value at the end of each policy year, by cell, per the rate's sum insured."""
    step = next(s for s in product.files["rating"] if isinstance(s, Technical))
    columns = accepted_cells(product, step.axes)
    size = len(next(iter(columns.values())))
    cells = Cells({**columns, "sum_insured": np.full(size, step.per)})
    contract = Contract(product, cells)
    values = round_array(contract.values_at_premium(), 1, 100)
    lines = [
        f"# title: {product.title.en}, cash value at the end of the policy year per {step.per:g}",
        f"# basis: {product.product.values['cash_value'].basis}",
        f"# inputs: {product.inputs}",
        ",".join((*step.axes, "policy_year", "cash_value")),
    ]
    kinds = [product.variables[axis].type for axis in step.axes]
    terms = contract.of_values.assumed.grid.term.tolist()
    for cell in range(size):
        row = [
            kind.of[int(columns[axis][cell])] if kind.chosen else f"{columns[axis][cell]:g}"
            for axis, kind in zip(step.axes, kinds, strict=True)
        ]
        lines += [
            ",".join((*row, str(year + 1), f"{values[cell, year]:.2f}"))
            for year in range(int(terms[cell]))
        ]
    return "\n".join(lines) + "\n"
