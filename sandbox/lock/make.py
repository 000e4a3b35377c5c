"""A product → its lock, with the engines that price it and the wording that it gives."""

from pathlib import Path

from clause_templates.compose import compose
from clause_templates.from_product import facts_of
from clause_templates.library import languages
from clause_templates.trace import trace
from clause_templates.wording import Paragraph, Wording
from product_factory.assembled import RATED, AssembledProduct
from product_factory.canonical import digest
from product_factory.json_text import json_text
from product_factory.lock.lock import Lock, WordingLock, lock_path, make_lock
from product_factory.shelf import Shelf
from rating.engines.versions import ENGINE_VERSIONS
from rating.plan import fresh
from sandbox.files import write_whole


def lock_of(product: AssembledProduct) -> Lock:
    """Lock a product.

    Raises Stale where its rates are not built from what it says, and BadInput where its wording
    cannot be composed.
    """
    fresh(product)
    return lock_now(product)


def lock_now(product: AssembledProduct) -> Lock:
    """Give the lock of a product as it is, stale rates and all. Raises BadInput as `lock_of`."""
    facts = facts_of(product)
    wordings = {one: wording_lock(compose(facts, one)) for one in languages()}
    return make_lock(product, _engines(product), wordings)


def write_lock(shelf: Shelf, lock: Lock) -> Path:
    """Write a lock beside its product, whole or not at all, and give where it stands."""
    path = lock_path(shelf, lock.product)
    write_whole(path, lock.text().encode())
    return path


def _engines(product: AssembledProduct) -> dict[str, int]:
    """Give the engines that value the product: chains of states for lives, sums for the rest."""
    kinds = {process.kind for process in product.processes.values()}
    engines = {"multistate"} if kinds & {*RATED} else set()
    engines |= {"collective"} if kinds - {*RATED} else set()
    return {name: ENGINE_VERSIONS[name] for name in sorted(engines)}


def wording_lock(wording: Wording) -> WordingLock:
    """Hash what a wording says, article by article, and where its figures come from.

    Places in files do not count: they move with every line that is added above.
    """
    parts: dict[str, list[object]] = {}
    for where, paragraph in wording.passages():
        parts.setdefault(where, []).append(_said(paragraph))
    for chapter in wording.chapters:
        for article in chapter.articles:
            parts.setdefault(article.section, []).append([chapter.number, article.number])
    figures = [
        [one.text, str(one.worth), one.where, one.name, one.reference] for one in trace(wording)
    ]
    articles = {where: digest(json_text(said)) for where, said in sorted(parts.items())}
    return WordingLock(articles, digest(json_text(figures)))


def _said(paragraph: Paragraph) -> list[object]:
    runs = [[run.text, run.mark, run.bold, run.target] for run in paragraph.runs]
    return [paragraph.level, paragraph.number, paragraph.place, runs]
