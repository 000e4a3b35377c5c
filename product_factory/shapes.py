"""What may stand in YAML where a type of the language is read, as JSON Schema says it.

A scalar keeps its text until its type reads it, so an editor that takes `10` for a number and
`yes` for a text sees both in the same place. Patterns hold in ECMAScript and Python alike: a word
starts with a letter of any script, or `_`.
"""

from collections.abc import Iterable
from typing import Any, TypeAlias

from product_factory.currency import CODES

Schema: TypeAlias = dict[str, Any]

_PUNCTUATION = r"!-/:-@\[-\^`{-~"
_WORD = rf"[^\s0-9{_PUNCTUATION}][^\s{_PUNCTUATION}]*"
_NUMBER = r"-?[0-9_]*\.?[0-9_]+([eE][-+]?[0-9]+)?"

TEXT: Schema = {"type": ["string", "number", "boolean"]}
WORD: Schema = {"type": "string", "pattern": f"^{_WORD}$"}
PATH: Schema = {"type": "string", "pattern": f"^{_WORD}(/{_WORD})*$"}
REFERENCE: Schema = {
    "type": "string",
    "pattern": rf"^{_WORD}(/{_WORD})*@(\^|~)?[0-9]+(\.[0-9]+){{0,2}}$",
}
VERSION: Schema = {"type": "string", "pattern": r"^[0-9]+\.[0-9]+\.[0-9]+$"}
DOTTED: Schema = {"type": "string", "pattern": rf"^{_WORD}(\.[^\s{_PUNCTUATION}]+)*$"}
CURRENCY: Schema = {"type": "string", "enum": sorted(CODES)}
YES_NO: Schema = {"type": "string", "enum": ["yes", "no"]}
DAY: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
WHOLE: Schema = {"type": ["integer", "string"], "pattern": f"^{_NUMBER}$"}
NUMBER: Schema = {"type": ["number", "string"], "pattern": f"^{_NUMBER} *[%‰]?$"}
TEXTS: Schema = {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}
ANY: Schema = {}


def refer(name: str) -> Schema:
    """Give the schema that stands under a name in `definitions`."""
    return {"$ref": f"#/definitions/{name}"}


def words(known: Iterable[str]) -> Schema:
    """Give the schema of one of a family's words."""
    return {"type": "string", "enum": sorted(known)}


def keys(required: Schema, **optional: Schema) -> Schema:
    """Give the schema of a mapping with these keys and no others."""
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": list(required),
        "additionalProperties": False,
    }


def cases(value: Schema) -> Schema:
    """Give the schema of a list of cases."""
    lines = [keys({"when": WHEN, "is": value}), keys({"otherwise": value})]
    return {"type": "array", "minItems": 1, "items": {"anyOf": lines}}


VALUE, WHEN, RISK = refer("value"), refer("when"), refer("risk")
BY_YEAR: Schema = {
    "anyOf": [
        VALUE,
        {"type": "object", "required": ["1"], "patternProperties": {"^[0-9]+$": NUMBER}},
    ]
}
"""A value, or a schedule by policy year such as `{1: 40%, 2: 20%, 3: 5%}`."""
COMMON: dict[str, Schema] = {
    "value": {
        "description": "A number with its unit, a name, an expression, or a list of cases.",
        "anyOf": [TEXT, cases(VALUE)],
    },
    "when": {
        "description": "Conditions that must all hold: a value, one of a list, or bounds.",
        "type": "object",
        "additionalProperties": {
            "anyOf": [
                TEXT,
                {"type": "array", "minItems": 1, "items": TEXT},
                {
                    "type": "object",
                    "minProperties": 1,
                    "properties": dict.fromkeys(("at_least", "at_most", "above", "below"), VALUE),
                    "additionalProperties": False,
                },
            ]
        },
    },
    "risk": {
        "description": "A value, a distribution by `kind`, shares of choices, or cases of these.",
        "anyOf": [TEXT, cases(RISK), {"type": "object", "minProperties": 1}],
    },
}
"""What schemas of types refer to; every exported schema holds them."""
