"""The exported schemas: in step with the models, true of the shelf, and false of common slips."""

import json
import re
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator

import cli
from product_factory.json_schema import place_of, schemas, settings, written
from product_factory.product import Product
from product_factory.shelf import installed
from sandbox.declared import schema_files
from tests.product_factory.shelves import FILES

ROOT = Path(__file__).parents[2]
SCHEMAS = schemas(cli.language(), schema_files())
SHIPPED = installed() / "schemas"


class Core(yaml.SafeLoader):
    """YAML 1.2's core schema, by which editors read: numbers, true, false, null; all else text."""


Core.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("null", r"null|Null|NULL|~|", "nN~\0"),
):
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), [*first])


def seen(text: str) -> object:
    """What an editor sees in a text: a key is a text, whatever it looks like."""

    def keyed(value: object) -> object:
        if isinstance(value, dict):
            return {key if isinstance(key, str) else f"{key}": keyed(v) for key, v in value.items()}
        return [keyed(one) for one in value] if isinstance(value, list) else value

    return keyed(yaml.load(text, Loader=Core))  # noqa: S506 - a safe loader with fewer types


def kind_of(file: str) -> str:
    """The kind whose pattern a file of a shelf fits."""
    (kind,) = [kind for kind in SCHEMAS if fnmatch(file, place_of(kind).replace("**/", ""))]
    return kind


def slips(kind: str, text: str) -> list[str]:
    errors = Draft7Validator(SCHEMAS[kind]).iter_errors(seen(text))
    return [f"{'.'.join(map(str, error.path))}: {error.message}" for error in errors]


OURS = [path.relative_to(installed()).as_posix() for path in sorted(installed().rglob("*.yaml"))]


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_schema_is_one_and_ships_as_it_is(kind):
    Draft7Validator.check_schema(SCHEMAS[kind])
    path = SHIPPED / f"{kind}.json"
    said = "run: covercast schema -o products/schemas"
    assert path.read_text("utf-8") == written(SCHEMAS[kind]), said


def test_no_schema_ships_that_is_none():
    assert {path.stem for path in SHIPPED.iterdir()} == set(SCHEMAS)


@pytest.mark.parametrize("file", OURS)
def test_every_file_of_the_shelf_fits_its_schema(file):
    text = (installed() / file).read_text("utf-8")
    assert slips(kind_of(file), text) == []


@pytest.mark.parametrize("file", [file for file in FILES if file.endswith(".yaml")])
def test_the_small_shelf_fits_too(file):
    assert slips(kind_of(file), FILES[file]) == []


SLIPS = [
    ("repair/product.yaml", "currency: CNY", "curency: CNY", "'curency' was unexpected"),
    ("repair/product.yaml", "for_sale: no", "for_sale: false", "False is not"),
    ("repair/product.yaml", "version: 1.0.0", "version: 1.0", "1.0 is not of type 'string'"),
    ("repair/product.yaml", "effective: 2026-03-01", "effective: 1 March", "does not match"),
    (
        "repair/product.yaml",
        "title: {zh: 维修保险, en: Repair}",
        "title: Repair",
        "'Repair' is not",
    ),
    ("repair/product.yaml", "en: Repair}", "fr: Repair}", "'fr' was unexpected"),
    ("repair/product.yaml", "type: choice", "type: chioce", "'chioce' is not one of"),
    ("repair/product.yaml", "gadget/repair@^1", "gadget/repair", "does not match"),
    ("repair/product.yaml", "each: item", "each: cover", "'cover' is not one of"),
    ("repair/product.yaml", "covers:", "cover:", "'covers' is a required property"),
    ("modules/gadget/repair.yaml", "amount: loss", "amount: {loss: 1}", "is not valid under any"),
    ("modules/gadget/repair.yaml", "share: share", "shares: share", "'shares' was unexpected"),
    ("modules/gadget/repair.yaml", "per: event", "per: evnt", "'evnt' is not one of"),
    ("processes/breakage.yaml", "kind: collective", "kind: colective", "'colective' is not one of"),
    ("processes/breakage.yaml", "drawn: policy", "", "'drawn' is a required property"),
    (
        "parameters/cn.yaml",
        "trust: memory}\n      - {from: 2020",
        "trust: sure}\n      - {from: 2020",
        "'sure'",
    ),
    ("repair/claims.yaml", "after: in_force", "after: alive", "'alive' is not one of"),
    ("repair/bases.yaml", "inherits: pricing", "inherit: pricing", "'inherit' was unexpected"),
]


@pytest.mark.parametrize(("file", "old", "new", "says"), SLIPS, ids=[slip[2] for slip in SLIPS])
def test_a_common_slip_is_underlined(file, old, new, says):
    text = FILES[file]
    assert old in text
    found = slips(kind_of(file), text.replace(old, new, 1))
    assert any(says in line for line in found), found


def test_a_product_that_extends_another_need_not_repeat_it():
    child = "product: cheap\nversion: 1.0.0\nextends: repair@^1\n"
    child += "covers:\n  - {as: repair, set: {share: 80%}}\n"
    assert slips("product", child) == []
    assert slips("product", child.replace("extends", "extend")) != []
    assert any("'shares' was" in line for line in slips("product", child + "shares: 1\n"))


def test_what_follows_several_covers_is_no_corridor():
    line = "{limit: 500, per: policy_year}"
    text = FILES["repair/product.yaml"].replace(
        "{joins: [repair.limit]}", f"{{over: [repair], adjust: [{line}]}}"
    )
    assert slips("product", text) == []
    text = text.replace("{limit: 500,", "{corridor: 500, above: 100,")
    assert any("'above', 'corridor' were unexpected" in line for line in slips("product", text))


def test_every_key_of_a_product_is_explained_on_hover():
    keys = SCHEMAS["product"]["definitions"]["Product"]["properties"]
    assert keys["covers"]["description"] == "The modules that pay."
    assert "```yaml\ncovers:" in keys["covers"]["markdownDescription"]
    known = cli.language().keys
    rows = {key for key in keys if known.find(Product, key) is not None}
    assert len(rows) > 20
    assert rows == {key for key in keys if keys[key].get("description")}


def test_the_settings_of_the_manual_are_those_of_the_shelf():
    page = (ROOT / "docs" / "editors.md").read_text("utf-8")
    (block,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    assert json.loads(block) == json.loads(settings(SCHEMAS, "products"))


def test_a_schema_named_on_the_first_line_is_found_from_there():
    page = (ROOT / "docs" / "editors.md").read_text("utf-8")
    (relative,) = re.findall(r"\$schema=(\S+)", page)
    assert (installed() / "term_life" / relative).resolve() == SHIPPED / "product.json"
