"""The verdict: everything that was judged, and whether the product may launch."""

from collections.abc import Mapping
from dataclasses import dataclass

from clause_templates.trace import TracedFigure
from clause_templates.wording import Wording
from product_factory.assembled import AssembledProduct
from product_factory.told import identity, origin
from sandbox.gates.judge import Judged
from sandbox.launch.finding import Finding
from sandbox.laws.law import LawOne
from sandbox.run import Run
from sandbox.stress import Stressed


@dataclass(frozen=True)
class Launch:
    """What a launch found out.

    counts  how many of each kind were judged, for a reader who wants to know that something was
    """

    product: AssembledProduct
    findings: tuple[Finding, ...]
    laws: tuple[LawOne, ...]
    gates: tuple[Judged, ...]
    stressed: tuple[Stressed, ...]
    run: Run
    wording: Wording
    figures: tuple[TracedFigure, ...]
    counts: Mapping[str, int]

    @property
    def passed(self) -> bool:
        """Whether the product may launch: no error, and nothing undecided that is not waived."""
        return not any(finding.counts for finding in self.findings)

    @property
    def illustrative(self) -> tuple[str, ...]:
        """The illustrative tables that the product reads."""
        return illustrative(self.product)

    @property
    def left_out(self) -> tuple[tuple[str, str, str], ...]:
        """The terms that a basis does not credit: basis, line, reason."""
        return tuple(
            (basis.name, entry.line, entry.because)
            for basis in self.product.bases.values()
            for entry in basis.leaves_out
        )

    def as_dict(self) -> dict[str, object]:
        """Give the verdict as plain values for JSON."""
        product = self.product
        return {
            **identity(product),
            "may_launch": self.passed,
            "for_sale": product.product.for_sale,
            **origin(product),
            "findings": [finding.as_dict() for finding in self.findings],
            "counts": dict(self.counts),
            "illustrative_tables": list(self.illustrative),
            "left_out": [
                {"basis": basis, "line": line, "because": because}
                for basis, line, because in self.left_out
            ],
            "law_1": [_law(law) for law in self.laws],
            "gates": [_gate(gate) for gate in self.gates],
        }


def illustrative(product: AssembledProduct) -> tuple[str, ...]:
    """Name the illustrative tables that a product reads."""
    return tuple(
        sorted(
            name for name in product.tables_read if product.tables[name].status == "illustrative"
        )
    )


def _law(law: LawOne) -> dict[str, object]:
    return {
        "group": list(law.group),
        "basis": law.basis,
        "profile": law.profile,
        "method": law.method,
        "expected": law.expected,
        "bound": law.bound,
        "simulated": law.simulated,
        "standard_error": law.error,
        "years": law.years,
        "holds": law.holds,
    }


def _gate(gate: Judged) -> dict[str, object]:
    return {
        "name": gate.name,
        "segment": gate.segment,
        "figure": gate.figure,
        "value": gate.measured.value,
        "standard_error": gate.measured.error,
        "low": gate.measured.low,
        "high": gate.measured.high,
        "at_least": gate.at_least,
        "at_most": gate.at_most,
        "verdict": gate.verdict,
        "why": gate.why,
    }
