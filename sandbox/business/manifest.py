"""The manifest of a business: its products and policies with their hashes, one line each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from product_factory.released import released
from sandbox.business.file import BusinessFile
from sandbox.business.members import Member
from sandbox.business.run import BusinessRun
from sandbox.results import Manifest

Made = TypeVar("Made", bound=Manifest)


@dataclass(frozen=True)
class BusinessManifest(Manifest):
    """The inputs of a run of a business; `product` is its name, and the hash that of its file.

    business  its name;  products: a line each, as `Member.said` writes it
    """

    business: str = ""
    products: tuple[str, ...] = ()


def business_manifest(run: BusinessRun) -> BusinessManifest:
    """Give the inputs that the figures depend on."""
    table, tied, changed = run.table, run.dependence, run.scenario
    return manifest_of(
        BusinessManifest,
        run.file,
        run.members,
        years=table.years,
        seed=table.seed,
        basis=table.basis,
        scenario="" if changed is None else changed.scenario,
        scenario_hash="" if changed is None else changed.digest,
        programme=() if run.settlement is None else run.settlement.contracts,
        kind=table.kind,
        by=run.by,
        horizon=run.horizon,
        dependence="" if tied is None else tied.says.dependence,
        dependence_hash="" if tied is None else tied.digest,
        currency=table.currency,
        measures=run.questions.measures,
        allocate=run.questions.allocate,
    )


def manifest_of(
    made: Callable[..., Made], file: BusinessFile, members: Sequence[Member], **inputs: object
) -> Made:
    """Give a manifest of a business, its products and policies; inputs: what else it holds."""
    days = dict.fromkeys(one.product.on.isoformat() for one in members)
    policies = sum(one.portfolio.policies for one in members)
    return made(
        product=file.says.business,
        product_hash=file.digest,
        portfolio=f"{policies:,} policies of {len(members)} products",
        version=released(),
        on=next(iter(days)) if len(days) == 1 else "",
        business=file.says.business,
        products=tuple(one.said for one in members),
        **inputs,
    )
