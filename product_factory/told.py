"""An assembled product told to a person or a program: every term, its value and where it stands."""

from collections.abc import Iterator

from product_factory.assembled import AssembledProduct, AssembledVariable, Cover, TermValue
from product_factory.brought import all_brought
from product_factory.columns import width, wrapped
from product_factory.effective.text import as_written

VALUE = 28
"""Columns that a value takes beside its term; a longer one stands below."""


def told(product: AssembledProduct) -> dict[str, object]:
    """Give the product as plain values for JSON."""
    return {
        **identity(product),
        **origin(product),
        "modules": [
            {"as": use.alias, "module": use.module.module, "version": use.module.version}
            for use in product.uses.values()
        ],
        "experience": [
            {"basis": basis.name, **found.told()}
            for basis in product.bases.values()
            for found in all_brought(product, basis)
        ],
        "terms": [_term(product, t) for use in product.uses.values() for t in use.terms.values()],
    }


def identity(product: AssembledProduct) -> dict[str, object]:
    """Tell which product it is, and from which files."""
    return {
        "product": product.name,
        "version": product.product.version,
        "title": product.title.both,
        "on": product.on.isoformat(),
        "digest": product.digest,
        "inputs": product.inputs,
    }


def origin(product: AssembledProduct) -> dict[str, object]:
    """Tell how a product came to be: its parents, the overlays in force, what they changed."""
    composed = product.composed
    return {
        "extends": [{"product": a.name, "version": a.version} for a in composed.ancestors],
        "overlays": [
            {"overlay": entry.name, "file": entry.file, "stated": entry.stated}
            for entry in composed.overlays
        ],
        "changed": [
            {
                "overlay": change.overlay,
                "deed": change.deed,
                "value": change.path,
                "before": change.before,
                "after": change.after,
                "because": change.because,
                "at": str(change.at),
            }
            for change in composed.changed
        ],
    }


def _term(product: AssembledProduct, term: TermValue) -> dict[str, object]:
    found: dict[str, object] = {
        "term": term.full_name,
        "value": term.text,
        "how": term.how,
        "at": str(term.at),
    }
    named = product.parameters.get(term.text)
    if named is not None:
        found["parameter"] = {
            "value": named.said(),
            "since": named.since.isoformat(),
            "at": str(named.at),
        }
    if term.plans:
        found["plans"] = {p.plan: {"value": p.text, "at": str(p.at)} for p in term.plans}
    if term.amended:
        found["amended"] = [
            {"rider": a.rider, "text": a.text, "because": a.because, "at": str(a.at)}
            for a in term.amended
        ]
    return found


def lines(product: AssembledProduct) -> list[str]:
    """Give the product as lines of at most 80 columns, places apart."""
    version = f"{product.name} {product.product.version}"
    found = [f"{product.title.zh}  {product.title.en}  {version}"]
    found.append(f"on {product.on}  digest {product.digest[:16]}")
    found += [f"extends {a.name} {a.version}" for a in product.composed.ancestors]
    found += _overlays(product)
    for use in product.uses.values():
        optional = "  optional" if use.alias in product.variables else ""
        title = f"{use.title.zh}  {use.title.en}"
        found.append(f"{use.alias}: {title}  ({_module(product, use)}){optional}")
        for term in use.terms.values():
            found += _valued(product, term)
            found.append(f"      {term.at}")
            for amended in term.amended:
                found.append(f"      {amended.rider} {amended.text}: {amended.because}")
                found.append(f"      {amended.at}")
    return [*found, *_plans(product), *_experience(product)]


def _experience(product: AssembledProduct) -> Iterator[str]:
    """Tell what each basis multiplies its assumptions by; whole where it is its own."""
    for basis in product.bases.values():
        parent = product.bases[basis.inherits] if basis.inherits is not None else None
        above = {} if parent is None else {f.key: f.entry for f in all_brought(product, parent)}
        for found in all_brought(product, basis):
            if above.get(found.key) is found.entry:
                yield f"{basis.name}: {found.key} x {found.factor:.6g}, as {basis.inherits}"
                continue
            yield f"{basis.name}: {found.key} x {found.factor:.6g}"
            for part in found.parts:
                yield f"      {part}"
            yield from wrapped(found.entry.source, " " * 6, " " * 6)
            yield f"      {found.entry.at}"


def _module(product: AssembledProduct, use: Cover) -> str:
    """Name a module, and its version where the shelf holds several."""
    name = use.module.module
    several = len(product.shelf.held("modules", name)) > 1
    return f"{name} {use.module.version}" if several else name


def _valued(product: AssembledProduct, term: TermValue) -> list[str]:
    """Tell a term with its value on the product's day, and what the value is read from."""
    head, value = f"  {term.name:<24} ", _value(product, term)
    if width(value) <= VALUE:
        found = [f"{head}{value}{' ' * (VALUE - width(value))} {term.how}"]
    else:
        found = [f"{head}{'':<{VALUE}} {term.how}", *wrapped(value, " " * 6, " " * 6)]
    named = product.parameters.get(term.text)
    if named is not None and not term.plans:
        found += [f"      {named.name} since {named.since}", f"      {named.at}"]
    return found


def _value(product: AssembledProduct, term: TermValue) -> str:
    """Give the value: of a parameter what it is that day, of a choice what may be chosen."""
    if term.plans:
        return "by plan, below"
    if term.text in product.parameters:
        return product.parameters[term.text].said()
    chosen = product.variables.get(term.text) if term.how == "offered" else None
    if chosen is not None:
        return f"chosen: {chosen_from(chosen)}"
    return term.text or as_written(term.expression)


def chosen_from(variable: AssembledVariable) -> str:
    """Tell what may be chosen: the values, or from which to which."""
    if variable.type.of:
        return ", ".join(variable.type.of)
    ends = (("from", variable.declared.min), ("to", variable.declared.max))
    bounds = [f"{word} {as_written(end)}" for word, end in ends if end is not None]
    return " ".join(bounds) or variable.type.kind


def _overlays(product: AssembledProduct) -> Iterator[str]:
    for entry in product.composed.overlays:
        how = "stated by the product" if entry.stated else "asked for"
        yield f"overlay {entry.name}, {how}: {entry.overlay.title.zh}  {entry.file}"
        for change in product.composed.changed:
            if change.overlay == entry.name:
                yield f"  {change.deed} {change.path}"
                if change.before or change.after:
                    yield f"      {change.before or 'nothing'} → {change.after or 'nothing'}"
                yield f"      because {change.because}"


def _plans(product: AssembledProduct) -> Iterator[str]:
    """Set the plans side by side."""
    plans = product.product.plans
    terms = [t for use in product.uses.values() for t in use.terms.values() if t.plans]
    if not plans:
        return
    rows = [["plan", *plans], ["", *(plan.title.zh for plan in plans.values())]]
    rows += [[t.full_name, *(_under(t, plan) for plan in plans)] for t in terms]
    wide = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(f"{cell:<{width}}" for cell, width in zip(row, wide, strict=True)).rstrip()


def _under(term: TermValue, plan: str) -> str:
    return next((p.text or as_written(p.expression) for p in term.plans if p.plan == plan), "")
