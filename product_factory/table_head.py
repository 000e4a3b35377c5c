"""The header of a table: its `# key: value` lines and what `# columns` declares."""

from pydantic import BaseModel, ConfigDict

from product_factory.errors import At, BadInput, either, nearest
from product_factory.nodes import Map, Seq, read_nodes, said
from product_factory.table_axis import INTERPOLATED, KEYS
from product_factory.table_text import MAX_ROWS
from product_factory.types import NUMERIC

TYPES = tuple(sorted(NUMERIC | {"text", "yes_no"}))
MAX_BETWEEN = 2
"""Keys between whose rows a value is found; each doubles the cells that it is made of."""
STATUSES = ("published", "fitted", "built", "illustrative")


class ColumnSpec(BaseModel):
    """What the header declares of one column."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str = ""
    type: str = ""
    unit: str = ""
    decimals: int | None = None
    of: tuple[str, ...] = ()
    start: int | None = None
    end: int | None = None


def read_header(lines: list[str], file: str) -> tuple[dict[str, str], dict[str, ColumnSpec], int]:
    """Read the header: its lines, what each column is, and how many lines it has."""
    header: dict[str, str] = {}
    places: dict[str, At] = {}
    first = 0
    for first, line in enumerate(lines):
        if not line.startswith("#"):
            break
        key, _, value = line[1:].partition(":")
        if key.strip() in header:
            raise BadInput.one(At(file, first + 1, 1), "", f"duplicate header line '{key.strip()}'")
        header[key.strip()] = value.strip()
        places[key.strip()] = At(file, first + 1, len(line) - len(value.lstrip()) + 1)
    for needed in ("title", "source", "status", "columns"):
        if needed not in header:
            raise BadInput.one(At(file, 1, 1), "", f"expected a header line '# {needed}: …'")
    if header["status"] not in STATUSES:
        got = header["status"]
        text = f"expected {either(STATUSES)}, got {got}{nearest(got, STATUSES)}"
        raise BadInput.one(places["status"], "status", text)
    if not header.get("sparse", "why"):
        text = "expected the reason why rows are missing, got nothing"
        raise BadInput.one(places["sparse"], "sparse", text)
    return header, _specs(header["columns"], places["columns"]), first


def _specs(text: str, at: At) -> dict[str, ColumnSpec]:
    node = read_nodes(text, at.file, at.line, at.column)
    if not isinstance(node, Map):
        raise BadInput.one(at, "columns", f"expected {{name: {{…}}, …}}, got {said(node)}")
    specs: dict[str, ColumnSpec] = {}
    for name, entry in node.items():
        known = ("key", "type", "unit", "decimals", "of", "from", "to")
        if not isinstance(entry, Map):
            message = f"expected {{key: …, type: …}}, got {said(entry)}"
            raise BadInput.one(entry.at, f"columns.{name}", message)
        for key in entry:
            if key not in known:
                message = f"unknown key '{key}'{nearest(key, known)}"
                raise BadInput.one(entry.keys_at[key], f"columns.{name}", message)
        specs[name] = _spec(name, entry)
        between = sum(spec.key in INTERPOLATED for spec in specs.values())
        if between > MAX_BETWEEN:
            message = f"expected at most {MAX_BETWEEN} linear or log_linear keys, got {between}"
            raise BadInput.one(entry.at, f"columns.{name}", message)
    return specs


def _spec(name: str, entry: Map) -> ColumnSpec:
    renamed = {"from": "start", "to": "end"}
    plain: dict[str, object] = {}
    for key, value in entry.items():
        plain[renamed.get(key, key)] = list(value) if isinstance(value, Seq) else str(value)
    try:
        spec = ColumnSpec.model_validate(plain)
    except ValueError:
        message = "expected a word or number for each key, a list for 'of'"
        raise BadInput.one(entry.at, f"columns.{name}", message) from None
    for key, known in (("key", KEYS), ("type", TYPES)):
        got = getattr(spec, key)
        if got and got not in known:
            message = f"expected {either(known)}, got {got}{nearest(got, known)}"
            raise BadInput.one(entry[key].at, f"columns.{name}.{key}", message)
    if spec.key in INTERPOLATED and spec.type not in NUMERIC:
        message = f"expected a type of numbers for a {spec.key} key, got {spec.type or 'none'}"
        raise BadInput.one(entry.get("type", entry["key"]).at, f"columns.{name}", message)
    if spec.start is not None and spec.end is not None and spec.end - spec.start > MAX_ROWS:
        message = f"expected at most {MAX_ROWS} values from {spec.start}, got {spec.end}"
        raise BadInput.one(entry["to"].at, f"columns.{name}.to", message)
    return spec
