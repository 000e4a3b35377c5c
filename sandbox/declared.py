"""What the sandbox declares of a product's files, for the language; imports no engine."""

from typing import Any

from pydantic import TypeAdapter

from product_factory.rules.not_judged import NotJudged
from product_factory.rules.waivers import WAIVERS
from sandbox.adequacy.asked import SELECTION
from sandbox.gates.gate import GATES
from sandbox.portfolio.specification import PORTFOLIO
from sandbox.reinsurance_file import REINSURANCE
from sandbox.reverse import REVERSE
from sandbox.uncertainty import UNCERTAINTY

FILES: dict[str, TypeAdapter[Any]] = {
    "gates": GATES,
    "portfolio": PORTFOLIO,
    "reinsurance": REINSURANCE,
    "reverse": REVERSE,
    "selection": SELECTION,
    "uncertainty": UNCERTAINTY,
    "waivers": WAIVERS,
}


def shelf_files() -> dict[str, Any]:
    """Name the files of the shelf that the sandbox reads, with their models."""
    from rating.aggregate.specification import AggregateSpec  # noqa: PLC0415 - as below
    from rating.development.specification import DevelopmentSpec  # noqa: PLC0415 - as below
    from rating.experience.study import Study  # noqa: PLC0415 - only `explain` asks for it
    from rating.large_losses.specification import LargeLossSpec  # noqa: PLC0415 - as above
    from rating.likelihood.specification import SeveritySpec  # noqa: PLC0415 - as above
    from rating.relativities.specification import Relativities  # noqa: PLC0415 - as above
    from rating.trend.specification import TrendSpec  # noqa: PLC0415 - as above
    from sandbox.business.file import Business  # noqa: PLC0415 - as above
    from sandbox.dependence.fitting import DependenceSpec  # noqa: PLC0415 - as above
    from sandbox.dependence.fitting.factors import SharedFactorSpec  # noqa: PLC0415 - as above
    from sandbox.dependence.specification import Dependence  # noqa: PLC0415 - as above
    from sandbox.scenarios.pack import Pack  # noqa: PLC0415 - as above
    from sandbox.scenarios.scenario import Scenario  # noqa: PLC0415 - as above

    fits = {"glm": Relativities, "experience": Study, "severity": SeveritySpec}
    fits |= {"dependence_fit": DependenceSpec, "shared_factor": SharedFactorSpec}
    fits |= {"development": DevelopmentSpec, "trend": TrendSpec, "large_losses": LargeLossSpec}
    fits |= {"packs": Pack}
    fits |= {"business": Business}
    return {"scenarios": Scenario, "dependence": Dependence, "aggregate": AggregateSpec, **fits}


def schema_files() -> dict[str, Any]:
    """Name the files that schemas are written of beside those of a product."""
    from sandbox.event_sets.parameters import TyphoonParameters  # noqa: PLC0415 - as above

    own = {"hazards": TyphoonParameters, "not_judged": tuple[NotJudged, ...]}
    return {**shelf_files(), **own}
