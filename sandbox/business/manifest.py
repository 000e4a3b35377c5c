"""The manifest of a business: its products and policies with their hashes, one line each."""

from dataclasses import dataclass

from product_factory.released import released
from sandbox.business.run import BusinessRun
from sandbox.results import Manifest


@dataclass(frozen=True)
class BusinessManifest(Manifest):
    """The inputs of a run of a business; `product` is its name, and the hash that of its file.

    business  its name;  products: a line each, as `Member.said` writes it
    """

    business: str = ""
    products: tuple[str, ...] = ()


def business_manifest(run: BusinessRun) -> BusinessManifest:
    """Give the inputs that the figures depend on."""
    says = run.file.says
    days = dict.fromkeys(one.product.on.isoformat() for one in run.members)
    table, tied, changed = run.table, run.dependence, run.scenario
    policies = sum(one.portfolio.policies for one in run.members)
    return BusinessManifest(
        product=says.business,
        product_hash=run.file.digest,
        portfolio=f"{policies:,} policies of {len(run.members)} products",
        years=table.years,
        seed=table.seed,
        basis=table.basis,
        version=released(),
        on=next(iter(days)) if len(days) == 1 else "",
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
        business=says.business,
        products=tuple(one.said for one in run.members),
    )
