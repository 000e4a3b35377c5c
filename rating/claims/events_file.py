"""The events that a user states: a policy and what happened to it, as `claims.yaml` has them."""

from collections.abc import Mapping
from pathlib import Path

from product_factory.errors import At, BadInput
from product_factory.examples import ClaimEvent
from product_factory.nodes import MAX_CHARACTERS, Map, read_nodes, said
from product_factory.strict import PlainText, RawNode, Strict, read

MAX_BYTES = 4 * MAX_CHARACTERS


class EventsFile(Strict):
    """`policy` and `events`, with a name if one likes."""

    name: PlainText = ""
    policy: RawNode
    events: tuple[ClaimEvent, ...]


def read_events(path: Path) -> tuple[Mapping[str, object], tuple[ClaimEvent, ...]]:
    """Read a policy and its events from a file; values keep their places for later complaints.

    Raises BadInput with file:line:column for what is no YAML, unknown, missing or of a wrong type.
    """
    label = path.as_posix()
    if not path.is_file():
        raise BadInput.one(At(label), "", "there is no such file")
    if path.stat().st_size > MAX_BYTES:
        text = f"expected at most {MAX_BYTES} bytes, got {path.stat().st_size}"
        raise BadInput.one(At(label), "", text)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BadInput.one(At(label, line, 1), "", "expected text in UTF-8") from None
    stated = read(EventsFile, read_nodes(text, label))
    if not isinstance(stated.policy, Map):
        got = said(stated.policy)
        raise BadInput.one(
            stated.place("policy"), "policy", f"expected keys with values, got {got}"
        )
    return stated.policy, stated.events
