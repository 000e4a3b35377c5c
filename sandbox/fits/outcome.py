"""What a fit is asked, and what comes of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from product_factory.errors import BadInput
from product_factory.nodes import Node
from sandbox.results.plots.canvas import Language


@dataclass(frozen=True)
class Asked:
    """A specification with its files.

    node      what the specification's file says
    data      one life, policy or loss a row;  claims: amounts in a file of their own
    standard  the table of a study of experience
    out       where what comes of it will stand
    say       is told what is being done
    """

    node: Node
    data: Path
    claims: Path | None
    standard: Path | None
    language: Language
    out: Path
    say: Callable[[str], None]

    def only(self, *used: str) -> None:
        """Raise BadInput for a file that is given and that this kind does not read."""
        for name in ("claims", "standard"):
            if getattr(self, name) is not None and name not in used:
                raise BadInput.one(self.node.at, "", f"this kind of fit reads no --{name}")


@dataclass(frozen=True)
class Outcome:
    """What came of it.

    told      for JSON;  lines: for a person
    files     name below the folder of results → content
    findings  whether rows were left out
    shelf     path → content of what a shelf needs beside the results and lacks so far
    """

    told: object
    lines: Iterable[str]
    files: Mapping[str, bytes]
    findings: bool
    shelf: Mapping[Path, bytes] = field(default_factory=dict)
