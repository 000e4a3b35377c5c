"""`{kind: replay, event: typhoon.storm, table: historic_typhoons, storm: meranti_2016}`."""

from dataclasses import replace
from typing import Literal

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput, nearest
from product_factory.strict import Dotted, Word
from sandbox.scenarios.change import Change, events_of, once
from sandbox.scenarios.shock import Replayed, Shock


class Replay(Change):
    """A storm that is known happens every year, besides those that are drawn.

    The mean of a figure is then its mean in a year in which this storm comes.
    """

    kind: Literal["replay"]
    event: Dotted
    table: Word
    storm: Word

    def on(self, shock: Shock, product: AssembledProduct) -> Shock:
        """Give the shock with this change. Raises BadInput for an event, table or storm unknown."""
        known = [name for name, kind in events_of(product).items() if kind == "catalogue"]
        if self.event not in known:
            text = f"expected an event of a catalogue, got '{self.event}'"
            text += nearest(self.event, known)
            raise BadInput.one(self.place("event"), "event", text)
        if self.table not in product.tables:
            text = f"unknown table '{self.table}'{nearest(self.table, product.tables)}"
            raise BadInput.one(self.place("table"), "table", text)
        axes = product.tables[self.table].axes
        storms = axes[0].labels if len(axes) == 1 else ()
        if self.storm not in storms:
            text = f"unknown storm '{self.storm}'{nearest(self.storm, storms)}"
            raise BadInput.one(self.place("storm"), "storm", text)
        once(shock.replays, self.event, self.place("event"))
        replayed = Replayed(self.table, self.storm, self.at)
        return replace(shock, replays={**shock.replays, self.event: replayed})
