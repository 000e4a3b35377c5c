"""An overlay: `overlays/NAME.yaml`, named values of a product changed, each with its reason.

A jurisdiction, a channel or a branch is an overlay of one product. A product states overlays of its
own or of its parents (`overlays: [internet]`), or one is asked for by name: `term_life+internet`.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from product_factory import shapes
from product_factory.compose.paths import Files, append, find, put, take_out, value_at
from product_factory.compose.shape import Listed
from product_factory.errors import At, BadInput, BadValue, either
from product_factory.nodes import Map, Node, Seq, Text, said
from product_factory.strict import Bilingual, PlainText, RawNode, Strict, Word

Deed = Literal["change", "add", "drop"]
DEEDS: tuple[Deed, ...] = ("change", "add", "drop")


def _placed(node: Any) -> Any:  # noqa: ANN401 - pydantic hands over anything
    """Keep a text with its place."""
    if isinstance(node, Text) or node is None:
        return node
    message = f"expected the name of a value, got {said(node)}"
    raise BadValue(message)


Path = Annotated[Any, BeforeValidator(_placed), WithJsonSchema(shapes.TEXT)]


class Change(Strict):
    """One change: a value that is to `change` or an entry to `add`, as `is` says, or to `drop`."""

    change: Path = None
    add: Path = None
    drop: Path = None
    becomes: RawNode = Field(default=None, alias="is")
    because: PlainText

    @model_validator(mode="after")
    def _one_deed(self) -> "Change":
        written = [deed for deed in DEEDS if getattr(self, deed) is not None]
        if len(written) != 1:
            message = f"expected one of the keys {either(DEEDS)}, got {either(written) or 'none'}"
            raise BadValue(message)
        if (self.becomes is None) != (self.deed == "drop"):
            message = "expected the key 'is'" if self.becomes is None else "'drop' takes no 'is'"
            raise BadValue(message)
        return self

    @property
    def deed(self) -> Deed:
        """What is done."""
        return next(deed for deed in DEEDS if getattr(self, deed) is not None)

    @property
    def path(self) -> Text:
        """The name of the value."""
        path: Text = getattr(self, self.deed)
        return path


class Overlay(Strict):
    """An overlay file."""

    overlay: Word
    title: Bilingual
    changes: tuple[Change, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Changed:
    """What an overlay did to one value: before and after as they are written, where, and why."""

    overlay: str
    deed: Deed
    path: str
    before: str
    after: str
    because: str
    at: At


def lay(files: Files, overlay: Overlay) -> tuple[Changed, ...]:
    """Apply an overlay to the files of a product. Raises BadInput at the first unknown value."""
    done: list[Changed] = []
    for number, change in enumerate(overlay.changes):
        before = _apply(files, change, f"changes[{number}]")
        after = shown(change.becomes) if change.becomes is not None else ""
        entry = Changed(
            overlay=overlay.overlay,
            deed=change.deed,
            path=str(change.path),
            before=before,
            after=after,
            because=change.because,
            at=change.path.at,
        )
        done.append(entry)
    return tuple(done)


def _apply(files: Files, change: Change, where: str) -> str:
    where = f"{where}.{change.deed}"
    new = change.deed != "drop"
    target = find(files, change.path, where, new=new, add=change.deed == "add")
    before = value_at(files, target)
    at = change.path.at
    if change.deed == "drop":
        take_out(files, target)
    elif change.deed == "change":
        put(files, target, change.becomes, at)
    elif isinstance(target.shape, Listed) and isinstance(before, Seq):
        append(files, target, change.becomes)
        return ""
    elif not target.new:
        text = f"'{change.path}' is there already; say change: {change.path}"
        raise BadInput.one(at, where, text)
    else:
        put(files, target, change.becomes, at)
    return "" if before is None else shown(before)


def shown(node: Node) -> str:
    """Write a node on one line, as an author would."""
    if isinstance(node, Text):
        return str(node)
    if isinstance(node, Map):
        inner = ", ".join(f"{key}: {shown(value)}" for key, value in node.items())
        return f"{{{inner}}}"
    return f"[{', '.join(map(shown, node))}]"
