"""An assembled product told to a person or a program: every term, its value and where it stands."""

from product_factory.assembled import AssembledProduct


def told(product: AssembledProduct) -> dict[str, object]:
    """Give the product as plain values for JSON."""
    return {
        "product": product.name,
        "version": product.product.version,
        "title": {"zh": product.title.zh, "en": product.title.en},
        "on": product.on.isoformat(),
        "digest": product.digest,
        "inputs": product.inputs,
        "terms": [
            {"term": t.full_name, "value": t.text, "how": t.how, "at": str(t.at)}
            for use in product.uses.values()
            for t in use.terms.values()
        ],
    }


def lines(product: AssembledProduct) -> list[str]:
    """Give the product as lines of at most 80 columns, places apart."""
    version = f"{product.name} {product.product.version}"
    found = [f"{product.title.zh}  {product.title.en}  {version}"]
    found.append(f"on {product.on}  digest {product.digest[:16]}")
    for use in product.uses.values():
        found.append(f"{use.alias}: {use.title.zh}  {use.title.en}  ({use.module.module})")
        for term in use.terms.values():
            found.append(f"  {term.name:<24} {term.text:<28} {term.how}")
            found.append(f"      {term.at}")
    return found
