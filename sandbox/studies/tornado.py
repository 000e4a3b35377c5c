"""`tornado`: every assumption alone, low and high, and what that moves."""

from product_factory.json_text import json_text
from sandbox.sensitivity.told import tornado_csv, tornado_lines, tornado_told
from sandbox.sensitivity.tornado import tornado
from sandbox.studies.asked import Asked, Outcome
from sandbox.studies.watch import head_lines, watch_of


def study(asked: Asked) -> Outcome:
    """Move every assumption of the file, or of the product's own."""
    watch = watch_of(asked)
    asked.most(asked.years * (1 + 2 * len(watch.assumptions)))
    done = tornado(watch)
    told = tornado_told(done, watch.watched)
    lines = (*head_lines(asked), *tornado_lines(done, watch.watched, asked.language))
    data = {"tornado.json": f"{json_text(told)}\n".encode(), "tornado.csv": tornado_csv(done)}

    def plots() -> dict[str, bytes]:
        from sandbox.results.plots.sensitivity import tornado_png  # noqa: PLC0415 - where drawn

        shown = (asked.manifest, asked.language, asked.title)
        return {"tornado.png": tornado_png(done, watch.watched, *shown)}

    return Outcome(asked, told, lines, data, plots)
