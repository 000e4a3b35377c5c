"""A child's nodes laid over its parent's; neither is changed, and every value keeps its place."""

from product_factory.compose.shape import Keys, Listed, Named, Shape, Whole, inner
from product_factory.errors import At, BadInput, nearest
from product_factory.nodes import Map, Node, Seq, Text, said
from product_factory.versions import split

PLACES = ("after", "before")


def merge(parent: Node, child: Node, shape: Shape, path: str = "") -> Node:
    """Lay a child over its parent. Raises BadInput where the two cannot be brought together."""
    match shape:
        case Whole():
            return child
        case Listed():
            if isinstance(parent, Seq) and isinstance(child, Seq):
                return _lists(parent, child, shape, path)
        case Keys() | Named():
            if isinstance(parent, Map) and isinstance(child, Map):
                return _maps(parent, child, shape, path)
    return child  # of another form than it should be: the model says so at its place


def _maps(parent: Map, child: Map, shape: Keys | Named, path: str) -> Map:
    if isinstance(shape, Keys) and _stands_whole(parent, child, shape.says):
        return child
    merged = copied(parent, child.at)
    for key, value in child.items():
        below = f"{path}.{key}" if path else key
        if key in parent:
            merged[key] = merge(parent[key], value, inner(shape, key), below)
        else:
            merged[key] = value
        merged.keys_at[key] = child.keys_at[key]
    return merged


def _stands_whole(parent: Map, child: Map, says: str) -> bool:
    """Tell an entry that says anew what it is; another version of one module is still the same."""
    if not says or says not in child:
        return False
    if says == "use":
        return _module(parent.get(says)) != _module(child[says])
    return True


def _module(node: Node | None) -> str:
    return split(node)[0] if isinstance(node, Text) else ""


def _lists(parent: Seq, child: Seq, shape: Listed, path: str) -> Seq:
    merged = Seq(child.at)
    merged.extend(parent)
    for entry in child:
        name = name_of(entry, shape.key)
        place = place_of(merged, shape.key, name) if name is not None else None
        if place is None:
            _insert(merged, entry, shape, path)
            continue
        merged[place] = merge(merged[place], entry, shape.each, f"{path}.{name}")
    return merged


def _insert(merged: Seq, entry: Node, shape: Listed, path: str) -> None:
    """Put a new entry where its `after` or `before` says, else last."""
    where = next((key for key in PLACES if isinstance(entry, Map) and key in entry), None)
    if where is None or not isinstance(entry, Map) or not shape.places:
        merged.append(entry)
        return
    beside = entry[where]
    if not isinstance(beside, Text):
        raise BadInput.one(beside.at, f"{path}.{where}", f"expected a name, got {said(beside)}")
    place = place_of(merged, shape.key, beside)
    if place is None:
        hint = nearest(beside, names(merged, shape.key))
        raise BadInput.one(beside.at, f"{path}.{where}", f"unknown name '{beside}'{hint}")
    kept = entry if shape.ordered else without(entry, PLACES)
    merged.insert(place + (where == "after"), kept)


def copied(entries: Map, at: At) -> Map:
    """Copy a mapping, one level deep."""
    made = Map(at)
    made.update(entries)
    made.keys_at = dict(entries.keys_at)
    return made


def without(entries: Map, keys: tuple[str, ...]) -> Map:
    """Copy a mapping without some keys."""
    made = Map(entries.at)
    for key, value in entries.items():
        if key not in keys:
            made[key] = value
            made.keys_at[key] = entries.keys_at[key]
    return made


def name_of(entry: Node, key: str) -> str | None:
    """Give the name of an entry of a list, None for one that has none."""
    name = entry.get(key) if isinstance(entry, Map) else None
    return str(name) if isinstance(name, Text) else None


def place_of(entries: Seq, key: str, name: str) -> int | None:
    """Find an entry of a list by name."""
    found = (place for place, entry in enumerate(entries) if name_of(entry, key) == name)
    return next(found, None)


def names(entries: Seq, key: str) -> list[str]:
    """List the names of the entries of a list."""
    return [name for entry in entries if (name := name_of(entry, key)) is not None]
