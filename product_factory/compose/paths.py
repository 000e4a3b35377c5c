"""Values by name: `covers.death.set.waiting`, `bases.pricing.loading`, `offers.term.of.30`.

The first word names the file; without one it is `product`. A name may hold dots and spaces: of the
names that are known, the longest that fits is taken.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from product_factory.compose.merge import copied, name_of, place_of
from product_factory.compose.shape import Keys, Listed, Named, Shape, inner, shape_of
from product_factory.errors import At, BadInput, nearest
from product_factory.nodes import Map, Node, Seq, Text

Files = dict[str, Node]


@dataclass(frozen=True)
class Target:
    """A value by name: its file, and the keys, names and places in lists that lead to it.

    shape  how what stands there merges;  new: nothing stands there yet
    """

    stem: str
    steps: tuple[str | int, ...]
    shape: Shape
    new: bool


def find(files: Files, path: Text, where: str, *, new: bool = False, add: bool = False) -> Target:
    """Find a value.

    where  the key under which the path is written, for messages
    new    whether the last word may be a key that was left out
    add    whether the last word may be a name that is not there yet

    Raises BadInput with the nearest known name.
    """
    stem, rest = _file(files, path)
    if not rest:
        raise BadInput.one(path.at, where, "expected the name of a value, got nothing")
    holder, shape = files[stem], shape_of(stem)
    steps: list[str | int] = []
    while rest:
        known = _names(holder, shape)
        fits = [name for name in known if rest == name or rest.startswith(f"{name}.")]
        if not fits:
            if new and isinstance(holder, Map):
                for name, part in _unwritten(holder, shape):  # `set` where nothing is set yet
                    word = rest.removeprefix(f"{name}.")
                    if word != rest and "." not in word:
                        return Target(stem, (*steps, name, word), inner(part, word), new=True)
            grows = isinstance(holder, Map) and (add or (new and _may_grow(shape)))
            if grows and "." not in rest:
                return Target(stem, (*steps, rest), inner(shape, rest), new=True)
            raise _unknown(files, path, rest, known, where)
        name = max(fits, key=len)
        rest = rest[len(name) + 1 :]
        step, holder = _step(holder, shape, name)
        steps.append(step)
        shape = inner(shape, name)
    return Target(stem, tuple(steps), shape, new=False)


def _file(files: Files, path: Text) -> tuple[str, str]:
    stem, _, rest = path.partition(".")
    if stem in files and rest:
        return stem, rest
    return "product", str(path)


def _names(holder: Node, shape: Shape) -> list[str]:
    if isinstance(holder, Map):
        return list(holder)
    if not isinstance(holder, Seq):
        return []
    key = shape.key if isinstance(shape, Listed) else ""
    if key:
        return [name for entry in holder if (name := name_of(entry, key)) is not None]
    return [str(entry) for entry in holder if isinstance(entry, Text)]


def _step(holder: Node, shape: Shape, name: str) -> tuple[str | int, Node]:
    if isinstance(holder, Map):
        return name, holder[name]
    assert isinstance(holder, Seq)  # noqa: S101 - _names gave no name for a text
    if isinstance(shape, Listed):
        place = place_of(holder, shape.key, name)
    else:
        place = next(n for n, entry in enumerate(holder) if entry == name)
    assert place is not None  # noqa: S101 - _names gave the name
    return place, holder[place]


def _unwritten(holder: Map, shape: Shape) -> list[tuple[str, Shape]]:
    """List the mappings that may grow and are not written at all."""
    parts = shape.parts.items() if isinstance(shape, Keys) else ()
    return [(name, part) for name, part in parts if name not in holder and _grows(part)]


def _grows(shape: Shape) -> bool:
    return isinstance(shape, Named) and shape.grows


def _may_grow(shape: Shape) -> bool:
    """Tell whether a value may be written that was left out: a key, or a term under `set`."""
    return not isinstance(shape, Named) or shape.grows


def _unknown(files: Files, path: Text, rest: str, known: Iterable[str], where: str) -> BadInput:
    done = str(path)[: len(path) - len(rest)].rstrip(".")
    word = rest.partition(".")[0]
    listed = [*known, *(files if not done else ())]
    place = f" in {done}" if done else ""
    text = f"unknown value '{path}': there is no '{word}'{place}{nearest(word, listed)}"
    return BadInput.one(path.at, where, text)


def value_at(files: Files, target: Target) -> Node | None:
    """Give what stands there, or None."""
    node: Node = files[target.stem]
    for step in target.steps:
        if isinstance(node, Map) and isinstance(step, str):
            if step not in node:
                return None
            node = node[step]
        elif isinstance(node, Seq) and isinstance(step, int):
            node = node[step]
    return node


def put(files: Files, target: Target, value: Node, at: At) -> None:
    """Put a value in place of another, or as a new one; nodes on the way are copied."""

    def change(holder: Node, step: str | int) -> None:
        if isinstance(holder, Map):
            holder[str(step)] = value
            holder.keys_at[str(step)] = at
        elif isinstance(holder, Seq) and isinstance(step, int):
            holder[step] = value

    files[target.stem] = _along(files[target.stem], target.steps, change)


def take_out(files: Files, target: Target) -> None:
    """Take a value out; nodes on the way are copied."""

    def change(holder: Node, step: str | int) -> None:
        if isinstance(holder, Map):
            del holder[str(step)]
            del holder.keys_at[str(step)]
        elif isinstance(holder, Seq) and isinstance(step, int):
            del holder[step]

    files[target.stem] = _along(files[target.stem], target.steps, change)


def append(files: Files, target: Target, value: Node) -> None:
    """Put an entry at the end of a list; nodes on the way are copied."""

    def change(holder: Node, _step: str | int) -> None:
        if isinstance(holder, Seq):
            holder.append(value)

    files[target.stem] = _along(files[target.stem], (*target.steps, -1), change)


def _along(
    node: Node, steps: tuple[str | int, ...], change: Callable[[Node, str | int], None]
) -> Node:
    """Copy the nodes that lead to the last step's holder, and change that holder."""
    made: Map | Seq
    if isinstance(node, Map):
        made = copied(node, node.at)
    elif isinstance(node, Seq):
        made = Seq(node.at)
        made.extend(node)
    else:
        return node
    first, rest = steps[0], steps[1:]
    if not rest:
        change(made, first)
    elif isinstance(made, Map):
        if first not in made:
            made[str(first)] = Map(made.at)
            made.keys_at[str(first)] = made.at
        made[str(first)] = _along(made[str(first)], rest, change)
    elif isinstance(first, int):
        made[first] = _along(made[first], rest, change)
    return made
