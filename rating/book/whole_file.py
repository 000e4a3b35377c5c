"""A file that stands under its name only once all of it is written."""

from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import Self


class WholeFile(ABC):
    """Written below a name of its own, `NAME.part`; it is gone when what wrote it failed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._part = path.with_name(path.name + ".part")

    @abstractmethod
    def _close(self) -> None:
        """Write what is left, and close."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()
        if kind is None:
            self._part.replace(self.path)
        else:
            self._part.unlink(missing_ok=True)
