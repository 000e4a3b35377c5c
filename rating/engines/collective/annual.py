"""Bind: product + basis + cells → what happens in a year, as arrays that price and sandbox share.

For each process of kind `collective`: the number of events of a policy, the chances of the choices
among its marks, and the distribution of each mark that is drawn. For each process of kind
`catalogue`: the events with their yearly rates, and the damage that each does to each item.
"""

from dataclasses import dataclass

from product_factory.assembled import AssembledBasis, AssembledProduct
from product_factory.errors import BadInput
from product_factory.yearly import of_a_year
from rating.engines.collective.cells import CellValues, RiskCells
from rating.engines.collective.happens import CatalogueProcess, CollectiveProcess, stream_of
from rating.engines.collective.periods import within
from rating.engines.collective.reader import Reader
from rating.payout import PayoutPlan, bind


@dataclass(frozen=True)
class AnnualModel:
    """Everything that happens in a year to the policies of the cells, and how it is paid."""

    product: AssembledProduct
    basis: AssembledBasis
    cells: RiskCells
    payout: PayoutPlan
    collective: tuple[CollectiveProcess, ...]
    catalogue: tuple[CatalogueProcess, ...]


def annual_model(product: AssembledProduct, basis: AssembledBasis, cells: RiskCells) -> AnnualModel:
    """Bind a year: of a contract of many, what is counted by the year.

    Raises BadInput at what is not known, no probability, or of the wrong kind.
    """
    product = of_a_year(product)
    payout = bind(product, basis)
    values = CellValues(cells)
    collective: list[CollectiveProcess] = []
    catalogue: list[CatalogueProcess] = []
    for alias, process in product.processes.items():
        reader = Reader(product, basis, cells, payout, values, alias, process)
        if process.kind == "collective":
            collective += reader.collective()
        elif process.kind == "catalogue":
            catalogue.append(_catalogue(reader))
        else:
            text = f"the collective engine reads events of a year, and '{alias}' is {process.kind}"
            raise BadInput.one(process.at, "kind", text)
    if cells.periods is not None:
        collective = [within(process, cells.periods) for process in collective]
    return AnnualModel(product, basis, cells, payout, tuple(collective), tuple(catalogue))


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
