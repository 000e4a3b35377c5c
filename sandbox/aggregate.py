"""`covercast aggregate`: the distribution of a year's claims, of a file's words or of a product."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from product_factory.brought import Brought, all_brought
from product_factory.canonical import digest
from product_factory.effective.text import risk_text
from product_factory.errors import BadInput, BadValue
from product_factory.strict import read
from product_factory.types import read_number
from rating.aggregate.factors import deductible_factors, limit_factors
from rating.aggregate.specification import AggregateSpec, Kept
from rating.aggregate.told import Aggregate, Asked
from rating.aggregate.yearly import APART, METHODS, yearly
from rating.frame import read_file
from sandbox.files import ready, write_whole

if TYPE_CHECKING:
    from product_factory.assembled import AssembledProduct
    from rating.aggregate.grid import Source
    from rating.aggregate.parts import YearInParts
    from rating.aggregate.year import YearTerms
    from sandbox.results.plots.canvas import Language


@dataclass(frozen=True)
class Wanted:
    """How a year is computed, and what besides; empty texts for what is not asked for.

    limits, deductibles  numbers with commas between them, the basic one first
    before_limits        of a product: whether limits and corridors of the year are left out
    """

    step: float | None = None
    points: int | None = None
    method: str = METHODS[0]
    apart: float = APART
    limits: str = ""
    deductibles: str = ""
    before_limits: bool = False


def of_file(path: Path, wanted: Wanted) -> Aggregate:
    """Compute the year of a file. Raises BadInput for what it cannot be read or computed from."""
    node = read_file(path)
    spec = read(AggregateSpec, node)
    words = [f"{key} {risk_text(spec.model(key))}" for key in ("frequency", "severity")]
    for name in ("claim", "year"):
        kept: Kept | None = getattr(spec, name)
        if kept is not None:
            said = (f"{key} {value:g}" for key, value in kept if key in kept.model_fields_set)
            words.append(f"{name} {' '.join(said)}")
    words += [_brought(one) for one in spec.brought()]
    what = "; ".join(words)
    title = spec.title.both
    parts = f"{what}; {spec.source}; {spec.currency}"
    asked = Asked(spec.aggregate, title, what, spec.source, spec.currency, digest(parts)[:16])
    return _computed(asked, spec.sources(), spec.terms(), wanted)


def _brought(one: Brought) -> str:
    return f"{one.key} x {one.factor:.6g}: {', '.join(one.parts)} ({one.entry.source})"


def of_product(
    product: "AssembledProduct",
    covers: Sequence[str],
    settings: Sequence[str],
    basis: str,
    wanted: Wanted,
) -> Aggregate:
    """Compute the year of some covers of a product, of all for none, for one policy.

    settings  the risk as `quote` takes it; without any the product's first golden quote
    """
    from rating.aggregate.of_cover import cover_year  # noqa: PLC0415 - compiles kernels
    from rating.engines.collective.annual import annual_model  # noqa: PLC0415 - as above
    from rating.settings import read_settings  # noqa: PLC0415 - as above
    from sandbox.laws.annual import cells_of  # noqa: PLC0415 - as above
    from sandbox.laws.profiles import profile_of, profiles  # noqa: PLC0415 - as above
    from sandbox.run import basis_of  # noqa: PLC0415 - as above

    if product.long_term:
        text = "expected a product whose contract lasts a year, got one of life"
        raise BadInput.one(product.product.at, "contract", text)
    if settings:
        profile = profile_of(product, ", ".join(settings), read_settings(settings))
    else:
        known = profiles(product)
        if not known:
            raise BadValue("expected --set for the risk, as the product has no golden quote")
        profile = known[0]
    assumed = basis_of(product, basis)
    model = annual_model(product, assumed, cells_of(product, profile, 1))
    sources, terms = cover_year(model, covers, before_limits=wanted.before_limits)
    left = "; before limits and corridors of the year" if wanted.before_limits else ""
    meant = [entry for entry in model.payout.entries if not covers or entry.name in covers]
    read = {event.partition(".")[0] for entry in meant for event in entry.events}
    entries = all_brought(product, assumed)
    told = [f"; {_brought(one)}" for one in entries if one.key.partition(".")[0] in read]
    what = (
        f"{', '.join(covers) or 'all covers'}; {profile.name}; basis {basis}{left}{''.join(told)}"
    )
    title = product.title.both
    name = "_".join([product.product.product, *covers])
    source = f"{product.product.product} {product.product.version}"
    asked = Asked(name, title, what, source, product.product.currency, product.digest)
    return _computed(asked, sources, terms, wanted)


def _computed(
    asked: Asked, sources: "tuple[Source, ...]", terms: "YearTerms | YearInParts", wanted: Wanted
) -> Aggregate:
    if wanted.method not in METHODS:
        raise BadValue(f"method: expected {' or '.join(METHODS)}, got {wanted.method}")
    limits = _numbers("limits", wanted.limits)
    deductibles = _numbers("deductibles", wanted.deductibles)
    by_limit = limit_factors(sources, limits) if limits else ()
    by_deductible = deductible_factors(sources, deductibles) if deductibles else ()
    year = yearly(
        sources,
        terms,
        step=wanted.step,
        points=wanted.points,
        method=wanted.method,
        apart=wanted.apart,
    )
    return Aggregate(
        asked,
        sources,
        year,
        by_limit,
        limits[0] if limits else 0.0,
        by_deductible,
        deductibles[0] if deductibles else 0.0,
    )


def _numbers(name: str, text: str) -> list[float]:
    try:
        return [read_number(one.strip(), "number") for one in text.split(",")] if text else []
    except BadValue as error:
        raise BadValue(f"{name}: {error}") from None


def write_aggregate(found: Aggregate, out: Path, language: "Language") -> list[Path]:
    """Write tables as CSV, a workbook, all figures as JSON, and a picture; give their paths."""
    from product_factory.json_text import json_text  # noqa: PLC0415 - only where files are asked for
    from sandbox.results.plots.aggregate import aggregate_png  # noqa: PLC0415 - as above
    from sandbox.workbook import workbook  # noqa: PLC0415 - as above

    name = found.asked.name
    files = {file: text.encode() for file, text in found.files().items()}
    files[f"{name}.xlsx"] = workbook(found.tables(language))
    files[f"{name}.json"] = json_text(found.told()).encode()
    files[f"{name}.png"] = aggregate_png(found, language)
    folder = ready(out)
    for file, content in files.items():
        write_whole(folder / file, content)
    return [folder / file for file in files]
