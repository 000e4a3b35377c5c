"""Nodes → models: pydantic reads strictly, and every complaint is told with its place.

A model is frozen, forbids unknown keys, and remembers where it and its keys stand (`at`,
`place(key)`). Scalars arrive as text and are read by the declared type of the field.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Annotated, Any, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PrivateAttr,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic.functional_validators import ModelWrapValidatorHandler
from pydantic_core import ErrorDetails, PydanticCustomError

from product_factory.errors import At, BadInput, BadValue, Problem, either, nearest
from product_factory.expressions.tree import Conditions, Expression
from product_factory.expressions.values import read_conditions, read_value
from product_factory.nodes import Map, Node, Seq, Text
from product_factory.types import KINDS, YES_NO, read_date, read_number

NOWHERE = At("")


class Strict(BaseModel):
    """A part of a product file: frozen, no unknown keys, knows its place."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    _at: At = PrivateAttr(default=NOWHERE)
    _places: dict[str, At] = PrivateAttr(default_factory=dict)

    @model_validator(mode="wrap")
    @classmethod
    def _remember(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:  # noqa: ANN401 - pydantic hands over anything
        if isinstance(value, cls):
            return value
        if not isinstance(value, Map):
            kind = "expected a mapping"
            raise PydanticCustomError("shape", "{text}", {"text": kind})
        made = handler(dict(value))
        made._at = value.at  # noqa: SLF001 - of this very class
        made._places = {key: _content_at(value, key) for key in value}  # noqa: SLF001
        return made

    @property
    def at(self) -> At:
        """Where this part starts."""
        return self._at

    def place(self, key: str) -> At:
        """Where the content of a key stands; the part itself when the key is not written."""
        return self._places.get(key, self._at)


def _content_at(value: Map, key: str) -> At:
    return value[key].at


def _located(reader: Callable[[Node], Any]) -> Callable[[Any], Any]:
    """Turn the errors of a reader into pydantic's, keeping a place of their own if they have one."""

    def read(value: Any) -> Any:  # noqa: ANN401 - pydantic hands over anything
        if not isinstance(value, Text | Seq | Map):
            return value
        try:
            return reader(value)
        except BadInput as error:
            problem = error.problems[0]
            context = {"text": problem.text, "at": problem.at, "path": problem.path}
            raise PydanticCustomError("placed", "{text}", context) from None
        except BadValue as error:
            raise PydanticCustomError("value", "{text}", {"text": str(error)}) from None

    return read


def _text(node: Node) -> str:
    if not isinstance(node, Text):
        message = "expected a text"
        raise BadValue(message)
    return str(node)


def _matching(pattern: str, expected: str) -> Callable[[Node], str]:
    compiled = re.compile(pattern)

    def read(node: Node) -> str:
        text = _text(node)
        if not compiled.fullmatch(text):
            message = f"expected {expected}, got {text}"
            raise BadValue(message)
        return text

    return read


def _yes_no(node: Node) -> bool:
    text = _text(node)
    if text not in YES_NO:
        message = f"expected yes or no, got {text}"
        raise BadValue(message)
    return bool(YES_NO[text])


def _list_of_text(node: Node) -> tuple[str, ...]:
    if isinstance(node, Text):
        return (str(node),)
    if isinstance(node, Map):
        message = "expected a list"
        raise BadValue(message)
    return tuple(map(_text, node))


def _number_as(kind: str) -> Callable[[Node], float]:
    return lambda node: read_number(_text(node), kind)


PlainText = Annotated[str, BeforeValidator(_located(_text))]
Word = Annotated[
    str, BeforeValidator(_located(_matching(r"[^\W\d]\w*", "a word of letters, digits and _")))
]
Path = Annotated[
    str,
    BeforeValidator(_located(_matching(r"[^\W\d]\w*(/[^\W\d]\w*)*", "a name such as life/surrender"))),
]
Reference = Annotated[
    str,
    BeforeValidator(
        _located(
            _matching(
                r"[^\W\d]\w*(/[^\W\d]\w*)*@(\^|~)?\d+(\.\d+){0,2}",
                "a name with its version, such as life/surrender@^1",
            )
        )
    ),
]
Version = Annotated[
    str, BeforeValidator(_located(_matching(r"\d+\.\d+\.\d+", "a version of three numbers such as 1.0.0")))
]
Dotted = Annotated[
    str, BeforeValidator(_located(_matching(r"[^\W\d]\w*(\.\w+)*", "a name such as mortality.death")))
]
YesNo = Annotated[bool, BeforeValidator(_located(_yes_no))]
Day = Annotated[date, BeforeValidator(_located(lambda node: read_date(_text(node))))]
Whole = Annotated[int, BeforeValidator(_located(lambda node: int(read_number(_text(node), "integer"))))]
Share = Annotated[float, BeforeValidator(_located(_number_as("ratio")))]
Plain = Annotated[float, BeforeValidator(_located(_number_as("number")))]
Texts = Annotated[tuple[str, ...], BeforeValidator(_located(_list_of_text))]
KindOfType = Annotated[
    str,
    BeforeValidator(_located(lambda node: _known(_text(node), KINDS, "type"))),
]
Value = Annotated[Expression, BeforeValidator(_located(read_value))]
When = Annotated[Conditions, BeforeValidator(_located(read_conditions))]
RawNode = Annotated[Any, BeforeValidator(lambda value: value)]


def _known(word: str, known: Iterable[str], what: str) -> str:
    known = tuple(known)
    if word not in known:
        message = f"unknown {what} '{word}'{nearest(word, known)}"
        raise BadValue(message)
    return word


class Bilingual(Strict):
    """A printed text in Chinese and English."""

    zh: PlainText
    en: PlainText


Model = TypeVar("Model", bound=BaseModel)


def read(model: type[Model], node: Node, path: str = "") -> Model:
    """Read a node as a model. Raises BadInput with every problem that was found."""
    try:
        return model.model_validate(node)
    except ValidationError as error:
        raise BadInput(_problem(model, node, path, detail) for detail in error.errors()) from None


def problem_of(adapter: TypeAdapter[Any], node: Node, detail: ErrorDetails) -> Problem:
    """Turn one complaint about the content of a whole file into a problem with its place."""
    return _problem(adapter._type, node, "", detail)  # noqa: SLF001 - the type is not public


def _problem(model: Any, node: Node, prefix: str, detail: ErrorDetails) -> Problem:  # noqa: ANN401 - a model or a union
    at, parts, inside = _walk(node, detail["loc"])
    path = prefix
    for part in parts:
        path += f"[{part}]" if isinstance(part, int) else f"{'.' if path else ''}{part}"
    context: dict[str, Any] = detail.get("ctx", {})
    kind, last = detail["type"], str(detail["loc"][-1]) if detail["loc"] else ""
    if kind == "placed":
        inner = str(context["path"])
        return Problem(context["at"], ".".join(p for p in (path, inner) if p), context["text"])
    if kind == "missing":
        return Problem(at, path, f"expected the key '{last}'")
    if kind == "extra_forbidden":
        known = _fields(model, detail["loc"][:-1])
        holder = path.rpartition(".")[0] if "." in path else ""
        place = inside.keys_at[last] if isinstance(inside, Map) and last in inside else at
        return Problem(place, holder, f"unknown key '{last}'{nearest(last, known)}")
    if kind == "union_tag_invalid":
        tags = [tag.strip(" '") for tag in str(context["expected_tags"]).split(",")]
        got = str(context["tag"])
        return Problem(at, f"{path}.kind" if path else "kind", f"unknown kind '{got}'{nearest(got, tags)}")
    if kind == "union_tag_not_found":
        return Problem(at, path, "expected the key 'kind'")
    if kind == "literal_error":
        expected = str(context["expected"]).replace("'", "")
        words = [word.strip() for word in re.split(r",| or ", expected)]
        got = str(detail["input"])
        return Problem(at, path, f"expected {either(words)}, got {got}{nearest(got, words)}")
    text = str(context.get("text") or context.get("error") or _said(kind))
    return Problem(at, path, text)


def _said(kind: str) -> str:
    shapes = {
        "dict_type": "expected a mapping",
        "tuple_type": "expected a list",
        "list_type": "expected a list",
        "string_type": "expected a text",
        "too_short": "expected at least one entry",
        "model_type": "expected a mapping",
    }
    return shapes.get(kind, f"cannot be read ({kind})")


def _walk(node: Node, loc: tuple[int | str, ...]) -> tuple[At, list[int | str], Node]:
    """Follow a location as far as it names keys of the file; pydantic's own words are passed over."""
    at, inside = node.at, node
    names: list[int | str] = []
    for part in loc:
        inside = node
        if isinstance(node, Map) and isinstance(part, str) and part in node:
            node = node[part]
            at = node.at
            names.append(part)
        elif isinstance(node, Seq) and isinstance(part, int) and part < len(node):
            node = node[part]
            at = node.at
            names.append(part)
    return at, names, inside


def _fields(model: Any, loc: tuple[int | str, ...]) -> set[str]:  # noqa: ANN401 - a model or a union
    """Collect the keys that a model and its parts know, for "did you mean"."""
    known: set[str] = set()
    todo: list[Any] = [model]
    seen: set[int] = set()
    while todo:
        entry = todo.pop()
        if id(entry) in seen:
            continue
        seen.add(id(entry))
        if isinstance(entry, type) and issubclass(entry, BaseModel):
            todo += [field.annotation for field in entry.model_fields.values()]
            if loc or entry is model:
                known |= {f.alias or name for name, f in entry.model_fields.items()}
        todo += list(getattr(entry, "__args__", ()))
    return known
