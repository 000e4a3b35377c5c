"""What a check found out about products, as every format tells it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sandbox.launch.about import About
from sandbox.launch.finding import Finding, identifier

GOOD, FINDINGS, BAD = 0, 1, 2


@dataclass(frozen=True)
class Judged:
    """One thing that was judged, whether or not something was found."""

    source: str
    name: str
    about: About

    @property
    def rule(self) -> str:
        """Its identifier, as that of a finding."""
        return identifier(self.source, self.name)


@dataclass(frozen=True)
class Checked:
    """What a check found out about one product.

    file      its product.yaml as messages name it: where a finding without a place points
    version   empty, and on None, for a product that cannot be read
    judged    everything that was judged, in order
    """

    product: str
    file: str
    version: str
    on: date | None
    judged: tuple[Judged, ...]
    findings: tuple[Finding, ...]

    @property
    def readable(self) -> bool:
        """Whether the product could be read and assembled."""
        return self.on is not None

    @property
    def counting(self) -> int:
        """How many findings keep the product back."""
        return sum(finding.counts for finding in self.findings)

    @property
    def code(self) -> int:
        """The exit code that it asks for: 0 good, 1 findings, 2 it cannot be read."""
        if not self.readable:
            return BAD
        return FINDINGS if self.counting else GOOD

    def of(self, judged: Judged) -> Iterator[Finding]:
        """Give the findings of one thing that was judged; its name leads those of its parts."""
        for finding in self.findings:
            if finding.source != judged.source or not finding.name.startswith(judged.name):
                continue
            if not judged.name or finding.name[len(judged.name) :][:1] in ("", ".", "["):
                yield finding

    def as_dict(self) -> dict[str, object]:
        """Give plain values for JSON."""
        return {
            "product": self.product,
            "version": self.version,
            "on": "" if self.on is None else self.on.isoformat(),
            "exit_code": self.code,
            "judged": len(self.judged),
            "findings": [finding.as_dict() for finding in self.findings],
        }

    def last_line(self) -> str:
        """Say how many findings keep the product back."""
        if not self.readable:
            return f"{self.product}: cannot be read"
        count = f"{self.counting or 'no'} finding{'' if self.counting == 1 else 's'}"
        return f"{self.product} {self.version} on {self.on}: {count}"


def code_of(checked: Sequence[Checked]) -> int:
    """Give the exit code of a check of several products: that of the worst."""
    return max((one.code for one in checked), default=GOOD)
