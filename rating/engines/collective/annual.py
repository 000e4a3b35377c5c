"""Bind: product + basis + cells → what happens in a year, as arrays that price and sandbox share.

For each process of kind `collective`: the number of events of a policy, the chances of the choices
among its marks, and the distribution of each mark that is drawn. For each process of kind
`catalogue`: the events with their yearly rates, and the damage that each does to each item.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from product_factory.assembled import AssembledBasis, AssembledProduct, Cover
from product_factory.errors import BadInput
from product_factory.yearly import of_a_year
from rating.engines.collective.cells import CellValues, RiskCells, rows_of
from rating.engines.collective.happens import CatalogueProcess, CollectiveProcess, stream_of
from rating.engines.collective.periods import within
from rating.engines.collective.reader import Reader
from rating.payout import PayoutPlan, bind


@dataclass(frozen=True)
class AnnualModel:
    """Everything that happens in a year to the policies of the cells, and how it is paid.

    rows  what the arrays of processes are laid out by: the cells, then, where events happen to
          items one by one, a row for each item (`rows_of`)
    """

    product: AssembledProduct
    basis: AssembledBasis
    cells: RiskCells
    payout: PayoutPlan
    collective: tuple[CollectiveProcess, ...]
    catalogue: tuple[CatalogueProcess, ...]
    rows: RiskCells

    @property
    def by_item(self) -> bool:
        """Whether some events happen to items one by one."""
        return self.rows is not self.cells

    @property
    def of_rows(self) -> "AnnualModel":
        """The same year with every row as a cell, a policy's own events apart from its items'."""
        return replace(self, cells=self.rows)

    def refuse_by_item(self, what: str, instead: str) -> None:
        """Raise BadInput where events happen to items one by one, which not everything reads.

        what  takes whole policies;  instead: what gives an answer of such a product
        """
        if self.by_item:
            for alias, process in self.product.processes.items():
                for event, shape in process.events.items():
                    if shape.each is not None:
                        got = f"'each: {shape.each}': {instead}"
                        text = f"{what} takes events of whole policies, got {got}"
                        raise BadInput.one(shape.at, f"{alias}.events.{event}", text)

    def rows_of(self, cell: int) -> list[int]:
        """List the rows of a policy: its own, then those of the items that events hit alone."""
        if self.rows.policy is None:
            return [cell]
        return np.flatnonzero(self.rows.policy == cell).tolist()


def annual_model(product: AssembledProduct, basis: AssembledBasis, cells: RiskCells) -> AnnualModel:
    """Bind a year: of a contract of many, what is counted by the year.

    Raises BadInput at what is not known, no probability, or of the wrong kind.
    """
    product = of_a_year(product)
    payout = bind(product, basis)
    rows = cells
    by_item = items_hit(product)
    _refuse_all_at_once(product, by_item)
    _refuse_mixed(product, by_item)
    if by_item:
        rows = rows_of(cells, {place for places in by_item.values() for place in places})
    whole = np.arange(cells.size)
    collective: list[CollectiveProcess] = []
    catalogue: list[CatalogueProcess] = []
    for alias, process in product.processes.items():
        if process.kind == "collective":
            for event in process.events:
                hit = whole
                if rows.item is not None and f"{alias}.{event}" in by_item:
                    hit = np.flatnonzero(np.isin(rows.item, by_item[f"{alias}.{event}"]))
                some = rows if hit.size == rows.size else rows.where(hit)
                reader = Reader(product, basis, some, payout, CellValues(some), alias, process)
                collective.append(reader.collective(event).spread(hit, rows.size))
        elif process.kind == "catalogue":
            reader = Reader(product, basis, cells, payout, CellValues(cells), alias, process)
            catalogue.append(_catalogue(reader))
        else:
            text = f"the collective engine reads events of a year, and '{alias}' is {process.kind}"
            raise BadInput.one(process.at, "kind", text)
    if rows.periods is not None:
        collective = [within(process, rows.periods) for process in collective]
    return AnnualModel(product, basis, cells, payout, tuple(collective), tuple(catalogue), rows)


def items_hit(product: AssembledProduct) -> dict[str, tuple[int, ...]]:
    """Give for each event that happens to items one by one the items that it may hit.

    Those are the items on which a cover of the event stands, all where none does.

    Raises BadInput where the product has no items.
    """
    places = {item: place for place, item in enumerate(product.items)}
    found: dict[str, tuple[int, ...]] = {}
    for alias, process in product.processes.items():
        for event, shape in process.events.items():
            if shape.each is not None:
                name = f"{alias}.{event}"
                if not places:
                    text = "happens to items one by one, and the product has no 'items'"
                    raise BadInput.one(shape.at, f"{alias}.events.{event}", text)
                items = {item for cover in _hearing(product, name) for item in cover.items}
                found[name] = tuple(places[item] for item in places if item in items or not items)
    return found


def _hearing(product: AssembledProduct, event: str) -> Iterator[Cover]:
    for cover in product.covers.values():
        if cover.module.pays is not None and event in cover.module.pays.event:
            yield cover


def _refuse_all_at_once(product: AssembledProduct, by_item: Mapping[str, tuple[int, ...]]) -> None:
    """Refuse an event that hits at once all of an item of which several may stand in a policy."""
    for alias, process in product.processes.items():
        for event, shape in process.events.items():
            name = f"{alias}.{event}"
            for cover in _hearing(product, name) if name not in by_item else ():
                several = [item for item in cover.items if product.product.items[item].many]
                if several:
                    text = (
                        f"expected 'each: item' under the event '{event}', got one that hits every "
                        f"'{several[0]}' of a policy at once, which is claimed, not simulated"
                    )
                    raise BadInput.one(shape.at, f"{alias}.events.{event}", text)


def _refuse_mixed(product: AssembledProduct, by_item: Mapping[str, tuple[int, ...]]) -> None:
    """Refuse a cover of items that pays for events of one item and for events of all at once."""
    for alias, cover in product.covers.items():
        pays = cover.module.pays
        if pays is None or not cover.items:
            continue
        single = [event for event in pays.event if event in by_item]
        if single and len(single) < len(pays.event):
            whole = next(event for event in pays.event if event not in by_item)
            text = (
                f"'{single[0]}' happens to items one by one, '{whole}' to all at once: expected "
                "a cover for each"
            )
            raise BadInput.one(pays.at, f"{alias}.pays.event", text)


def _catalogue(reader: Reader) -> CatalogueProcess:
    # the wind field is compiled, and products without a catalogue do not wait for that
    from rating.engines.collective.catalogue import read_catalogue  # noqa: PLC0415

    (event,) = reader.process.events
    chances = reader.chances()
    for one in chances:
        # a storm is drawn for all at once, and so are its marks
        if (one.cumulative != one.cumulative[:1, :1]).any():
            mark = reader.payout.marks[one.mark]
            at = getattr(reader.risk(mark), "at", reader.basis.at)
            text = "expected shares that are the same for every risk"
            raise BadInput.one(at, reader.path(mark), text)
    name = f"{reader.alias}.{event}"
    return CatalogueProcess(
        name=name,
        event=reader.payout.events.index(name),
        stream=stream_of(name),
        chances=chances,
        **read_catalogue(reader.product, reader.cells, reader.values, reader),
    )
