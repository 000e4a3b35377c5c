"""JSON Schemas of every file of the language, for completion and hover in editors.

Draft 7, which the YAML editors know. Every key carries its meaning and an example from the same
rows as `covercast explain`. A schema says what stands where; names, units and ranges that depend on
other files are left to `covercast check`.
"""

from collections.abc import Iterable, Mapping
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, WithJsonSchema
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from product_factory import shapes
from product_factory.basis import Basis
from product_factory.explain import roots
from product_factory.json_text import json_text
from product_factory.keys import Keys
from product_factory.language import Language
from product_factory.product import Product
from product_factory.shapes import Schema, refer

DRAFT = "http://json-schema.org/draft-07/schema#"
PLAIN: Mapping[Any, Schema] = {
    str: shapes.TEXT,
    int: shapes.WHOLE,
    float: shapes.NUMBER,
    bool: shapes.YES_NO,
}
PARTIAL = "_of_a_child"
"""What the definitions of a product that extends another end with: nothing in it is required."""


def schemas(language: Language, others: Mapping[str, Any]) -> dict[str, Schema]:
    """Give the schema of every kind of file by the name of its file or folder.

    others  kind → model of the shelf's files that packages above declare
    """
    return {
        kind: _file(kind, root, language.keys) for kind, root in roots(language, others).items()
    }


def written(schema: Schema) -> str:
    """Give the text of a schema file."""
    return json_text(schema) + "\n"


def _file(kind: str, root: Any, keys: Keys) -> Schema:  # noqa: ANN401 - any annotation
    walk = _Walk(keys)
    body = walk.schema(root)
    if root is Basis:
        body = {"type": "object", "propertyNames": shapes.WORD, "additionalProperties": body}
    elif root is Product:
        child = _Walk(keys, PARTIAL)
        body = {"if": {"required": ["extends"]}, "then": child.schema(root), "else": body}
        walk.definitions |= child.definitions
    head = {"$schema": DRAFT, "title": f"Covercast: {kind}"}
    return {**head, **body, "definitions": {**shapes.COMMON, **walk.definitions}}


class _Walk:
    """Turns annotations into schemas; models become definitions."""

    def __init__(self, keys: Keys, suffix: str = "") -> None:
        self.keys = keys
        self.suffix = suffix
        self.definitions: dict[str, Schema] = {}

    def schema(self, annotation: Any, metadata: Iterable[Any] = ()) -> Schema:  # noqa: ANN401 - any annotation
        """Give the schema of an annotation, or what its metadata says instead."""
        metadata = (*getattr(annotation, "__metadata__", ()), *metadata)
        for part in reversed(metadata):
            if isinstance(part, WithJsonSchema) and part.json_schema is not None:
                return part.json_schema
            if isinstance(part, BeforeValidator):
                given = part.json_schema_input_type
                if given is not PydanticUndefined:
                    return self.schema(given)
        if hasattr(annotation, "__metadata__"):
            annotation = annotation.__origin__
        least = next((part.min_length for part in metadata if hasattr(part, "min_length")), 0)
        return self.plain(annotation, least)

    def plain(self, annotation: Any, least: int) -> Schema:  # noqa: ANN401 - any annotation
        origin, inner = get_origin(annotation), get_args(annotation)
        if origin is Literal:
            return {"enum": list(inner)}
        if origin in (Union, UnionType):
            parts = [self.schema(part) for part in inner if part is not NoneType]
            return parts[0] if len(parts) == 1 else {"anyOf": parts}
        if origin is tuple:
            return {"type": "array", "items": self.schema(inner[0]), "minItems": least}
        if origin is dict:
            named, value = self.schema(inner[0]), self.schema(inner[1])
            each = {"propertyNames": named, "additionalProperties": value}
            return {"type": "object", **each, "minProperties": least}
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            return self.model(annotation)
        return PLAIN.get(annotation, shapes.ANY)

    def model(self, model: type[BaseModel]) -> Schema:
        name = f"{model.__name__}{self.suffix}"
        if name not in self.definitions:
            self.definitions[name] = {}  # a model may hold itself
            fields = {field.alias or key: field for key, field in model.model_fields.items()}
            properties = {key: self.key(model, key, field) for key, field in fields.items()}
            required = [key for key, field in fields.items() if field.is_required()]
            self.definitions[name] = {
                "type": "object",
                "properties": properties,
                "required": [] if self.suffix else required,
                "additionalProperties": False,
            }
        return refer(name)

    def key(self, model: type[BaseModel], key: str, field: FieldInfo) -> Schema:
        schema = self.schema(field.annotation, field.metadata)
        row = self.keys.find(model, key)
        if row is None:
            return schema
        shown = f"{row.means}\n\n```yaml\n{row.example}\n```"
        told = {"description": row.means, "markdownDescription": shown}
        # a reference hides what stands beside it in draft 7
        return {**told, "allOf": [schema]} if "$ref" in schema else {**schema, **told}


PLACES = {
    "product": "*/product.yaml",
    "overlays": "*/overlays/*.yaml",
    "modules": "modules/**/*.yaml",
    "processes": "processes/**/*.yaml",
    "parameters": "parameters/*.yaml",
    "rules": "rules/*/**/*.yaml",
    "not_judged": "rules/not_judged.yaml",
    "packs": "packs/*.yaml",
    "scenarios": "scenarios/*.yaml",
    "business": "businesses/*.yaml",
    "dependence": "dependences/*.yaml",
    "dependence_fit": "fits/*.dependence.yaml",
    "development": "fits/*.development.yaml",
    "hazards": "hazards/*.yaml",
    "glm": "fits/*.glm.yaml",
    "experience": "fits/*.experience.yaml",
    "large_losses": "fits/*.large_losses.yaml",
    "severity": "fits/*.severity.yaml",
    "shared_factor": "fits/*.shared_factor.yaml",
    "trend": "fits/*.trend.yaml",
}
"""Kind → the files of a shelf that it is the schema of; the others lie beside a product."""


def place_of(kind: str) -> str:
    """Give the pattern of the files of a kind, as editors read it."""
    return PLACES.get(kind, f"*/{kind}.yaml")


def settings(kinds: Iterable[str], shelf: str) -> str:
    """Give the settings of an editor whose workspace holds a shelf with its schemas."""
    found = {f"./{shelf}/schemas/{kind}.json": f"{shelf}/{place_of(kind)}" for kind in kinds}
    return json_text({"yaml.schemas": found}) + "\n"
