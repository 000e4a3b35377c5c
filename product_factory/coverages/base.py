"""What every kind of module states."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Coverage:
    """A kind of module.

    name        the word after `kind:`
    parts       the keys that a module of this kind must write: pays, excludes or amends
    use         under which key of a product it stands: covers, exclusions, provisions or riders
    reads_loss  whether the promise must (True) or must not (False) depend on the loss; None: either
    law         the law that every module of this kind keeps, in words
    trigger     what a promise of this kind is triggered by: an event, or a stay in a state (while)
    """

    name: str
    parts: tuple[str, ...]
    use: str
    reads_loss: bool | None
    law: str
    trigger: str = "event"
