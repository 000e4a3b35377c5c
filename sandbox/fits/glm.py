"""`glm`: relativities of a tariff from policies and claims, by generalised linear models."""

from product_factory.compose.clone import copied
from product_factory.errors import BadValue
from product_factory.shelf import Shelf, installed
from product_factory.strict import read
from rating.relativities.specification import Relativities
from sandbox.fits.outcome import Asked, Outcome

MISSING = "fitting relativities needs glum; install it with: pip install 'covercast[fit]'"


def fit(asked: Asked) -> Outcome:
    """Fit relativities: a product, or `rating.yaml` and a table for each factor; and a report."""
    try:
        from rating.relativities.result import fit_relativities  # noqa: PLC0415 - glum is an extra
    except ModuleNotFoundError as error:
        if error.name not in ("glum", "tabmat"):
            raise
        raise BadValue(MISSING) from None
    from rating.relativities.data import read_policies  # noqa: PLC0415 - the same
    from rating.relativities.product import product_files, shared_files  # noqa: PLC0415 - the same
    from rating.relativities.told import lines, told  # noqa: PLC0415 - they need the above
    from rating.relativities.write import steps, tables  # noqa: PLC0415 - the same
    from sandbox.results.relativities_page import relativities_page  # noqa: PLC0415 - the same

    asked.only("claims")
    spec = read(Relativities, asked.node)
    result = fit_relativities(spec, read_policies(spec, asked.data, asked.claims), asked.say)
    report = relativities_page(result, asked.language).encode()
    findings = bool(result.policies.rejects)
    if spec.product is not None:
        files = {name: text.encode() for name, text in product_files(result).items()}
        files[f"{spec.product.product}/report.html"] = report
        lacking = dict(copied(Shelf(installed()), ("parameters", "rules"), asked.out))
        # a person goes on with these, and a second fit must not undo that
        for name, text in shared_files(spec, spec.product).items():
            if not (asked.out / name).exists():
                lacking[asked.out / name] = text.encode()
        return Outcome(told(result), lines(result), files, findings, lacking)
    files = {"rating.yaml": steps(result).encode()}
    files |= {f"tables/{name}.csv": text.encode() for name, text in tables(result).items()}
    files["report.html"] = report
    return Outcome(told(result), lines(result), files, findings)
