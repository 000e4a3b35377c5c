"""The rating plan of an export: what may be given, what is accepted, and the steps as data."""

from product_factory.assembled import AssembledProduct
from product_factory.errors import At
from product_factory.expressions.program import Builder
from product_factory.modes import MODE, OFFERED, TIMES
from product_factory.strict import Bilingual
from rating.domain import bind_line
from rating.encode import readers
from rating.export.expressions import Expressions, Json, of_a_risk, plain
from rating.plan import RatingPlan
from rating.steps import BoundStep, Lookup, Round, Technical
from rating.steps.decision import Decision
from rating.tariff_tables import told
from rating.variable import VariableReader


def plan_data(plan: RatingPlan) -> Json:
    """Give the plan as plain data."""
    return sold_data(plan.product) | {
        "steps": _steps(plan),
        "premium": {"step": plan.premium.name, "decimals": decimals(plan.premium)},
    }


def sold_data(product: AssembledProduct) -> Json:
    """Give what may be given of a risk, and what is accepted, as plain data."""
    known = readers(product)
    return {
        "variables": [
            _variable(product, "", name, reader) for name, reader in known.policy.items()
        ],
        "items": [
            {
                "name": item,
                "title": two(product.product.items[item].title),
                "optional": item in known.optional,
                "variables": [_variable(product, item, n, one) for n, one in group.items()],
            }
            | ({"many": True} if item in known.many else {})
            | ({"least": known.least[item]} if item in known.least else {})
            for item, group in known.items.items()
        ],
        "accepts": _accepts(product),
        "premiums_a_year": _times(product),
    }


def two(title: Bilingual | None) -> Json | None:
    """Give a text in both languages."""
    return None if title is None else title.both


def decimals(step: BoundStep) -> int | None:
    """Give with how many decimals a step of kind round is written; None for all that it has."""
    return step.step.decimals if isinstance(step.step, Round) else None


def place(at: At) -> str:
    """Give file and line of a place."""
    return f"{at.file}:{at.line}"


def _variable(product: AssembledProduct, item: str, name: str, reader: VariableReader) -> Json:
    group = product.items[item] if item else product.variables
    return {
        "name": name,
        "title": two(group[name].declared.title),
        "role": "offered" if group[name].chosen else "insured",
        "type": reader.type.kind,
        "unit": reader.type.unit or None,
        "choices": list(reader.type.of) if reader.coded else None,
        "min": plain(reader.least),
        "max": plain(reader.most),
        "step": plain(reader.step),
    }


def _accepts(product: AssembledProduct) -> list[Json]:
    builder = Builder()
    lines = product.product.accepts
    for number, line in enumerate(lines):
        builder.results[str(number)] = bind_line(builder, product, line)
    trees = Expressions(builder.finish(), of_a_risk, product.tables)
    return [
        {"name": line.name, "refuses": trees.result(str(number)), "says": two(line.says)}
        for number, line in enumerate(lines)
    ]


def _steps(plan: RatingPlan) -> list[Json]:
    trees = Expressions(plan.program, of_a_risk, plan.tables)
    return [_step(step, trees) for step in plan.steps]


def _step(step: BoundStep, trees: Expressions) -> Json:
    said = step.step
    found: Json = {
        "name": step.name,
        "kind": getattr(said, "kind"),  # noqa: B009 - each kind declares its own word
        "level": "item" if step.level else "policy",
        "how": told(said),
        "reads": sorted(
            {f"{read.name} ({place(read.at)})" for read in step.reads if not read.table}
        ),
    }
    if said.cover is not None:
        found["cover"] = said.cover
    if isinstance(said, Decision):
        return found | {"when": trees.tree(step.register), "says": two(said.says)}
    if isinstance(said, Technical):
        found |= {"engine": said.engine, "basis": said.basis, "gives": said.gives}
        found["per"] = plain(said.per) if "per" in said.model_fields_set else None
    elif isinstance(said, Lookup):
        found["table"] = said.table
    elif isinstance(said, Round):
        found["decimals"] = said.decimals
    if step.bound.type.chosen:
        found["choices"] = list(step.bound.type.of)
    return found | {"is": trees.name(step.register, {"step": step.name})}


def _times(product: AssembledProduct) -> Json:
    written = product.product.contract.mode
    if written == OFFERED:
        return {"by": MODE, "of": {word: TIMES[word] for word in product.variables[MODE].type.of}}
    return {"always": TIMES[written or "year"]}
