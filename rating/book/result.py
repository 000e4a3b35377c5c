"""What became of the rows of a book."""

from dataclasses import dataclass
from pathlib import Path

NAMED = {
    "covercast": "the version of Covercast",
    "product": "the product or a table of it",
    "book": "the book",
    "options": "what is asked for",
}
"""What a stopped run was of, as a message names it."""


@dataclass(frozen=True)
class BookResult:
    """What became of the rows of a book: rows = rated + refused + rejected.

    Of a book with a row for each item `policies` stand in the place of rows: policies = rated +
    refused + rejected; rows of it that name no policy are counted among `rejected_rows` alone.

    rated     rows with a premium; referred and declined are among them
    refused   rows outside of `accepts`; they stand in the result without a premium
    rejected  rows that could not be read or have no rate; they stand in the rejects
    resumed   rows that an earlier run had done, and are kept
    changed   what kept the work of an earlier run from being gone on with
    """

    rows: int
    rated: int
    referred: int
    declined: int
    refused: int
    rejected: int
    target: Path
    rejects: Path
    resumed: int = 0
    changed: tuple[str, ...] = ()
    policies: int | None = None
    rejected_rows: int = 0

    def counts(self) -> dict[str, int]:
        """Give the counts by name."""
        names = ["rows", "rated", "referred", "declined", "refused", "rejected"]
        if self.policies is not None:
            names = ["rows", "policies", *names[1:], "rejected_rows"]
        return {name: getattr(self, name) for name in names}

    def told(self) -> dict[str, object]:
        """Give the result as plain values for JSON."""
        told: dict[str, object] = {**self.counts(), "resumed": self.resumed}
        return {**told, "out": str(self.target), "rejects": str(self.rejects)}

    def lines(self) -> list[str]:
        """Give the result as lines."""
        found = [f"went on behind {self.resumed:,} rows of a stopped run"] * bool(self.resumed)
        if self.changed:
            words = " and ".join(NAMED.get(name, name) for name in self.changed)
            found.append(f"begun anew: {words} changed since the run that was stopped")
        counts = self.counts().items()
        found.append(", ".join(f"{name.replace('_', ' ')} {value:,}" for name, value in counts))
        found.append(f"premiums: {self.target}")
        return found + ([f"rejects:  {self.rejects}"] if self.rejected_rows else [])
