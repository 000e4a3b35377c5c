"""A portfolio: cells of identical policies with the premium that the tariff charges them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct
from product_factory.canonical import digest
from product_factory.errors import At, BadInput, nearest
from product_factory.expressions.operations import POLICY
from product_factory.expressions.run import run
from product_factory.types import Type
from rating.book.rejects import Reject
from rating.engines.collective.cells import RiskCells, risk_cells
from rating.engines.multistate import Cells
from rating.engines.multistate.grid import ELAPSED, YEARS
from rating.missing import Said, missing_said
from rating.plan import RatingPlan, bind
from rating.steps import Decline
from sandbox.portfolio.risks import Risks
from sandbox.simulate.grouping import Grouping

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
MOST_SEGMENTS = 1_000
Why = TypeVar("Why")


@dataclass(frozen=True)
class Classes:
    """A value that every cell has one of: [cell], and its type."""

    values: Floats
    type: Type


@dataclass(frozen=True)
class Portfolio:
    """Policies that are simulated.

    source    where they came from
    cells     identical policies, with the key of their random numbers
    premiums  [cell] yearly premium of one policy, whatever its time on risk
    classes   name → what segments may be told by: variables, and steps of the tariff
    redrawn   name → how many draws were refused and drawn again
    left_out  reason → how many policies of a book are not simulated, and why
    declined  step → how many policies the tariff declines; they are not simulated
    referred  how many policies a person would look at; they are simulated
    digest    of what the policies are
    rejects   rows of a book that are not simulated: the first ones, with their reasons
    """

    product: AssembledProduct
    source: str
    cells: RiskCells
    premiums: Floats
    classes: Mapping[str, Classes]
    redrawn: Mapping[str, int]
    left_out: Mapping[Said, int]
    declined: Mapping[str, int]
    referred: int
    digest: str
    rejects: tuple[Reject, ...] = ()

    @property
    def policies(self) -> int:
        """How many policies are simulated."""
        return int(self.cells.policies.sum())

    @property
    def risks(self) -> Cells:
        """The cells as the multistate engine reads them."""
        return Cells(self.cells.columns, self.cells.elapsed)

    @property
    def in_force(self) -> int:
        """How many policies have policy years that are over on the day of the run."""
        over = self.cells.elapsed
        return 0 if over is None else int(self.cells.policies[over > 0].sum())

    @property
    def earned(self) -> Floats:
        """What the year earns of the premium of one policy of each cell: its part on risk."""
        return self.premiums * self.cells.share

    @property
    def years_on_risk(self) -> float:
        """For how many years of a policy all of them together are on risk in the year."""
        return math.fsum((self.cells.share * self.cells.policies).tolist())

    def premium(self) -> float:
        """The premium of the portfolio that the year earns, cell by cell in their order."""
        total = 0.0
        for premium, policies in zip(self.earned.tolist(), self.cells.policies, strict=True):
            total += premium * int(policies)
        return total

    def grouping(self, by: Sequence[str], at: At | None = None) -> Grouping:
        """Classify the cells by one or several names, crossed; empty segments do not exist.

        Raises BadInput for a name that is neither a variable nor a step of the tariff.
        """
        for name in by:
            if name not in self.classes:
                text = f"unknown classification '{name}'{nearest(name, self.classes)}"
                raise BadInput.one(at or At(""), "by", text)
        columns = [self.classes[name] for name in by]
        table = np.column_stack([column.values for column in columns])
        kinds, place = np.unique(table, axis=0, return_inverse=True)
        if len(kinds) > MOST_SEGMENTS:
            text = f"expected at most {MOST_SEGMENTS} segments by {', '.join(by)}, got {len(kinds)}"
            raise BadInput.one(at or At(""), "by", text)
        labels = tuple(
            ", ".join(
                _label(column.type, value) for column, value in zip(columns, row, strict=True)
            )
            for row in kinds.tolist()
        )
        return Grouping(labels, place.ravel().astype(np.int64))

    def only(self, cells: npt.NDArray[np.bool_]) -> "Portfolio":
        """Give the part of the portfolio that is of some cells."""
        kept = Risks(
            self.cells.policies,
            self.cells.columns,
            self.cells.item_columns,
            self.cells.present,
            self.cells.periods,
            self.cells.members,
            self.cells.elapsed,
        ).where(cells)
        return replace(
            self,
            cells=_cells(self.product, kept, self.cells.keys[cells]),
            premiums=self.premiums[cells],
            classes={n: Classes(c.values[cells], c.type) for n, c in self.classes.items()},
        )


def _label(kind: Type, value: float) -> str:
    if kind.chosen:
        return kind.of[int(value)] if value >= 0.0 else "none"
    return f"{value:.12g}"


def priced(
    product: AssembledProduct,
    risks: Risks,
    source: str,
    *,
    redrawn: Mapping[str, int] | None = None,
    left_out: Mapping[Said, int] | None = None,
    rejects: Sequence[Reject] = (),
    strict: bool,
) -> Portfolio:
    """Charge every cell its premium; leave out what `accepts` refuses and what the tariff declines.

    strict  a cell without a rate is an error; otherwise it is left out and counted
    rejects  rows of a book that came no further, the first ones

    Raises BadInput where nothing is left.
    """
    plan = bind(product)
    columns, offsets = risks.rated_columns(len(product.items))
    with np.errstate(all="ignore"):
        registers = run(plan.program, columns, offsets)
    values = {
        step.name: np.broadcast_to(registers[step.register], (risks.size,)).astype(np.float64)
        for step in plan.steps
        if step.level == POLICY
    }
    out = dict(left_out or {})
    refused = np.broadcast_to(registers[plan.refused], (risks.size,))
    good = refused < 0.0
    for place, line in enumerate(plan.lines):
        why = Said(f"refused by {line.name}", f"不符合承保条件 {line.name}")
        _count(out, why, risks, refused == place)
    premiums = values[plan.premium.name]
    for cell in np.flatnonzero(good & ~np.isfinite(premiums)).tolist():
        good[cell] = False
        _no_rate(plan, risks, cell, out, strict=strict)
    declined: dict[str, int] = {}
    referred = np.zeros(risks.size, dtype=np.bool_)
    for step in plan.decisions:
        decides = values[step.name] != 0.0
        if isinstance(step.step, Decline):
            _count(declined, step.name, risks, good & decides)
            good &= ~decides
        else:
            referred |= decides
    if not good.any():
        text = "no policy is left to simulate"
        why_not = ((why.en, count) for why, count in out.items())
        for name, count in (*declined.items(), *why_not):
            text += f"; {count:,} left out: {name}"
        for one in rejects[:1]:
            text += f"; row {one.row}: {one.column or 'risk'}: {one.reason}"
        raise BadInput.one(At(source), "", text)
    kept = risks.where(good)
    cells = _cells(product, kept)
    classes = {n: Classes(c, product.variables[n].type) for n, c in kept.columns.items()}
    if kept.elapsed is not None:
        classes.setdefault(ELAPSED, Classes(kept.elapsed.astype(np.float64), YEARS))
    steps = [step for step in plan.values if step.name in values]
    classes |= {step.name: Classes(values[step.name][good], step.bound.type) for step in steps}
    charged = premiums[good].copy()
    return Portfolio(
        product=product,
        source=source,
        cells=cells,
        premiums=charged,
        classes=MappingProxyType(classes),
        redrawn=MappingProxyType(dict(redrawn or {})),
        left_out=MappingProxyType(out),
        declined=MappingProxyType(declined),
        referred=int(risks.policies[good & referred].sum()),
        digest=_digest(cells),
        rejects=tuple(rejects),
    )


def _cells(
    product: AssembledProduct, risks: Risks, keys: npt.NDArray[np.uint64] | None = None
) -> RiskCells:
    given = risks.policies, risks.columns, risks.item_columns, risks.present
    if keys is None:
        beside = risks.periods, risks.members
        return risk_cells(product, *given, *beside, elapsed=risks.elapsed)
    return RiskCells(
        product,
        *given,
        keys,
        periods=risks.periods,
        members=risks.members,
        elapsed=risks.elapsed,
    )


def _count(counts: dict[Why, int], name: Why, risks: Risks, rows: npt.NDArray[np.bool_]) -> None:
    number = int(risks.policies[rows].sum())
    if number:
        counts[name] = counts.get(name, 0) + number


def _no_rate(
    plan: RatingPlan, risks: Risks, cell: int, out: dict[Said, int], *, strict: bool
) -> None:
    """Say which step has no rate for a cell."""
    one = risks.where(np.array([cell]))
    columns, offsets = one.rated_columns(len(plan.product.items))
    with np.errstate(all="ignore"):
        found = missing_said(plan, run(plan.program, columns, offsets))
    step, why = found or ("", Said("has no rate", "没有费率"))
    if strict:
        at = next((entry.step.at for entry in plan.steps if entry.name == step), At(""))
        raise BadInput.one(at, step, f"the portfolio has a risk without a rate: {why.en}")
    _count(out, Said(f"{step}: {why.en}", f"{step}：{why.zh}"), one, np.ones(1, dtype=np.bool_))


def _digest(cells: RiskCells) -> str:
    """Give the digest of the policies: how many of which kind, whatever their order."""
    parts = sorted(
        f"{key} {number}" for key, number in zip(cells.keys, cells.policies, strict=True)
    )
    return digest("\n".join(parts))
