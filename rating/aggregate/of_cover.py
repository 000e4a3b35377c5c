"""The year of a product's covers, for one policy: its claims as the engine pays them."""

from collections.abc import Sequence

from product_factory.errors import BadInput, BadValue, nearest
from rating.aggregate.claim import NodesOfClaim
from rating.aggregate.grid import Source
from rating.aggregate.year import YearTerms
from rating.engines.collective.annual import AnnualModel
from rating.engines.collective.layer import borne
from rating.engines.collective.outcomes import outcomes
from rating.engines.collective.queue import in_sequence
from rating.engines.collective.terms import balances, check_terms


def cover_year(
    model: AnnualModel, covers: Sequence[str], cell: int = 0, *, before_limits: bool = False
) -> tuple[tuple[Source, ...], YearTerms]:
    """Return the claims of some covers (of all for none), and the limit or corridor of the year.

    before_limits  whether these of the year are left out, each claim standing alone under them

    Raises BadInput where a claim depends on those before it, as under a deductible of the year,
    and where a limit or corridor of the year is not on just these covers: there the sum has no
    distribution by these methods, and the years are to be simulated.
    """
    entries = [entry for entry in model.payout.entries if not entry.exclusion]
    known = [entry.name for entry in entries]
    for name in covers:
        if name not in known:
            raise BadValue(f"unknown cover '{name}'{nearest(name, known)}")
    at = model.product.product.place("covers")
    if in_sequence(model):
        why = "a deductible of the year or a waiting period makes claims depend on earlier ones"
        raise BadInput.one(at, "covers", f"{why}: simulate the years instead")
    check_terms(model)
    slots = [
        slot for entry in entries if not covers or entry.name in covers for _, slot in entry.slots
    ]
    sources: list[Source] = []
    fed: set[int] = set()
    for one in outcomes(model, cell):
        fed |= {slot for slot in range(model.payout.slots) if one.fine.mean[slot] > 0.0}
        amounts = one.fine.amounts(slots)
        if amounts.any():
            sources.append(Source(one.frequency, NodesOfClaim(one.fine.weight, amounts)))
    if before_limits:
        return tuple(sources), YearTerms()
    chosen = fed & set(slots)
    found = [one for one in balances(model, cell) if chosen & set(one.slots)]
    if not found:
        return tuple(sources), YearTerms()
    if len(found) > 1 or chosen != fed & set(found[0].slots):
        names = ", ".join(one.title for one in found)
        why = "expected one limit or corridor of the year on all that is summed, and on no more"
        then = "name other covers, leave these of the year out, or simulate the years"
        raise BadInput.one(at, "covers", f"{why}, got {names}: {then}")
    (met,) = found
    if met.above is None:
        return tuple(sources), YearTerms(limit=met.value)
    low, high = borne(met.value, met.above)
    return tuple(sources), YearTerms(corridor=high - low, above=low)
