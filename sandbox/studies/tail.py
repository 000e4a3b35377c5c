"""`tail`: once in 200, 1,000 and 10,000 years, by years in which bad ones are made frequent."""

from collections.abc import Mapping

from product_factory.columns import wrapped
from product_factory.json_text import json_text
from product_factory.strict import read
from sandbox.dependence.bind import BoundDependence, bind
from sandbox.dependence.specification import Dependence, DependenceFile
from sandbox.heads import portfolio_line, size_line
from sandbox.studies.asked import Asked, Outcome
from sandbox.tail.asked import Tail
from sandbox.tail.find import Found, find_tail
from sandbox.tail.told import curve_csv, tail_csv, tail_lines, tail_told


def study(asked: Asked) -> Outcome:
    """Find the laws, draw the years, and measure the tail."""
    wanted = read(Tail, asked.node("tail"))
    wanted.fits(asked.product)
    asked.most(asked.years)
    run = asked.portfolio, wanted, asked.years, asked.seed, asked.execution
    done = find_tail(*run, _tied(asked))
    size = size_line(
        asked.years, asked.seed, asked.language, long_term=False, basis=wanted.basis,
        on=asked.product.on,
    )  # fmt: skip
    head = portfolio_line(asked.portfolio, asked.language)
    lines = [head, *wrapped(size), *tail_lines(done, asked.language)]
    data = {
        "tail.json": f"{json_text(tail_told(done))}\n".encode(),
        "tail.csv": tail_csv(done),
        "exceedance.csv": curve_csv(done),
    }
    return Outcome(
        asked,
        tail_told(done),
        tuple(lines),
        data,
        lambda: _plots(asked, done),
        bases=(wanted.basis,),
    )


def _tied(asked: Asked) -> BoundDependence | None:
    """Bind the shared factors that are asked for. Raises BadInput for a line that is unknown."""
    if "dependence" not in asked.texts:
        return None
    says = read(Dependence, asked.node("dependence"))
    for _, link in says.links():
        link.bound()
    return bind(DependenceFile(says, asked.texts["dependence"].encode()), asked.product)


def _plots(asked: Asked, done: Found) -> Mapping[str, bytes]:
    from sandbox.results.plots.tail import tail_png  # noqa: PLC0415 - only where drawn

    return {"exceedance.png": tail_png(done, asked.manifest, asked.language, asked.title)}
