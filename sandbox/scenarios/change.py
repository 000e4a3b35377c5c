"""What all kinds of changes share: where the number comes from, and which events it acts on."""

from collections.abc import Iterable, Mapping

from product_factory.assembled import AssembledProduct
from product_factory.errors import At, BadInput, either, nearest
from product_factory.strict import PlainText, Strict, Texts
from sandbox.open_change import Trust


class Change(Strict):
    """One line under `changes`.

    reference  where its numbers come from;  trust: how far they can be relied on
    """

    reference: PlainText
    trust: Trust


class EventChange(Change):
    """A change of events: those named, or all that its kind acts on."""

    event: Texts = ()

    def events(self, product: AssembledProduct, kinds: Iterable[str]) -> tuple[str, ...]:
        """Give the events of the product that are meant, all of processes of these kinds.

        Raises BadInput for a name that is unknown or of another kind, and where there is none.
        """
        known = events_of(product)
        fitting = [name for name, kind in known.items() if kind in kinds]
        for name in self.event:
            if name not in fitting:
                raise BadInput.one(self.place("event"), "event", _unfit(name, known, fitting))
        if not fitting:
            text = f"{product.name} has no events of a {either(kinds)} process to change"
            raise BadInput.one(self.at, "", text)
        return self.event or tuple(fitting)


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
    """Refuse a second change of the same kind to one event."""
    if event in changed:
        raise BadInput.one(at, "event", f"'{event}' is changed by an earlier line already")
