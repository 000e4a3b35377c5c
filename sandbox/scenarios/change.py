"""What all kinds of changes share: their source, which events they act on, where and when."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar

from pydantic import model_validator

from product_factory import promise
from product_factory.assembled import AssembledProduct
from product_factory.errors import At, BadInput, BadValue, either, nearest
from product_factory.strict import PlainText, Strict, Texts, YesNo
from rating import scoped
from rating.scoped import Scope, Scoped
from sandbox.open_change import Ramp, SegmentOf, Trust, Years

if TYPE_CHECKING:
    from sandbox.scenarios.shock import Shock


class Change(Strict):
    """One line under `changes`.

    reference  where its numbers come from;  trust: how far they can be relied on
    if_present  whether it is left out where a product has nothing that it changes
    """

    reference: PlainText
    trust: Trust
    if_present: YesNo = False

    @model_validator(mode="after")
    def _names_something(self) -> "Change":
        for key in ("event", "cover", "per"):
            if key in self.model_fields_set and not getattr(self, key):
                raise BadValue(f"{key}: expected at least one name; all are meant without the key")
        return self

    @property
    def said(self) -> str:
        """What it says, apart from its layout: the order in which changes are put together."""
        return self.model_dump_json()

    def absent(self, product: AssembledProduct) -> bool:  # noqa: ARG002 - kinds say more
        """Tell whether a product has nothing that this changes."""
        return False

    @abstractmethod
    def on(self, shock: "Shock", product: AssembledProduct) -> "Shock":
        """Give the shock with this change. Raises BadInput where it does not fit the product."""


class Timed(Change):
    """A change in some policy years, or one that grows with them.

    policy_year  the years in which it acts, all by default
    ramp         the part of it in force, from the first of those years on
    """

    policy_year: Years | None = None
    ramp: Ramp | None = None

    def scope(self, product: AssembledProduct) -> Scope:
        """Give where and when it acts. Raises BadInput for years that the product does not have."""
        for key in ("policy_year", "ramp"):
            if getattr(self, key) is not None and not product.long_term:
                text = f"{product.name} lasts a year; expected no '{key}'"
                raise BadInput.one(self.place(key), key, text)
        first, last = 1, scoped.FOR_EVER
        if self.policy_year is not None:
            first, last = self.policy_year.at_least, self.policy_year.at_most
        if not 1 <= first <= last:
            text = f"expected policy years from 1 on, in order, got {first} to {last}"
            raise BadInput.one(self.place("policy_year"), "policy_year", text)
        ramp = None
        if self.ramp is not None:
            ramp = scoped.Ramp(self.ramp.starts, self.ramp.reaches, self.ramp.over)
        return Scope(None, first, last, ramp)


class Segmented(Change):
    """A change of some policies: those whose facts and choices meet the conditions `where`."""

    where: SegmentOf | None = None

    def scope(self, product: AssembledProduct) -> Scope:
        """Give where it acts. Raises BadInput for what is no fact or choice of the policy."""
        if self.where is not None:
            self.where.check(product)
        return Scope(self.where)


class Placed(Timed, Segmented):
    """A change of some policies in some policy years."""

    def scope(self, product: AssembledProduct) -> Scope:
        """Give where and when it acts. Raises BadInput for what the product does not have."""
        when, where = Timed.scope(self, product), Segmented.scope(self, product)
        return Scope(where.segment, when.first, when.last, when.ramp)


class EventChange(Placed):
    """A change of events: those named, those that covers pay for, or all that its kind acts on.

    cover  covers whose events are meant; what else these events pay moves with them
    """

    event: Texts = ()
    cover: Texts = ()

    KINDS: ClassVar[tuple[str, ...]] = ()

    def absent(self, product: AssembledProduct) -> bool:
        """Tell whether a product has none of the events, or no cover that is named."""
        known = events_of(product)
        if self.event:
            return not any(event in known for event in self.event)
        if self.cover:
            return not any(cover in product.covers for cover in self.cover)
        return not any(kind in self.KINDS for kind in known.values())

    def events(self, product: AssembledProduct, kinds: Iterable[str]) -> tuple[str, ...]:
        """Give the events of the product that are meant, all of processes of these kinds.

        Raises BadInput for a name that is unknown or of another kind, and where there is none.
        """
        known = events_of(product)
        fitting = [name for name, kind in known.items() if kind in kinds]
        if self.event and self.cover:
            text = "expected one of the keys 'event' and 'cover'"
            raise BadInput.one(self.place("cover"), "cover", text)
        named = tuple(e for e in self.event if e in known) if self.if_present else self.event
        for place, name in enumerate(named):
            if name in named[:place]:
                raise BadInput.one(self.place("event"), "event", f"'{name}' stands twice")
            if name not in fitting:
                raise BadInput.one(self.place("event"), "event", _unfit(name, known, fitting))
        if not fitting:
            text = f"{product.name} has no events of a {either(kinds)} process to change"
            raise BadInput.one(self.at, "", text)
        return named or self._paid(product, fitting, kinds) or tuple(fitting)

    def _paid(
        self, product: AssembledProduct, fitting: list[str], kinds: Iterable[str]
    ) -> tuple[str, ...]:
        """Give the events that the covers pay for, of those that fit."""
        found: list[str] = []
        for name in self.cover:
            if self.if_present and name not in product.covers:
                continue
            if name not in product.covers:
                text = f"unknown cover '{name}'{nearest(name, product.covers)}"
                raise BadInput.one(self.place("cover"), "cover", text)
            paid = {event for event, _ in promise.events(product.covers[name])}
            own = [event for event in fitting if event in paid]
            if not own:
                text = f"'{name}' pays for no event of a {either(kinds)} process"
                raise BadInput.one(self.place("cover"), "cover", text)
            found += own
        return tuple(dict.fromkeys(found))

    def of_storms(self, event: str, scope: Scope) -> None:
        """Refuse a part of the policies or years for an event that comes for all at once."""
        for key in ("where", "policy_year", "ramp"):
            if getattr(self, key) is not None and scope != scoped.EVERYWHERE:
                text = f"'{event}' comes for all policies at once; expected no '{key}'"
                raise BadInput.one(self.place(key), key, text)


def events_of(product: AssembledProduct) -> Mapping[str, str]:
    """Give every event as `process.event` with the kind of its process."""
    return {
        f"{alias}.{event}": process.kind
        for alias, process in product.processes.items()
        for event in process.events
    }


def _unfit(name: str, known: Mapping[str, str], fitting: Iterable[str]) -> str:
    if name in known:
        return f"'{name}' is an event of a {known[name]} process, which this does not change"
    return f"unknown event '{name}'{nearest(name, fitting)}"


def once(changed: Mapping[str, object], event: str, at: At) -> None:
    """Refuse a second storm of one event."""
    if event in changed:
        raise BadInput.one(at, "event", f"'{event}' is changed by an earlier line already")


def multiplies(change: Change, times: float, scope: Scope, *, nothing: bool = True) -> Scoped:
    """Give `times` where and when it acts. Raises BadInput for less than 0%, also within a ramp.

    nothing  whether 0% is allowed
    """
    for part in scope.ends:
        found = times if part == 1.0 else 1.0 + part * (times - 1.0)
        if not (found > 0.0 or (nothing and found == 0.0)):
            expected = "0% or more" if nothing else "more than 0%"
            got = f"{found * 100:g}%{'' if part == 1.0 else ' within the ramp'}"
            raise BadInput.one(change.place("times"), "times", f"expected {expected}, got {got}")
    return Scoped(times, scope)


def adds(change: Change, add: float, scope: Scope) -> Scoped:
    """Give `add` when it acts. Raises BadInput for a change of 100% and more."""
    most = add * max(abs(part) for part in (1.0, *scope.ends))
    if not -1.0 < most < 1.0:
        text = f"expected a change of less than 100%, got {most * 100:g}%"
        raise BadInput.one(change.place("add"), "add", text)
    return Scoped(add, scope)
