"""The launch pack: wording, rates, what is filed, figures, scenarios, verdict, checksums."""

import hashlib
from pathlib import Path

from clause_templates.render.markdown import markdown
from clause_templates.render.word import word_document
from product_factory.assembled import AssembledProduct
from product_factory.json_text import json_text
from rating.page import page
from rating.plan import bind
from rating.quote import quote
from rating.worksheet import worksheet
from sandbox.files import ready, write_whole
from sandbox.launch.rates import rate_files
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
    files |= rate_files(product)
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
            "side": one.side,
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
