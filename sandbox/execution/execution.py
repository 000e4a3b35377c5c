"""How a run is carried out; it changes no figure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from product_factory.numbers.domains import require
from sandbox.execution.memory import available
from sandbox.execution.store import Store
from sandbox.execution.task import Arrays, Block, Task
from sandbox.execution.threads import Threads


class Executor(Protocol):
    """Who computes blocks."""

    def map(self, task: Task, parts: Sequence[Block]) -> Iterator[tuple[Block, Arrays]]:
        """Give each block with its arrays, in any order."""


def silent(_text: str) -> None:
    """Say nothing."""


@dataclass(frozen=True)
class Execution:
    """Who computes the blocks of a run, where they are kept, and what is said meanwhile.

    store     where finished blocks are kept; None keeps none
    memory    bytes that the run may take; None for what is available
    block     rows of a block; None for a size that fits the work
    progress  called with the number of rows that were finished
    tell      called with a line for a person;  warn: with one that also studies of many runs tell
    """

    executor: Executor = field(default_factory=Threads)
    store: Store | None = None
    memory: float | None = None
    block: int | None = None
    progress: Callable[[int], None] | None = None
    tell: Callable[[str], None] = silent
    warn: Callable[[str], None] = silent

    @classmethod
    def on(
        cls,
        threads: int = 1,
        block: int | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> "Execution":
        """Give one on threads that keeps nothing."""
        return cls(Threads(threads), block=block, progress=progress)

    def beside(self, progress: Callable[[int], None]) -> "Execution":
        """Give one for further runs on the same workers: it keeps nothing and says nothing."""
        return replace(self, store=None, progress=progress, tell=silent)

    def __post_init__(self) -> None:
        """Refuse a block without rows."""
        if self.block is not None:
            require("block", self.block, "1 or more", holds=self.block >= 1)

    def finish(self) -> None:
        """Remove the blocks, for their results are written."""
        if self.store is not None:
            self.store.clear()

    @property
    def threads(self) -> int:
        """The threads of this process that may work; one where blocks are computed elsewhere."""
        return self.executor.workers if isinstance(self.executor, Threads) else 1

    @property
    def allowed(self) -> float:
        """The bytes that the run may take."""
        return available() if self.memory is None else self.memory


ONE_THREAD = Execution()
