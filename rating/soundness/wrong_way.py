"""Choices that cost the wrong way: a larger deductible, or a smaller limit, at a higher premium."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct
from product_factory.errors import At
from product_factory.expressions.tree import Name
from product_factory.types import NUMERIC
from rating.plan import RatingPlan, names_in
from rating.soundness.flaw import Flaw
from rating.soundness.told import risk_told
from rating.soundness.trial import Trial, trial
from rating.steps import Decline, Technical

Floats = npt.NDArray[np.float64]
RISING = {"limit": 1.0, "share": 1.0, "deductible": -1.0, "franchise": -1.0, "corridor": -1.0}
"""Operation → whether a larger amount of it is more cover (1) or less (-1)."""
RISKS = 2_000
"""Risks for which the premiums of all choices are compared."""
TOLERANCE = 1e-9
"""Relative difference of two premiums that is rounding."""
CHOICES = 25
"""Amounts that are tried of a choice between two bounds."""


def directions(product: AssembledProduct) -> dict[str, str]:
    """Give for each choice that fills a term the operation that reads it, where that is one way."""
    found: dict[str, set[str]] = {}
    for cover in product.covers.values():
        pays = cover.module.pays
        for line in pays.adjust if pays is not None else ():
            for name in names_in(line.value):
                term = cover.terms.get(name.name)
                chosen = term.expression if term is not None and term.how == "offered" else None
                if isinstance(chosen, Name) and line.operation in RISING:
                    found.setdefault(chosen.name, set()).add(line.operation)
    one_way = {n: ops for n, ops in found.items() if len({RISING[op] for op in ops}) == 1}
    return {name: min(ops) for name, ops in one_way.items()}


def wrong_way(plan: RatingPlan) -> Iterator[Flaw]:
    """Tell of the choices with which less cover costs more, each with the worst risk found."""
    for name, operation in directions(plan.product).items():
        if name not in plan.readers.policy:
            continue
        flaw = _costs(plan, name, operation)
        built = [_built(plan, step.step, name, operation) for step in plan.values]
        yield from [one for one in (flaw, *built) if one is not None][:1]


def _amounts(plan: RatingPlan, name: str) -> list[tuple[float, float, str]]:
    """Give the choices in the order of their amounts: amount, as the machine holds it, in words."""
    reader = plan.readers.policy[name]
    if reader.coded:
        amounts = reader.type.amounts() if reader.type.kind in NUMERIC else ()
        pairs = enumerate(zip(amounts, reader.type.of, strict=False))
        return sorted((a, float(n), word) for n, (a, word) in pairs if isinstance(a, float))
    if np.isnan([reader.least, reader.most, reader.step]).any():
        return []
    values = reader.values()
    kept = np.unique(np.linspace(0, values.size - 1, CHOICES).astype(np.int64))
    return [(float(v), float(v), reader.shown(float(v))) for v in values[kept]]


def _costs(plan: RatingPlan, name: str, operation: str) -> Flaw | None:
    """Compare the premiums of all choices, risk by risk."""
    declines = [one.register for one in plan.decisions if isinstance(one.step, Decline)]
    wanted = [plan.premium.register, plan.refused, *declines]
    tried = trial(plan.readers, plan.program, wanted, most=RISKS)
    sold = _sold_alone(tried)
    below = plan.program.below(plan.premium.register)
    steps = [step.register for step in plan.values if step.register in below]
    choices = _amounts(plan, name)
    if name not in tried.columns:
        return None
    before: tuple[Floats, str] | None = None
    for _, held, word in choices:
        columns = {**tried.columns, name: np.full(tried.size, held)}
        found = replace(tried, columns=columns).run(plan.program, wanted)
        # the smallest premium may hide a step that has no rate
        rated = np.all([np.isfinite(found[register]) for register in steps], axis=0)
        sure = (found[plan.refused] < 0.0) & sold & rated
        sure &= np.all([found[register] == 0.0 for register in declines], axis=0)
        premium = np.where(sure, found[plan.premium.register], np.nan)
        if before is not None:
            less, more = (before[0], premium) if RISING[operation] > 0.0 else (premium, before[0])
            with np.errstate(divide="ignore", invalid="ignore"):
                over = (less - more) / np.abs(more)
            if (over > TOLERANCE).any():
                row = int(np.nanargmax(over))
                pair = (before[1], word, float(before[0][row]), float(premium[row]))
                risk = risk_told(plan.readers, tried.columns, row, name)
                return _against(plan, name, operation, pair, risk)
        before = (premium, word)
    return None


def _sold_alone(tried: Trial) -> npt.NDArray[np.bool_]:
    """Tell which policies of one item may be sold: none, where a policy has several at least."""
    must = tried.must
    if (tried.item < 0).all() or not must:
        return np.ones(tried.size, np.bool_)
    return np.asarray((tried.item == must[0]) & (len(must) == 1))


def _built(plan: RatingPlan, step: object, name: str, operation: str) -> Flaw | None:
    """Compare every cell of a table that an engine built."""
    if not isinstance(step, Technical) or name not in step.axes:
        return None
    table = plan.tables[step.name]
    number = step.axes.index(name)
    places = {word: place for place, word in enumerate(table.axes[number].labels)}
    words = [word for _, _, word in _amounts(plan, name) if word in places]
    order = [places[word] for word in words]
    cells = np.moveaxis(table.cells[step.name], number, 0)[order].reshape(len(order), -1)
    with np.errstate(divide="ignore", invalid="ignore"):
        over = np.diff(cells, axis=0) * -RISING[operation] / np.abs(cells[:-1])
    if not (over > TOLERANCE).any():
        return None
    place, column = divmod(int(np.nanargmax(over)), over.shape[1])
    rest = [axis for axis in table.axes if axis.name != name]
    others = np.unravel_index(column, [axis.size for axis in rest])
    labels = [f"{a.name} {a.labels[int(p)]}" for a, p in zip(rest, others, strict=True)]
    low, high = float(cells[place, column]), float(cells[place + 1, column])
    pair = (words[place], words[place + 1], low, high)
    return _against(plan, name, operation, pair, ", ".join(labels), At(table.file, 1, 1))


def _against(
    plan: RatingPlan,
    name: str,
    operation: str,
    pair: tuple[str, str, float, float],
    risk: str,
    source: At | None = None,
) -> Flaw:
    low, high, of_low, of_high = pair
    wrong, zh = ("less", "不应降低") if RISING[operation] > 0.0 else ("more", "不应提高")
    return Flaw(
        name,
        sure=True,
        zh=f"{name} 由 {low} 增至 {high}，保费由 {of_low:,.2f} 变为 {of_high:,.2f}，{zh}（{risk}）",
        en=f"{name} {high} costs {wrong} than {low}: {of_high:,.2f} and {of_low:,.2f} ({risk})",
        at=plan.product.variables[name].declared.at,
        sources=() if source is None else (source,),
    )
