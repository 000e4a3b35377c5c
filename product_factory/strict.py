"""Nodes → models: pydantic reads strictly, and every complaint is told with its place.

A model is frozen, forbids unknown keys, and remembers where it and its keys stand (`at`,
`place(key)`). Scalars arrive as text and are read by the declared type of the field.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Annotated, Any, ClassVar, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PrivateAttr,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic.functional_validators import ModelWrapValidatorHandler
from pydantic_core import PydanticCustomError

from product_factory import shapes, slips
from product_factory.complaints import complaints
from product_factory.currency import CODES, meant_by
from product_factory.errors import At, BadInput, BadValue, either, nearest
from product_factory.expressions.tree import Conditions, Expression
from product_factory.expressions.values import read_conditions, read_value
from product_factory.nodes import Map, Node, Seq, Text, said
from product_factory.settings import read_by_year, read_setting
from product_factory.types import KINDS, YES_NO, read_date, read_number

NOWHERE = At("")
ENDS = ("@^1", ".0", ".0.0")
"""What is left out at the end of a reference or a version most of the time."""


class Strict(BaseModel):
    """A part of a product file: frozen, no unknown keys, knows its place."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    LOOKS: ClassVar[str] = ""

    _at: At = PrivateAttr(default_factory=lambda: NOWHERE)
    _places: dict[str, At] = PrivateAttr(default_factory=dict)

    @model_validator(mode="wrap")
    @classmethod
    def _remember(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:  # noqa: ANN401 - pydantic hands over anything
        if isinstance(value, cls):
            return value
        if not isinstance(value, Map):
            text = f"expected keys with values{cls.LOOKS}, got {said(value)}"
            raise PydanticCustomError("shape", "{text}", {"text": text})
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


def located(reader: Callable[[Node], Any]) -> Callable[[Any], Any]:
    """Turn the errors of a reader into pydantic's, keeping their own place if they have one."""

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
        message = f"expected a text, got {said(node)}"
        raise BadValue(message)
    return str(node)


def _matching(pattern: str, expected: str) -> Callable[[Node], str]:
    compiled = re.compile(pattern)

    def read(node: Node) -> str:
        text = _text(node)
        if not compiled.fullmatch(text):
            meant = next((end for end in ENDS if compiled.fullmatch(text + end)), "")
            hint = f"; did you mean {text}{meant}?" if meant and text else ""
            message = f"expected {expected}, got {text}{hint}"
            raise BadValue(message)
        return text

    return read


def _currency(node: Node) -> str:
    code = _text(node)
    if code not in CODES:
        meant = meant_by(code)
        hint = f"; did you mean {meant}?" if meant else ""
        message = f"expected the ISO 4217 code of a currency, such as CNY, got {code}{hint}"
        raise BadValue(message)
    return code


def _yes_no(node: Node) -> bool:
    text = _text(node)
    if text not in YES_NO:
        message = f"expected yes or no, got {text}{slips.yes_or_no(text)}"
        raise BadValue(message)
    return bool(YES_NO[text])


def _list_of_text(node: Node) -> tuple[str, ...]:
    if isinstance(node, Text):
        return (str(node),)
    if isinstance(node, Map):
        message = f"expected a list, got {said(node)}"
        raise BadValue(message)
    return tuple(map(_text, node))


def _number_as(kind: str) -> Callable[[Node], float]:
    return lambda node: read_number(_text(node), kind)


PlainText = Annotated[str, BeforeValidator(located(_text)), WithJsonSchema(shapes.TEXT)]
Currency = Annotated[str, BeforeValidator(located(_currency)), WithJsonSchema(shapes.CURRENCY)]
Word = Annotated[
    str,
    BeforeValidator(located(_matching(r"[^\W\d]\w*", "a word of letters, digits and _"))),
    WithJsonSchema(shapes.WORD),
]
Path = Annotated[
    str,
    BeforeValidator(
        located(_matching(r"[^\W\d]\w*(/[^\W\d]\w*)*", "a name such as life/surrender"))
    ),
    WithJsonSchema(shapes.PATH),
]
Reference = Annotated[
    str,
    BeforeValidator(
        located(
            _matching(
                r"[^\W\d]\w*(/[^\W\d]\w*)*@(\^|~)?\d+(\.\d+){0,2}",
                "a name with its version, such as life/surrender@^1",
            )
        )
    ),
    WithJsonSchema(shapes.REFERENCE),
]
Version = Annotated[
    str,
    BeforeValidator(
        located(_matching(r"\d+\.\d+\.\d+", "a version of three numbers such as 1.0.0"))
    ),
    WithJsonSchema(shapes.VERSION),
]
Dotted = Annotated[
    str,
    BeforeValidator(located(_matching(r"[^\W\d]\w*(\.\w+)*", "a name such as mortality.death"))),
    WithJsonSchema(shapes.DOTTED),
]
YesNo = Annotated[bool, BeforeValidator(located(_yes_no)), WithJsonSchema(shapes.YES_NO)]
Day = Annotated[
    date,
    BeforeValidator(located(lambda node: read_date(_text(node)))),
    WithJsonSchema(shapes.DAY),
]
Whole = Annotated[
    int,
    BeforeValidator(located(lambda node: int(read_number(_text(node), "integer")))),
    WithJsonSchema(shapes.WHOLE),
]
Share = Annotated[
    float, BeforeValidator(located(_number_as("ratio"))), WithJsonSchema(shapes.NUMBER)
]
Plain = Annotated[
    float, BeforeValidator(located(_number_as("number"))), WithJsonSchema(shapes.NUMBER)
]
Texts = Annotated[
    tuple[str, ...], BeforeValidator(located(_list_of_text)), WithJsonSchema(shapes.TEXTS)
]
KindOfType = Annotated[
    str,
    BeforeValidator(located(lambda node: _one_of(_text(node), KINDS))),
    WithJsonSchema(shapes.words(KINDS)),
]
Value = Annotated[Expression, BeforeValidator(located(read_value)), WithJsonSchema(shapes.VALUE)]
Setting = Annotated[
    Expression, BeforeValidator(located(read_setting)), WithJsonSchema(shapes.VALUE)
]
ByYear = Annotated[
    Expression, BeforeValidator(located(read_by_year)), WithJsonSchema(shapes.BY_YEAR)
]
When = Annotated[Conditions, BeforeValidator(located(read_conditions)), WithJsonSchema(shapes.WHEN)]
RawNode = Annotated[Any, BeforeValidator(lambda value: value), WithJsonSchema(shapes.ANY)]


def _one_of(word: str, known: Iterable[str], *, near: bool = False) -> str:
    known = tuple(known)
    if word not in known:
        message = f"expected {either(known)}, got {word}{nearest(word, known) if near else ''}"
        raise BadValue(message)
    return word


def word_of(known: Iterable[str]) -> BeforeValidator:
    """Give the reader of one of a family's words."""
    words = tuple(known)
    listed = Annotated[str, WithJsonSchema(shapes.words(words))]
    return BeforeValidator(located(lambda node: _one_of(_text(node), words, near=True)), listed)


class Bilingual(Strict):
    """A printed text in Chinese and English."""

    LOOKS: ClassVar[str] = " such as {zh: …, en: …}"

    zh: PlainText
    en: PlainText

    @property
    def both(self) -> dict[str, str]:
        """The text by language."""
        return {"zh": self.zh, "en": self.en}


Model = TypeVar("Model", bound=BaseModel)


def read(model: type[Model], node: Node, path: str = "") -> Model:
    """Read a node as a model. Raises BadInput with every problem that was found."""
    try:
        return model.model_validate(node)
    except ValidationError as error:
        raise BadInput(complaints(model, node, error, path)) from None


Content = TypeVar("Content")


def read_as(adapter: TypeAdapter[Content], node: Node) -> Content:
    """Read the content of a whole file. Raises BadInput with every problem that was found."""
    try:
        return adapter.validate_python(node)
    except ValidationError as error:
        kind = adapter._type  # noqa: SLF001 - the type is not public
        raise BadInput(complaints(kind, node, error)) from None
