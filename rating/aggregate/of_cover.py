"""The year of a product's covers, for one policy: its claims as the engine pays them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from product_factory.errors import BadInput, BadValue, nearest
from rating.aggregate.claim import NodesOfClaim
from rating.aggregate.grid import Source
from rating.aggregate.parts import Part, YearInParts, in_parts, so_many
from rating.aggregate.year import YearTerms
from rating.engines.collective.annual import AnnualModel
from rating.engines.collective.by_item import Alike, alike_rows, balances_of_rows
from rating.engines.collective.layer import borne
from rating.engines.collective.outcomes import outcomes
from rating.engines.collective.queue import in_sequence
from rating.engines.collective.terms import Balance, check_terms


@dataclass(frozen=True, eq=False)
class _Fed:
    """What the events of one process pay a row of a policy, and all rows that are like it.

    source  what is summed of it, None for nothing;  slots: those that it pays, summed or not
    """

    kind: Alike
    source: Source | None
    slots: frozenset[int]

    @property
    def sources(self) -> tuple[Source, ...]:
        """What is summed of all rows."""
        return () if self.source is None else so_many(self.source, self.kind.number)


@dataclass(frozen=True, eq=False)
class _Met:
    """A balance of the year, and all that is paid from it.

    number  how many rows that are alike have it, each for itself; None where it is of the policy
    """

    balance: Balance
    who: Sequence[_Fed]
    number: int | None

    def by(self, slots: frozenset[int]) -> bool:
        """Tell whether anything that is summed meets it."""
        return any(one.slots & slots & set(self.balance.slots) for one in self.who)

    def alone(self, slots: frozenset[int]) -> bool:
        """Tell whether events meet it with all that is summed of them, and with no more."""
        met = set(self.balance.slots)
        return all(one.slots & slots == one.slots & met for one in self.who)

    @property
    def part(self) -> Part:
        """Its part of the year."""
        value, above = self.balance.value, self.balance.above
        if above is None:
            terms = YearTerms(limit=value)
        else:
            low, high = borne(value, above)
            terms = YearTerms(corridor=high - low, above=low)
        if self.number is None:
            return Part(tuple(source for one in self.who for source in one.sources), terms)
        alone = tuple(one.source for one in self.who if one.source is not None)
        return Part(alone, terms, self.number)


def cover_year(
    model: AnnualModel, covers: Sequence[str], cell: int = 0, *, before_limits: bool = False
) -> tuple[tuple[Source, ...], YearTerms | YearInParts]:
    """Return the claims of some covers (of all for none), and the limits or corridors of the year.

    Of a group each member is a part of the year by itself: what hits one says nothing of another.

    before_limits  whether these of the year are left out, each claim standing alone under them

    Raises BadInput where a claim depends on those before it, as under a deductible of the year,
    and where a limit or corridor of the year is met by a part of what an event pays, or by covers
    that are not summed: there the sum has no distribution by these methods, and the years are to
    be simulated.
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
    slots = frozenset(
        slot for entry in entries if not covers or entry.name in covers for _, slot in entry.slots
    )
    kinds = alike_rows(model, cell) if model.by_item else (Alike(cell, 1),)
    fed = [one for kind in kinds for one in _fed(model, kind, slots)]
    sources = tuple(source for one in fed for source in one.sources)
    if before_limits:
        return sources, YearTerms()
    found = [one for one in _met(model, kinds, fed) if one.by(slots)]
    shared = dict.fromkeys(one.balance.title for one in found if not one.alone(slots))
    if shared:
        why = (
            "expected one limit or corridor of the year on all that an event pays of what is "
            f"summed, and on no more, got {', '.join(shared)}"
        )
        then = "name other covers, leave these of the year out, or simulate the years"
        raise BadInput.one(at, "covers", f"{why}: {then}")
    parts = [one.part for one in found]
    held = [one for met in found for one in met.who]
    rest = tuple(source for one in fed if one not in held for source in one.sources)
    return sources, in_parts([*parts, Part(rest, YearTerms())] if rest or not parts else parts)


def _fed(model: AnnualModel, kind: Alike, slots: frozenset[int]) -> Iterator[_Fed]:
    for one in outcomes(model.of_rows, kind.row):
        if not one.frequency.mean > 0.0:
            continue
        amounts = one.fine.amounts(sorted(slots))
        claim = NodesOfClaim(one.fine.weight, amounts)
        source = Source(one.frequency, claim) if amounts.any() else None
        paid = (slot for slot in range(model.payout.slots) if one.fine.mean[slot] > 0.0)
        yield _Fed(kind, source, frozenset(paid))


def _met(model: AnnualModel, kinds: Sequence[Alike], fed: Sequence[_Fed]) -> Iterator[_Met]:
    for stage, shown in enumerate(model.payout.stages):
        for met, places in balances_of_rows(model, [kind.row for kind in kinds], stage):
            here = [kinds[place] for place in places]
            who = [one for one in fed if one.kind in here and one.slots & set(met.slots)]
            yield _Met(met, who, here[0].number if shown.each else None)
