"""Export a product for a policy system: plan, tables, parameters, promises, conformance cases.

The format is described in docs/export.md; what is written here follows it to the letter. The same
product, count and seed give the same bytes.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from product_factory.assembled import AssembledProduct
from product_factory.csv_text import lines_of
from product_factory.json_text import json_text
from rating.export import tables
from rating.export.claim_cases import claim_cases
from rating.export.covering import Chosen, told
from rating.export.expressions import Json, plain
from rating.export.plan import place, plan_data, two
from rating.export.quote_cases import quote_cases
from rating.export.schemas import FILES, FORMAT, schema
from rating.export.terms import terms_data
from rating.filing import PREMIUMS, FilingTable, filed_step, filing_tables
from rating.payout import bind as bind_payout
from rating.plan import RatingPlan, bind

FORMAT_VERSION = "1.0"
CASES, CLAIMS_IN = 1000, 5
"""How many prices are exported unless told, and among how many of them one claim stands."""
MANIFEST, CHECKSUMS = "manifest.json", "checksums.txt"
LONG_LINES = ("price_cases", "claim_cases")


@dataclass(frozen=True)
class Exported:
    """The files of an export by their path, and its manifest as data."""

    files: dict[str, bytes]
    manifest: Json

    def lines(self) -> Iterator[str]:
        """Say in short what was written."""
        told = self.manifest
        cases = told["cases"]
        yield f"{told['product']} {told['version']}, format {FORMAT} {FORMAT_VERSION}"
        yield f"{len(self.files)} files, {cases['prices']} prices, {cases['claims']} claims"
        for what, shown in cases["shown"].items():
            for kind, pair in shown["kinds"].items():
                yield f"  {what}: {pair['shown']} of {pair['of']} {kind}"


def export(
    product: AssembledProduct, cases: int = CASES, seed: int = 1, *, values: bool = True
) -> Exported:
    """Make the files of an export.

    cases   prices to show;  a fifth as many claims are shown
    values  whether cash values and other values of a contract are tabled too

    Raises Stale where a rate table was built from something else, BadInput as binding does.
    """
    plan = bind(product)
    prices, prices_shown = quote_cases(plan, cases, seed)
    claims, claims_shown = claim_cases(plan, max(cases // CLAIMS_IN, 1), seed)
    data: dict[str, Json] = {
        "plan": plan_data(plan),
        "terms": terms_data(bind_payout(product)),
        "parameters": {"parameters": list(_parameters(product))},
        "price_cases": {"cases": prices},
        "claim_cases": {"cases": claims},
    }
    files: dict[str, bytes] = {}
    data["tables"] = _tables(plan, data, files, values=values)
    for name, content in data.items():
        files[f"{name}.json"] = _json(product, content, long_lines=name in LONG_LINES)
    for name in FILES:
        files[f"schemas/{name}.json"] = f"{json_text(schema(name))}\n".encode()
    shown = {"prices": _shown(prices_shown), "claims": _shown(claims_shown)}
    counted = {"seed": seed, "prices": len(prices), "claims": len(claims), "shown": shown}
    manifest = _manifest(product, files) | {"cases": counted}
    files[MANIFEST] = _json(product, manifest)
    sums = [f"{_digest(files[path])}  {path}\n" for path in sorted(files)]
    files[CHECKSUMS] = "".join(sums).encode()
    return Exported(files, _head(product) | manifest)


def _shown(chosen: Chosen) -> Json:
    """Say what cases show, and what of it they do not."""
    kinds = {kind: {"shown": had, "of": of} for kind, (had, of) in chosen.shown.items()}
    return {"kinds": kinds, "missing": [told(trait) for trait in chosen.missing]}


def _head(product: AssembledProduct) -> Json:
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "product": product.product.product,
        "version": product.product.version,
    }


def _json(product: AssembledProduct, content: Json, *, long_lines: bool = False) -> bytes:
    """Write a file; of cases one a line, so that two exports compare line by line."""
    whole = _head(product) | content
    if not long_lines:
        return f"{json_text(whole)}\n".encode()
    one = [json.dumps(case, ensure_ascii=False, sort_keys=True) for case in content["cases"]]
    head = json_text({**whole, "cases": []})
    return (head.replace('"cases": []', '"cases": [\n' + ",\n".join(one) + "\n]") + "\n").encode()


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def _tables(
    plan: RatingPlan, data: dict[str, Json], files: dict[str, bytes], *, values: bool
) -> Json:
    """Write the tables that the plan and the promises look up, and those of values."""
    product, found = plan.product, {}
    for name in sorted(set(_asked([data["plan"], data["terms"]]))):
        table, path = plan.tables[name], f"tables/{name}.csv"
        files[path] = tables.csv_of(table)
        rows = files[path].count(b"\n") - 1
        found[name] = _written(path, files, rows) | tables.told(table)
    valued: Json = {}
    if values and filed_step(product) is not None:
        for filed in filing_tables(product):
            if filed.name != PREMIUMS:
                valued[filed.name] = _value(filed, files)
    return {"tables": found, "values": valued}


def _written(path: str, files: dict[str, bytes], rows: int) -> Json:
    return {"file": path, "sha256": _digest(files[path]), "rows": rows}


def _value(filed: FilingTable, files: dict[str, bytes]) -> Json:
    path = f"values/{filed.name}.csv"
    files[path] = lines_of([filed.columns, *filed.rows])
    return _written(path, files, len(filed.rows)) | {
        "title": filed.title,
        "unit": filed.unit,
        "note": filed.note,
        "columns": list(filed.columns),
    }


def _asked(part: object) -> Iterator[str]:
    """List the tables that expressions ask."""
    if isinstance(part, dict):
        if part.get("op") == "table":
            yield str(part["table"])
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from _asked(inner)


def _parameters(product: AssembledProduct) -> Iterator[Json]:
    read: dict[str, set[str]] = {}
    for reading in product.reads:
        if reading.what == "parameter" and reading.name in product.parameters:
            read.setdefault(reading.name, set()).add(reading.path)
    for name in sorted(read):
        entry = product.parameters[name]
        value = entry.value
        yield {
            "name": name,
            "title": two(entry.title),
            "type": entry.type.kind,
            "unit": entry.type.unit or None,
            "by": entry.by or None,
            "value": [[plain(a), plain(b)] for a, b in value]
            if isinstance(value, tuple)
            else plain(value),
            "since": entry.since.isoformat(),
            "reference": entry.reference,
            "source": place(entry.at),
            "read_by": sorted(read[name]),
        }


def _manifest(product: AssembledProduct, files: dict[str, bytes]) -> Json:
    said = product.product
    return {
        "title": two(said.title),
        "line": said.line,
        "currency": said.currency,
        "jurisdiction": said.jurisdiction,
        "effective": said.effective.isoformat(),
        "on": product.on.isoformat(),
        "for_sale": said.for_sale,
        "digest": product.digest,
        "inputs": product.inputs,
        "files": [
            {
                "file": path,
                "bytes": len(content),
                "sha256": _digest(content),
                "schema": _schema_of(path),
            }
            for path, content in sorted(files.items())
        ],
    }


def _schema_of(path: str) -> str | None:
    name, _, ending = path.partition(".")
    return f"schemas/{name}.json" if ending == "json" and name in FILES else None
