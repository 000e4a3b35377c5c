"""A file of the small shelf as a plain tree: mutated by path, and written back as YAML."""

import copy
import json

from product_factory.nodes import Map, Seq, read_nodes
from tests.product_factory.shelves import FILES

Path = tuple


def tree(file):
    """The content of a file as dicts, lists and texts."""
    return plain(read_nodes(FILES[file], file))


def plain(node):
    if isinstance(node, Map):
        return {str(key): plain(value) for key, value in node.items()}
    if isinstance(node, Seq):
        return [plain(entry) for entry in node]
    return str(node)


def written(content):
    """The content as YAML, every text in quotes and everything in braces."""
    return json.dumps(content, ensure_ascii=False)


def places(content, path=()):
    """Every path to a key or an entry of a list, in order."""
    found = [path] if path else []
    pairs = content.items() if isinstance(content, dict) else ()
    pairs = enumerate(content) if isinstance(content, list) else pairs
    for key, inner in pairs:
        found += places(inner, (*path, key))
    return found


def at(content, path):
    for key in path:
        content = content[key]
    return content


def changed(content, path, new):
    """The content with something else at a path; `...` takes the key or entry away."""
    made = copy.deepcopy(content)
    holder = at(made, path[:-1])
    if new is ...:
        del holder[path[-1]]
    else:
        holder[path[-1]] = new
    return made


def renamed(content, path, name):
    """The content with another name for the key at a path, in its place."""
    made = copy.deepcopy(content)
    holder = at(made, path[:-1])
    pairs = [(name if key == path[-1] else key, value) for key, value in holder.items()]
    holder.clear()
    holder.update(pairs)
    return made


def doubled(content, path):
    """The content with the entry of a list at a path written twice."""
    made = copy.deepcopy(content)
    holder = at(made, path[:-1])
    holder.insert(path[-1], copy.deepcopy(holder[path[-1]]))
    return made


def shuffled(content, draw):
    """The content with the keys of every mapping in another order, drawn by `draw`.

    The rows of a schedule keep theirs: it must rise.
    """
    if isinstance(content, dict):
        keys = list(content) if all(key.isdigit() for key in content) else draw(list(content))
        return {key: shuffled(content[key], draw) for key in keys}
    if isinstance(content, list):
        return [shuffled(entry, draw) for entry in content]
    return content
