"""The command line: parse, call, print. Heavy libraries are imported by the verb that needs them.

Exit codes: 0 good, 1 findings, 2 bad input or usage. `main` is the one place that turns an error
into lines and a code.
"""

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from functools import cache, partial
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn, TextIO, TypeVar

import typer
from typer.core import TyperGroup

from product_factory.errors import At, BadValue, CovercastError, Refused
from product_factory.json_text import json_text

if TYPE_CHECKING:
    from product_factory.assembled import AssembledProduct
    from product_factory.language import Language
    from product_factory.shelf import Shelf
    from rating.cash_flows import Points, Projected
    from sandbox.business.file import BusinessFile
    from sandbox.business.members import Member
    from sandbox.business.run import BusinessRun
    from sandbox.execution import Execution
    from sandbox.results.impact_files import Made
    from sandbox.results.recorded import RecordedBusiness, RecordedStudy
    from sandbox.results.write import Beside
    from sandbox.run import Run
    from sandbox.studies import Asked


class _Verbs(TyperGroup):
    """Runs a verb; the library would take a file that ends early for a user who gives up."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - as the library says
        try:
            return super().invoke(ctx)
        except EOFError as error:
            text = f"expected a file that is whole, got one that ends early: {error}"
            raise CovercastError(text) from error


app = typer.Typer(
    cls=_Verbs,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
GOOD, FINDINGS, BAD = 0, 1, 2
SEED = 20260301
_ALONE = "and without --scenario, --dependence and --horizon"
Tongue = StrEnum("Tongue", ["zh", "en"])
Report = StrEnum("Report", ["text", "json", "sarif", "junit"])
Stage = StrEnum("Stage", ["definition", "examples"])
DiffFormat = StrEnum("DiffFormat", ["text", "json", "markdown"])
Worst = StrEnum("Worst", ["ratio", "amount"])
Graph = StrEnum("Graph", ["states", "modules"])
By = Literal["step", "point", "point_step"]

Product = Annotated[str, typer.Argument(help="A product: its folder's name, or a path to it.")]
ShelfOption = Annotated[
    Path | None,
    typer.Option("--shelf", help="Folder that holds products; default: the installed one."),
]
OnOption = Annotated[
    str | None,
    typer.Option("--on", help="Day for dated parameters, 2026-03-01; default: the effective date."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
SetOption = Annotated[
    list[str] | None, typer.Option("--set", help="A value of the risk, such as age=35; repeat.")
]
LanguageOption = Annotated[Tongue, typer.Option("--language", help="Language of titles.")]
ThreadsOption = Annotated[int, typer.Option("--threads", min=1, max=256, help="Threads.")]
ClusterOption = Annotated[
    str | None,
    typer.Option("--cluster", help="Dask: tcp://HOST:PORT, or local:N for N processes here."),
]
CheckpointOption = Annotated[
    Path | None,
    typer.Option("--checkpoint", help="Folder for finished blocks; default: .blocks below -o."),
]
MemoryOption = Annotated[
    str | None,
    typer.Option("--memory", help="Most memory to take, such as 2G; default: what is available."),
]
YearsOption = Annotated[
    int | None,
    typer.Option("--years", min=2, max=10_000_000, help="Simulated years, or whole run-offs."),
]
DependenceOption = Annotated[
    Path | None, typer.Option("--dependence", help="YAML: which lines move together, and how.")
]
SamplingOption = Annotated[
    str,
    typer.Option("--sampling", help="plain, antithetic, latin_hypercube or sobol."),
]
SeedOption = Annotated[int, typer.Option("--seed", min=0, max=2**64 - 1, help="Seed of a run.")]


def _version(asked: bool) -> None:
    if asked:
        from product_factory.released import released

        typer.echo(f"covercast {released()}")
        raise typer.Exit(GOOD)


@app.callback()
def covercast(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """One definition of an insurance product: priced, stressed, worded and gated."""


def language() -> "Language":
    """Unite what the packages declare of the product language."""
    from product_factory.keys import united
    from product_factory.language import Language
    from rating.minimum_value_reads import minimum_value_readings
    from rating.models import MODELS, PARTS
    from rating.reads import step_readings
    from rating.steps import STEPS
    from sandbox.declared import FILES

    files = {"rating": STEPS, **FILES}
    reads = {"rating": step_readings, "minimum_value": minimum_value_readings}
    keys = united("product_factory", "rating", "sandbox")
    return Language(files=files, models=MODELS, reads=reads, keys=keys, parts=PARTS)


def open_product(name: str, shelf: Path | None, on: str | None) -> "AssembledProduct":
    """Assemble a product named by folder name or path."""
    from product_factory.assemble import assemble
    from product_factory.shelf import find_products
    from product_factory.types import read_date

    if name.endswith((".yaml", ".yml")) and Path(name).is_file():
        raise BadValue(f"expected a product, got the file {name}; simulate and stress take files")
    opened, (found,) = find_products([name], shelf)
    day = None if on is None else read_date(on)
    return assemble(opened, found, language(), day)


def assemble_on(on: str | None) -> "Callable[[Shelf, str], AssembledProduct]":
    """Give what assembles any product of any shelf on a day."""
    from product_factory.assemble import assemble
    from product_factory.types import read_date

    day, words = None if on is None else read_date(on), language()
    return lambda shelf, name: assemble(shelf, name, words, day)


def echo(as_data: bool, told: object, lines: Iterable[str]) -> None:
    """Print data as JSON, or lines for a person."""
    typer.echo(json_text(told) if as_data else "\n".join(fitted(lines, sys.stdout)))


def fitted(lines: Iterable[str], where: TextIO) -> list[str]:
    """Break lines that a terminal would break between any two signs; a pipe gets them whole."""
    if not where.isatty():
        return list(lines)
    from shutil import get_terminal_size

    from product_factory.columns import wrapped

    columns = get_terminal_size().columns
    return [part for line in lines for part in wrapped(line, indent="      ", most=columns)]


def deliver(
    text: str, out: Path | None, instead: Iterable[str], *, plain: bool, err: bool = False
) -> None:
    """Write a text to a file and print what it says in short, or print it.

    plain  whether it is lines for a person
    """
    from sandbox.files import ready, write_whole

    stream = sys.stderr if err else sys.stdout
    if out is not None:
        write_whole(ready(out.parent) / out.name, text.encode())
        text = "".join(f"{line}\n" for line in instead)
    if plain or out is not None:
        text = "".join(f"{line}\n" for line in fitted(text.splitlines(), stream))
    typer.echo(text, nl=False, err=err)


def spoken(language_: Tongue) -> Literal["zh", "en"]:
    """Give the language as those who draw and write know it."""
    return "zh" if language_ is Tongue.zh else "en"


def _say_font(language_: Tongue) -> None:
    """Say on the error stream where a picture is in English for want of a Chinese font."""
    from sandbox.results.plots.canvas import missing_font

    for line in fitted(missing_font(spoken(language_)), sys.stderr):
        typer.echo(line, err=True)


def say(line: str) -> None:
    """Say a line on the error stream, where results do not stand."""
    typer.echo("\n".join(fitted([line], sys.stderr)), err=True)


@cache
def warn(line: str) -> None:
    """Say a line once, however many runs have reason to."""
    say(line)


def progress(what: str, total: int | None) -> tuple[Any, Callable[[int], None]]:
    """Give a progress bar on a terminal, and lines now and then elsewhere, with its step function.

    A bar whose end is known shows the rate and the time left.
    """
    from sandbox.execution.lines import Lines

    if not sys.stderr.isatty():
        lines = Lines(what, total, say)
        return lines, lines.step
    from sandbox.execution.bar import bar_on

    bar = bar_on(what, total)
    return bar, bar.step


@app.command()
def check(
    products: Annotated[
        list[str] | None, typer.Argument(help="Products: names of folders, or paths.")
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Check every product of the shelf.")] = False,
    shelf: ShelfOption = None,
    on: OnOption = None,
    locked: Annotated[bool, typer.Option("--locked", help="Hold it against its lock.")] = False,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="A day to come: what it breaks, of some or all.")
    ] = None,
    format_: Annotated[Report, typer.Option("--format", help="Form of the report.")] = Report.text,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="File to write.")] = None,
    stage: Annotated[Stage, typer.Option("--stage", help="How far to check.")] = Stage.examples,
    cache: Annotated[Path | None, typer.Option("--cache", help="Folder of what was found.")] = None,
    anew: Annotated[bool, typer.Option("--no-cache", help="Judge everything anew.")] = False,
    json_: JsonOption = False,
) -> None:
    """Check products: they assemble, tables are built, worked examples and rules hold."""
    from product_factory.shelf import find_products
    from product_factory.types import read_date
    from sandbox.launch.cache import user_folder
    from sandbox.launch.check import CheckOptions, check_shelf
    from sandbox.launch.checked import code_of
    from sandbox.launch.formats import FORMATS, below

    opened, names = find_products(products or [], shelf, every=all_ or bool(as_of and not products))
    form = Report.json if json_ else format_
    if as_of is not None:
        if on is not None or locked or stage is not Stage.examples:
            raise BadValue("--as-of: expected without --on, --locked and --stage")
        _foresee(opened, names, as_of, form, out)
    options = CheckOptions(
        on=None if on is None else read_date(on),
        examples=stage is Stage.examples,
        locked=locked,
        cache=None if anew else cache or user_folder(),
    )
    bar, step = progress("checking", len(names))
    with bar:
        checked = check_shelf(opened, names, language(), options, step)
    report = FORMATS[form](checked, below(opened.root, Path.cwd()))
    unread = form is Report.text and len(checked) == 1 and not checked[0].readable
    short = [one.last_line() for one in checked]
    deliver(report, out, short, plain=form is Report.text, err=unread)
    raise typer.Exit(code_of(checked))


def _foresee(
    opened: "Shelf", names: tuple[str, ...], as_of: str, form: Report, out: Path | None
) -> None:
    """Tell what a day to come would break, and end."""
    from product_factory.types import read_date
    from sandbox.launch.as_of import foresee, foreseen_lines, foreseen_told
    from sandbox.launch.formats import FORMATS, below

    day = read_date(as_of)
    found = foresee(opened, names, language(), day)
    lines = [f"{line}\n" for line in foreseen_lines(found, day)]
    short = [one.checked(day).last_line() for one in found]
    if form is Report.json:
        report = f"{json_text(foreseen_told(found, day))}\n"
    elif form is Report.text:
        report = "".join(lines)
    else:
        checked = [one.checked(day) for one in found]
        report = FORMATS[form](checked, below(opened.root, Path.cwd()))
    deliver(report, out, short, plain=form is Report.text)
    raise typer.Exit(FINDINGS if any(one.breaks for one in found) else GOOD)


@app.command()
def show(
    product: Product,
    shelf: ShelfOption = None,
    on: OnOption = None,
    json_: JsonOption = False,
    graph: Annotated[Graph | None, typer.Option("--graph", help="Show a graph of it.")] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="An .svg or .png file.")] = None,
    language_: LanguageOption = Tongue.en,
) -> None:
    """Show the assembled product: every term with its value and where it stands."""
    from product_factory.told import lines, told

    assembled = open_product(product, shelf, on)
    if graph is None:
        if out is not None:
            raise BadValue("-o: expected together with --graph")
        echo(json_, told(assembled), lines(assembled))
        return
    from sandbox.files import ready, write_whole
    from sandbox.graphs import graphed

    found = graphed(assembled, "modules" if graph == Graph.modules else "states")
    if out is None:
        echo(json_, found.told, found.lines)
        return
    if out.suffix not in (".svg", ".png"):
        raise BadValue(f"{out}: expected a file that ends in .svg or .png")
    write_whole(ready(out.parent) / out.name, found.draw(out.suffix[1:], spoken(language_)))
    _say_font(language_)
    typer.echo(f"{out}: {found.size}")


@app.command()
def uses(
    name: Annotated[str, typer.Argument(help="A dated parameter or a table, by its full name.")],
    shelf: ShelfOption = None,
    json_: JsonOption = False,
) -> None:
    """Name every module, product, basis, step, rule and clause that reads a parameter."""
    from product_factory.shelf import find_products
    from sandbox.uses import uses as readers
    from sandbox.uses import uses_lines, uses_told

    opened, names = find_products([], shelf, every=True)
    assemble = assemble_on(None)
    found = readers(opened, name, [assemble(opened, product) for product in names])
    echo(json_, uses_told(name, found), uses_lines(name, found))


@app.command()
def lock(
    products: Annotated[
        list[str] | None, typer.Argument(help="Products: names of folders, or paths.")
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Lock every product of the shelf.")] = False,
    shelf: ShelfOption = None,
    json_: JsonOption = False,
) -> None:
    """Write the lock: hashes of all that a product is made from, and what it amounts to."""
    from product_factory.shelf import find_products, to_be_written
    from sandbox.lock.make import lock_of, write_lock
    from sandbox.lock.told import lock_lines, lock_told

    opened, names = find_products(products or [], shelf, every=all_)
    to_be_written(opened.root)
    assemble = assemble_on(None)
    made = [lock_of(assemble(opened, name)) for name in names]  # all of them, or none is written
    done = [(one, write_lock(opened, one)) for one in made]
    lines = [line for one, path in done for line in lock_lines(one, path)]
    echo(json_, [lock_told(one, path) for one, path in done], lines)


@app.command()
def publish(
    product: Product,
    on: Annotated[str, typer.Option("--on", help="Day of publication, 2026-03-01.")],
    shelf: ShelfOption = None,
    json_: JsonOption = False,
) -> None:
    """Publish the locked product as a version that can no longer change."""
    from product_factory.shelf import to_be_written
    from product_factory.types import read_date
    from sandbox.lock.publish import publish as keep
    from sandbox.lock.told import publication_lines, publication_told

    assembled = open_product(product, shelf, None)
    to_be_written(assembled.shelf.root)
    done = keep(assembled, read_date(on))
    echo(json_, publication_told(done), publication_lines(done))


@app.command("log")
def history(product: Product, shelf: ShelfOption = None, json_: JsonOption = False) -> None:
    """Tell the published versions with what changed, and the days from draft to launch."""
    from product_factory.lock.history import history as history_of
    from product_factory.lock.published import all_published
    from sandbox.lock.told import history_lines, history_told

    made = open_product(product, shelf, None)
    past = all_published(made.shelf, made.name)
    told = history_of(made.name, past, made.effective, made.product.drafted)
    echo(json_, history_told(told), history_lines(told))


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="NAME, NAME@VERSION, or a folder of one or more.")],
    new: Annotated[str, typer.Argument(help="The same, for what it is compared with.")],
    shelf: ShelfOption = None,
    on: OnOption = None,
    format_: Annotated[
        DiffFormat, typer.Option("--format", help="How to tell it.")
    ] = DiffFormat.text,
    book: Annotated[
        Path | None, typer.Option("--book", help="A book to rate under both: who pays what.")
    ] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Folder for its report.")] = None,
    cap: Annotated[
        str | None, typer.Option("--cap", help="How far a renewal may rise: 10%.")
    ] = None,
    floor: Annotated[
        str | None, typer.Option("--floor", help="How far a renewal may fall: 5%.")
    ] = None,
    order: Annotated[
        list[str] | None, typer.Option("--order", help="A change to apply first; repeat.")
    ] = None,
    keep: Annotated[
        list[str] | None, typer.Option("--keep", help="A further column of the book; repeat.")
    ] = None,
    worst: Annotated[
        int, typer.Option("--worst", min=0, max=1000, help="How many worst cases each way.")
    ] = 20,
    worst_by: Annotated[
        Worst, typer.Option("--worst-by", help="What makes a case the worse.")
    ] = Worst.ratio,
    threads: ThreadsOption = 1,
    json_: JsonOption = False,
    language_: LanguageOption = Tongue.en,
) -> None:
    """Compare two products by meaning, and with --book by what each policy pays."""
    from tempfile import TemporaryDirectory

    from product_factory.diff.sides import differences, one_product, sides
    from product_factory.diff.told import difference_lines, difference_markdown, difference_told
    from product_factory.shelf import installed, open_shelf

    opened, assemble = open_shelf(shelf or installed()), assemble_on(on)
    if book is not None:
        if format_ is DiffFormat.markdown:
            raise BadValue("--book: expected with --format text or json")
        from sandbox.results.impact_files import Made

        by: Literal["ratio", "amount"] = "amount" if worst_by is Worst.amount else "ratio"
        tongue = spoken(language_)
        made = Made(tuple(order or ()), tuple(keep or ()), cap, floor, worst, by, tongue)
        as_data = json_ or format_ is DiffFormat.json
        with TemporaryDirectory() as kept:  # where published versions are restored
            places = (old, Path(kept, "old")), (new, Path(kept, "new"))
            one, other = (one_product(name, opened, assemble, place) for name, place in places)
            _impact(one, other, book, out, made, threads, as_data=as_data)
    given = (("-o", out), ("--cap", cap), ("--floor", floor), ("--order", order), ("--keep", keep))
    for name, value in given:
        if value is not None:
            raise BadValue(f"{name}: expected together with --book")
    found = differences(sides(old, opened, assemble), sides(new, opened, assemble))
    lines = [line for one in found for line in difference_lines(one)]
    if format_ is DiffFormat.markdown:
        lines = difference_markdown(found).splitlines()
    echo(json_ or format_ is DiffFormat.json, [difference_told(one) for one in found], lines)
    raise typer.Exit(FINDINGS if any(one.changes for one in found) else GOOD)


def _impact(
    old: "AssembledProduct",
    new: "AssembledProduct",
    book: Path,
    out: Path | None,
    made: "Made",
    threads: int,
    *,
    as_data: bool,
) -> None:
    """Rate a book under two products, tell and write what differs, and end."""
    from dataclasses import asdict

    from rating.impact.impact import impact
    from rating.impact.told import impact_lines
    from sandbox.results.impact_files import unrated_file, write_impact

    bar, step = progress("rating", None)
    if out is None:
        with bar:
            found = impact(old, new, book, made.asked(threads, step))
    else:
        with bar, unrated_file(out) as aside:
            found = impact(old, new, book, made.asked(threads, step, aside.write_rows))
    echo(as_data, asdict(found), impact_lines(found))
    if out is not None:
        for path in write_impact(out, found, made):
            typer.echo(f"{path}", err=as_data)
        _say_font(Tongue(made.language))
    raise typer.Exit(GOOD if found.still else FINDINGS)


@app.command()
def modules(
    text: Annotated[str, typer.Argument(help="A text in name, title or terms.")] = "",
    line: Annotated[str, typer.Option("--line", help="A line of business.")] = "",
    kind: Annotated[str, typer.Option("--kind", help="A kind of module.")] = "",
    shelf: ShelfOption = None,
    json_: JsonOption = False,
) -> None:
    """Browse the modules of the shelf: their terms, and which products use them."""
    from product_factory import catalogue
    from product_factory.shelf import installed, open_shelf

    found = catalogue.catalogue(open_shelf(shelf or installed()), text, line, kind)
    echo(json_, catalogue.told(found), catalogue.lines(found))


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="The new product's name.")],
    parent: Annotated[str, typer.Option("--from", help="The product that it extends.")],
    shelf: Annotated[Path, typer.Option("--shelf", help="Where your products stand, or will.")],
) -> None:
    """Start a product that extends another, on a shelf of your own; it passes check at once."""
    from sandbox.new_product import new_product

    lines: list[str] = []

    def build_on(made: Path) -> None:
        lines.extend(built(open_product(name, made, None)))

    bar, _ = progress("making the product", None)
    with bar:
        new_product(name, parent, shelf, build_on, lambda what: typer.echo(f"... {what}", err=True))
    lines.append(f"{shelf / name / 'product.yaml'}: extends {parent}; next: covercast show {name}")
    echo(False, None, lines)


def built(assembled: "AssembledProduct") -> Iterable[str]:
    """Build the rate tables of a product and tell each."""
    from rating.build import build as build_tables
    from rating.built_from import FILE, built_from_text
    from sandbox.files import ready, write_whole

    made = build_tables(assembled)
    for table in made:
        path = ready(assembled.composed.built) / f"{table.name}.csv"
        write_whole(path, table.text.encode())
        yield f"{table.name}: {table.rows} rates, {assembled.shelf.label(path)}"
    if made:
        write_whole(assembled.composed.built / FILE, built_from_text(assembled).encode())


@app.command()
def build(
    product: Product,
    shelf: ShelfOption = None,
    check_: Annotated[
        bool, typer.Option("--check", help="Rebuild and compare; write nothing.")
    ] = False,
    on: OnOption = None,
) -> None:
    """Build the rate tables that stand beside the product and are filed."""
    from product_factory.shelf import to_be_written
    from rating.build import stale

    assembled = open_product(product, shelf, on)
    if check_:
        names = stale(assembled)
        for name in names:
            told = "differs from what its inputs give; run: covercast build"
            typer.echo(f"{name}: {told} {assembled.name}")
        if not names:
            typer.echo(f"{assembled.name}: the built tables are those of their inputs")
        raise typer.Exit(FINDINGS if names else GOOD)
    to_be_written(assembled.shelf.root)
    nothing = f"{assembled.name} has no table to build: its tariff looks its rates up"
    typer.echo("\n".join(built(assembled)) or nothing)


@app.command()
def quote(
    product: Product,
    settings: SetOption = None,
    shelf: ShelfOption = None,
    on: OnOption = None,
    explain: Annotated[bool, typer.Option("--explain", help="Print the worksheet.")] = False,
    json_: JsonOption = False,
    language_: LanguageOption = Tongue.en,
) -> None:
    """Price one risk."""
    from rating.page import page, short
    from rating.plan import bind, fresh
    from rating.quote import quote as price
    from rating.settings import read_settings
    from rating.worksheet import worksheet

    assembled = open_product(product, shelf, on)
    fresh(assembled)
    plan = bind(assembled)
    quotation = price(plan, read_settings(settings or ()), language_)
    sheet = worksheet(plan, quotation, language_)
    echo(json_, sheet.as_dict(), page(sheet).splitlines() if explain else short(plan, quotation))


@app.command()
def rate(
    product: Product,
    book: Annotated[Path, typer.Argument(help="A CSV or Parquet file, one policy a row.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="CSV or Parquet to write.")],
    shelf: ShelfOption = None,
    on: OnOption = None,
    by: Annotated[
        str, typer.Option("--by", help="Column naming the policy of a row: a row is an item.")
    ] = "",
    per: Annotated[
        str, typer.Option("--per", help="With --by: write a row for each policy or item.")
    ] = "policy",
    keep: Annotated[
        list[str] | None, typer.Option("--keep", help="A column to pass through; repeat.")
    ] = None,
    step: Annotated[
        list[str] | None,
        typer.Option("--step", help="A step to write beside those in money; repeat."),
    ] = None,
    encoding: Annotated[
        str, typer.Option("--encoding", help="Of a CSV, such as gbk; else UTF-8 or by its mark.")
    ] = "",
    threads: ThreadsOption = 1,
    json_: JsonOption = False,
) -> None:
    """Price a book; bad rows go to a rejects file; a stopped run is gone on with."""
    from rating.book import by_of, open_source, rate_book, steps_and
    from rating.plan import bind, fresh
    from sandbox.execution.lines import advancing
    from sandbox.files import ready

    assembled = open_product(product, shelf, on)
    fresh(assembled)
    policies = by_of(by, per)
    target = ready(out.parent) / out.name
    source, plan = open_source(book, encoding, policies), bind(assembled)
    steps = steps_and(plan, step or (), per_item=per == "item")
    bar, tell = progress("rating", source.rows)
    with bar:
        result = rate_book(
            plan, source, target, threads=threads, steps=steps, keep=keep or (),
            progress=advancing(tell),
        )  # fmt: skip
    echo(json_, result.told(), result.lines())
    raise typer.Exit(FINDINGS if result.rejected_rows else GOOD)


@app.command()
def claim(
    product: Product,
    events: Annotated[
        Path, typer.Option("--events", help="YAML with `policy` and dated `events`.")
    ],
    shelf: ShelfOption = None,
    on: OnOption = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show every term's effect.")] = False,
    json_: JsonOption = False,
    language_: LanguageOption = Tongue.en,
) -> None:
    """Pay dated events: what each cover pays, term by term."""
    from rating.claims import as_json as settlement_json
    from rating.claims import explain as explained
    from rating.claims import paid, pay, read_events

    assembled = open_product(product, shelf, on)
    policy, happened = read_events(events)
    settlement = pay(assembled, policy, happened, language_)
    told = explained(settlement, language_) if explain else paid(settlement, language_)
    echo(json_, settlement_json(settlement), told.splitlines())


@app.command()
def value(
    product: Product,
    start: Annotated[str, typer.Option("--start", help="First day of the policy, 2026-03-01.")],
    on: Annotated[str, typer.Option("--on", help="Day of the value.")],
    settings: SetOption = None,
    shelf: ShelfOption = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show how each comes about.")] = False,
    json_: JsonOption = False,
) -> None:
    """Value one policy on a day: what it refunds, its cash value, reserves, loan, paid-up sum."""
    from product_factory.types import read_date
    from rating.plan import fresh
    from rating.policy_value import policy_value
    from rating.policy_value_page import explained, value_lines, value_told
    from rating.settings import read_settings

    assembled = open_product(product, shelf, None)
    fresh(assembled)
    found = policy_value(assembled, read_settings(settings or ()), read_date(start), read_date(on))
    echo(json_, value_told(found), explained(found) if explain else value_lines(found))


@app.command()
def tables(
    product: Product,
    out: Annotated[Path, typer.Option("-o", "--out", help="An .xlsx file, or a folder for CSV.")],
    shelf: ShelfOption = None,
    on: OnOption = None,
) -> None:
    """Write filing tables: rates and values by cell and year, or a tariff's steps and factors."""
    from rating.plan import fresh
    from rating.tariff_tables import no_premiums, tables_of
    from sandbox.files import ready, write_whole
    from sandbox.workbook import workbook

    assembled = open_product(product, shelf, on)
    fresh(assembled)
    ready(out.parent if out.suffix == ".xlsx" else out)
    typer.echo("... computing values", err=True)
    made = tables_of(assembled)
    typer.echo(f"... writing {sum(len(table.rows) for table in made):,} rows", err=True)
    if says := no_premiums(assembled):
        typer.echo(f"... {says}", err=True)
    if out.suffix == ".xlsx":
        write_whole(ready(out.parent) / out.name, workbook(made))
    else:
        for table in made:
            write_whole(ready(out) / f"{table.name}.csv", table.csv().encode())
    for table in made:
        typer.echo(f"{table.name}: {len(table.rows)} rows, {out}")


@app.command()
def export(
    product: Product,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Folder; default: PRODUCT_export.")
    ] = None,
    cases: Annotated[
        int, typer.Option("--cases", min=1, max=100_000, help="Prices to show; claims: a fifth.")
    ] = 1000,
    seed: SeedOption = SEED,
    values: Annotated[
        bool, typer.Option("--values/--no-values", help="Table cash values and others too.")
    ] = True,
    shelf: ShelfOption = None,
    on: OnOption = None,
    json_: JsonOption = False,
) -> None:
    """Write plan, tables, terms and conformance cases for a policy system."""
    from rating.export import export as exported
    from rating.plan import fresh
    from sandbox.export_folder import check_folder, write_export

    assembled = open_product(product, shelf, on)
    fresh(assembled)
    folder = check_folder(out or Path(f"{assembled.name}_export"), assembled.product.product)
    with progress("exporting", None)[0]:
        done = exported(assembled, cases, seed, values=values)
    write_export(done, folder)
    echo(json_, done.manifest, [*done.lines(), f"export: {folder}"])


@app.command()
def profit(
    product: Product,
    settings: SetOption = None,
    discount: Annotated[
        float, typer.Option("--discount", min=-0.99, max=1.0, help="Risk discount rate, 0.10.")
    ] = 0.10,
    plot: Annotated[Path | None, typer.Option("--plot", help="A .png of what moves it.")] = None,
    shelf: ShelfOption = None,
    on: OnOption = None,
    json_: JsonOption = False,
    language_: LanguageOption = Tongue.en,
) -> None:
    """Test the profit of one model point, or without --set of the product's own portfolio."""
    from rating.plan import fresh
    from rating.settings import read_settings
    from sandbox.files import ready, write_whole
    from sandbox.profit import insured, profit_lines, profit_of, profit_told

    assembled = open_product(product, shelf, on)
    fresh(assembled)
    found = profit_of(
        assembled, insured(assembled, read_settings(settings or ())), risk_discount=discount
    )
    if plot is not None:
        from sandbox.results.plots.tornado import tornado_png

        title, currency = assembled.title.model_dump(), assembled.product.currency
        picture = tornado_png(found, spoken(language_), title, currency)
        write_whole(ready(plot.parent) / plot.name, picture)
        _say_font(language_)
    echo(json_, profit_told(found), profit_lines(found))


@app.command()
def project(
    product: Product,
    settings: SetOption = None,
    book: Annotated[
        Path | None, typer.Option("--book", help="A CSV or Parquet file of model points.")
    ] = None,
    basis: Annotated[
        str, typer.Option("--basis", help="A basis of the product.")
    ] = "best_estimate",
    months: Annotated[
        bool, typer.Option("--months", help="By month, also where the basis goes by year.")
    ] = False,
    by: Annotated[By, typer.Option("--by", help="A row of the file for each.")] = "step",
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="A .csv, .parquet or .json file.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show the recursion of one point's value.")
    ] = False,
    net: Annotated[
        bool, typer.Option("--net", help="With --explain: the net premium reserve.")
    ] = False,
    year: Annotated[
        int | None, typer.Option("--year", min=1, help="With --explain: this policy year.")
    ] = None,
    shelf: ShelfOption = None,
    on: OnOption = None,
    json_: JsonOption = False,
) -> None:
    """Project cash flows: of one point (--set), of a --book, or of the product's own portfolio."""
    from rating.cash_flows.page import projection_lines, projection_told
    from rating.plan import fresh
    from rating.settings import read_settings
    from sandbox.files import ready, write_whole
    from sandbox.profit.points import points_of

    assembled = open_product(product, shelf, on)
    fresh(assembled)
    given = read_settings(settings or ())
    if explain:
        if not given or book is not None or out is not None:
            raise BadValue("--explain: expected one point, described by --set, and no file")
        _recursion(assembled, points_of(assembled, given, basis), (basis, months), net, year, json_)
        return
    if net or year is not None:
        raise BadValue("--net and --year: expected with --explain")
    if book is not None and given:
        raise BadValue("--book: expected without --set, which describes a single point")
    target = None if out is None else ready(out.parent) / out.name
    done = _cash_flows(assembled, book or given, (basis, months), by, target)
    if target is not None and target.suffix == ".json":
        write_whole(target, f"{json_text(projection_told(done))}\n".encode())
    echo(json_, projection_told(done), projection_lines(done))
    raise typer.Exit(FINDINGS if done.lost.rows else GOOD)


def _cash_flows(
    assembled: "AssembledProduct",
    of: Path | dict[str, str],
    on: tuple[str, bool],
    by: By,
    out: Path | None,
) -> "Projected":
    """Project a book, or the points that settings describe, behind a progress bar."""
    from rating.cash_flows import project_book, project_points
    from sandbox.profit.points import points_of

    (basis, months), (bar, step) = on, progress("projecting", None)
    with bar:
        if isinstance(of, Path):
            return project_book(assembled, basis, of, months=months, by=by, out=out, progress=step)
        own = points_of(assembled, of, basis)
        return project_points(assembled, basis, [own], months=months, by=by, out=out, progress=step)


def _recursion(
    assembled: "AssembledProduct",
    points: "Points",
    on: tuple[str, bool],
    net: bool,
    year: int | None,
    json_: bool,
) -> None:
    """Show the recursion of one point's value on a basis, by its steps or by month."""
    from rating.cash_flows.project import basis_of
    from rating.engines.multistate import bound
    from rating.recursion import Recursion, recursion_lines, recursion_told

    basis = basis_of(assembled, on[0], months=on[1])
    model = bound(assembled, basis, points.cells, points.premiums)
    found = Recursion(model, float(points.premiums[0]), net=net)
    echo(json_, recursion_told(found, year), recursion_lines(found, year))


@app.command()
def word(
    product: Product,
    out: Annotated[Path, typer.Option("-o", "--out", help="A .docx or .md file to write.")],
    shelf: ShelfOption = None,
    on: OnOption = None,
) -> None:
    """Write the policy wording, and hold law 2: every figure traces to the product."""
    from clause_templates.compose import compose
    from clause_templates.from_product import facts_of
    from clause_templates.render.markdown import markdown
    from clause_templates.trace import trace, unprinted, untraced
    from sandbox.files import ready, write_whole

    if out.suffix not in (".docx", ".md"):
        raise BadValue(f"{out}: expected a file that ends in .docx or .md")
    facts = facts_of(open_product(product, shelf, on))
    wording = compose(facts)
    if out.suffix == ".docx":
        from clause_templates.render.word import word_document

        content = word_document(wording)
    else:
        content = markdown(wording).encode()
    write_whole(ready(out.parent) / out.name, content)
    problems = (*untraced(wording), *unprinted(facts, wording))
    for problem in problems:
        typer.echo(str(problem))
    typer.echo(
        f"{out}: {len(list(wording.articles()))} articles, {len(trace(wording))} figures traced"
    )
    raise typer.Exit(FINDINGS if problems else GOOD)


@app.command()
def simulate(
    product: Annotated[
        str, typer.Argument(help="A product, or the YAML file of a business of several.")
    ],
    book: Annotated[Path | None, typer.Argument(help="A CSV or Parquet book.")] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Folder for results.")] = None,
    years: YearsOption = None,
    seed: SeedOption = SEED,
    basis: Annotated[
        str, typer.Option("--basis", help="A basis of the product.")
    ] = "best_estimate",
    scenario: Annotated[
        str | None,
        typer.Option("--scenario", help="A named change, or a file of one; several as one: a+b."),
    ] = None,
    dependence: DependenceOption = None,
    sampling: SamplingOption = "plain",
    shelf: ShelfOption = None,
    on: OnOption = None,
    threads: ThreadsOption = 2,
    cluster: ClusterOption = None,
    checkpoint: CheckpointOption = None,
    memory: MemoryOption = None,
    until: Annotated[
        str | None,
        typer.Option("--until", help="YAML: how well a measure must be known, before it ends."),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by", help="Keep segments by a variable or step: zone, or sex,zone; repeat."
        ),
    ] = None,
    horizon: Annotated[
        int | None, typer.Option("--horizon", min=1, max=1000, help="Years that are one row.")
    ] = None,
    measure: Annotated[
        list[str] | None,
        typer.Option("--measure", help="YAML, or a file of it: a measure of a figure; repeat."),
    ] = None,
    allocate: Annotated[
        list[str] | None,
        typer.Option("--allocate", help="YAML, or a file of it: who bears what part; repeat."),
    ] = None,
    sizes: Annotated[
        str | None,
        typer.Option("--sizes", help="Claims by size: auto, 1000,10000, or ground_up:1000,10000."),
    ] = None,
    full: Annotated[
        bool,
        typer.Option("--full-report", help="Scenarios and adequacy in report.html; more runs."),
    ] = False,
    json_: JsonOption = False,
    language_: LanguageOption = Tongue.en,
) -> None:
    """Simulate a book, else the product's own portfolio, or a business; goes on after a stop."""
    from sandbox.business import is_business
    from sandbox.execution import BLOCKS

    if full and (out is None or scenario or dependence or horizon):
        raise BadValue(f"--full-report: expected with -o, {_ALONE}")
    options: dict[str, Any] = {
        "seed": seed, "basis": basis, "scenario": scenario, "dependence": dependence,
        "by": by or (), "horizon": horizon, "measures": measure or (),
        "allocations": allocate or (),
    }  # fmt: skip
    workers = threads, cluster, memory, checkpoint or (None if out is None else out / BLOCKS)
    if is_business(product):
        unfit = {
            "a book": book, "--sizes": sizes,
            "--sampling": None if sampling == "plain" else sampling,
        }  # fmt: skip
        how = years, until, full
        _business(product, options, unfit, how, (shelf, on), workers, out, json_, language_)
    assembled = open_product(product, shelf, on)
    options |= {"sizes": sizes, "sampling": sampling, "alone": until is None and not full}
    _of_product(assembled, book, options, years, until, workers, out, full, json_, language_)


def _of_product(
    product: "AssembledProduct",
    book: Path | None,
    options: dict[str, Any],
    years: int | None,
    until: str | None,
    workers: tuple[int, str | None, str | None, Path | None],
    out: Path | None,
    full: bool,
    json_: bool,
    language_: Tongue,
) -> NoReturn:
    """Simulate one product, in rounds where a measure must be known; print, write, and end."""
    from sandbox.asked_run import asked_run, usual_rows
    from sandbox.execution import opened
    from sandbox.told import round_lines, run_lines, run_told
    from sandbox.until import simulate_until, until_of

    _prepare(out)
    wanted = None if until is None else until_of(product, until, options["horizon"])
    asked = asked_run(product, book, **options)
    most = None if wanted is None else wanted.most
    rows = years or usual_rows(product, options["sampling"], most)
    with opened(*workers, tell=say, warn=warn) as how:
        once = partial(_simulated, asked, how)
        taken = None if how.store is None else how.store.taken
        done, rounds = simulate_until(once, wanted, rows, say, taken=taken)
        lines = [*run_lines(done, spoken(language_)), *round_lines(rounds, spoken(language_))]
        echo(json_, run_told(done, rounds), lines)
        more = _further(done, how, language_) if full else None
        written = () if out is None else done.write(out, spoken(language_), more)
        how.finish()
    _say_written(written, json_, language_)
    raise typer.Exit(GOOD if wanted is None or rounds[-1].reached else FINDINGS)


def _business(
    given: str,
    options: dict[str, Any],
    unfit: Mapping[str, object],
    asks: tuple[int | None, str | None, bool],
    where: tuple[Path | None, str | None],
    workers: tuple[int, str | None, str | None, Path | None],
    out: Path | None,
    json_: bool,
    language_: Tongue,
) -> NoReturn:
    """Simulate a business of several products, print it, write its folder, and end.

    unfit  what was given that a business does not take;  where: the shelf, and the day
    asks   years, how well a measure must be known, whether the report is full
    """
    from sandbox.business.asked import asked_business, until_of_business
    from sandbox.business.run import usual_rows
    from sandbox.business.told import business_lines, business_told
    from sandbox.business.write import write_business
    from sandbox.execution import opened
    from sandbox.told import round_lines
    from sandbox.until import simulate_until

    file, members, basis = _bound_business(given, unfit, options["basis"], where)
    _prepare(out)
    wanted = None
    if asks[1] is not None:
        wanted = until_of_business(file, members, asks[1], options["horizon"])
    asked = asked_business(file, members, **{**options, "basis": basis})
    rows = asks[0] or usual_rows(members, None if wanted is None else wanted.most)
    with opened(*workers, tell=say, warn=warn) as how:
        once = partial(_simulated, asked, how, times=len(members))
        taken = None if how.store is None else how.store.taken
        done, rounds = simulate_until(once, wanted, rows, say, taken=taken)
        lines = [*business_lines(done, spoken(language_)), *round_lines(rounds, spoken(language_))]
        echo(json_, business_told(done, rounds), lines)
        more = _scenarios(done, how) if asks[2] else None
        written = () if out is None else write_business(done, out, spoken(language_), more)
        how.finish()
    _say_written(written, json_, language_)
    raise typer.Exit(GOOD if wanted is None or rounds[-1].reached else FINDINGS)


def _bound_business(
    given: str,
    unfit: Mapping[str, object],
    basis: str,
    where: tuple[Path | None, str | None],
) -> "tuple[BusinessFile, tuple[Member, ...], str]":
    """Read a business and bind its products; give the basis too, which its file may state."""
    from sandbox.business.asked import day_of_business, refuse_unfit, stated_basis
    from sandbox.business.file import read_business
    from sandbox.business.members import bind_members

    refuse_unfit(given, unfit)
    file = read_business(Path(given))
    basis = stated_basis(file, basis)
    day = day_of_business(file, where[1])
    return file, bind_members(file, *_shelf_on(where[0], day), basis), basis


def _shelf_on(
    shelf: Path | None, on: str | None
) -> "tuple[Shelf, Callable[[Shelf, str], AssembledProduct]]":
    """Open a shelf, and give what assembles its products on a day."""
    from product_factory.shelf import find_products

    return find_products([], shelf, every=True)[0], assemble_on(on)


def _prepare(out: Path | None) -> None:
    """Make the folder of results: what cannot be written is told before the work."""
    from sandbox.files import ready

    if out is not None:
        ready(out)


def _scenarios(run: "BusinessRun", how: "Execution") -> "Beside":
    """Make what the full report of a business holds besides the run, behind a progress bar."""
    from sandbox.business.full_report import further, simulated

    bar, step = progress("scenarios", simulated(run))
    with bar:
        return further(run, how.beside(step))


Simulated = TypeVar("Simulated")


def _simulated(
    asked: Callable[..., Simulated], how: "Execution", rows: int, *, times: int = 1
) -> Simulated:
    """Simulate so many rows, so many times, behind a progress bar."""
    bar, step = progress("simulating", rows * times)
    with bar:
        return asked(years=rows, execution=replace(how, progress=step))


def _say_written(paths: Iterable[Path], json_: bool, language_: Tongue) -> None:
    """Say which files were written, and of pictures whether a font is missing."""
    paths = tuple(paths)
    for path in paths:
        typer.echo(f"{path}", err=json_)
    if paths:
        _say_font(language_)


def _further(run: "Run", how: "Execution", language_: Tongue) -> "Beside":
    """Make what the full report holds besides the run, behind a progress bar."""
    from sandbox.full_report import further, simulated

    bar, step = progress("scenarios and adequacy", simulated(run))
    with bar:
        return further(run, spoken(language_), execution=how.beside(step))


@app.command()
def rerun(
    manifest: Annotated[Path, typer.Argument(help="The manifest.json of a run.")],
    book: Annotated[
        Path | None,
        typer.Argument(help="The book that was simulated; of a business, the folder of its books."),
    ] = None,
    shelf: ShelfOption = None,
    threads: ThreadsOption = 2,
    cluster: ClusterOption = None,
    json_: JsonOption = False,
) -> None:
    """Make a run again from its manifest, and prove that every byte is the same."""
    from sandbox.execution import opened
    from sandbox.rerun import rerun as again
    from sandbox.results.recorded import RecordedBusiness, RecordedStudy, read_manifest
    from sandbox.scenarios import kept_files, load_scenarios, recorded_scenario
    from sandbox.told import rerun_lines, rerun_told

    recorded = read_manifest(manifest)
    if isinstance(recorded, RecordedBusiness):
        _business_again(recorded, manifest.parent, book, shelf, (threads, cluster), json_)
    assembled = open_product(recorded.product, shelf, recorded.on or None)
    if isinstance(recorded, RecordedStudy):
        _study_again(recorded, assembled, manifest.parent, book, (threads, cluster), json_)
    name = recorded.scenario
    known, kept = load_scenarios(assembled.shelf), kept_files(recorded.files, manifest.parent)
    named = recorded_scenario(name, kept, known, At(str(manifest))) if name else None
    bar, step = progress("simulating", recorded.simulated)
    with opened(threads, cluster, None, None, step, warn=warn) as how, bar:
        done = again(recorded, assembled, manifest.parent, book, scenario=named, execution=how)
    echo(json_, rerun_told(recorded, done), rerun_lines(recorded, done))
    raise typer.Exit(GOOD if done.same else FINDINGS)


def _business_again(
    recorded: "RecordedBusiness",
    folder: Path,
    books: Path | None,
    shelf: Path | None,
    workers: tuple[int, str | None],
    json_: bool,
) -> NoReturn:
    """Make a business again from its manifest, and end."""
    from sandbox.business.again import business_again
    from sandbox.business.stress_study import runs_of, stressed_again
    from sandbox.execution import opened
    from sandbox.results.recorded import RecordedBusinessStudy
    from sandbox.told import rerun_lines, rerun_told

    runs = runs_of(recorded) if isinstance(recorded, RecordedBusinessStudy) else 1
    bar, step = progress("simulating", recorded.simulated * len(recorded.products) * runs)
    with opened(*workers, None, None, step, warn=warn) as how, bar:
        work = folder, books, *_shelf_on(shelf, recorded.on or None)
        if isinstance(recorded, RecordedBusinessStudy):
            done = stressed_again(recorded, *work, execution=how)
        else:
            done = business_again(recorded, *work, execution=how)
    echo(json_, rerun_told(recorded, done), rerun_lines(recorded, done))
    raise typer.Exit(GOOD if done.same else FINDINGS)


def _study_again(
    recorded: "RecordedStudy",
    product: "AssembledProduct",
    folder: Path,
    book: Path | None,
    workers: tuple[int, str | None],
    json_: bool,
) -> NoReturn:
    """Make a study again from its manifest, and end."""
    from sandbox.execution import opened
    from sandbox.studies.again import study_again
    from sandbox.told import rerun_lines, rerun_told

    bar, step = progress("simulating", None)
    with opened(*workers, None, None, step, warn=warn) as how, bar:
        done = study_again(recorded, product, folder, book, execution=how)
    echo(json_, rerun_told(recorded, done), rerun_lines(recorded, done))
    raise typer.Exit(GOOD if done.same else FINDINGS)


@app.command()
def combine(
    runs: Annotated[list[Path], typer.Argument(help="Folders that 'simulate -o' wrote.")],
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Folder for results.")] = None,
    dependence: DependenceOption = None,
    net: Annotated[bool, typer.Option("--net", help="After reinsurance, where there is.")] = False,
    language_: LanguageOption = Tongue.en,
    json_: JsonOption = False,
) -> None:
    """Add up runs of several products year by year: what they need alone, and together."""
    from sandbox.dependence.combine import combine as add_up
    from sandbox.dependence.combine import read_run
    from sandbox.dependence.combined_told import combined_lines, combined_told, joint_files
    from sandbox.dependence.specification import read_dependence
    from sandbox.files import ready, write_whole

    tied = None if dependence is None else read_dependence(dependence)
    done = add_up([read_run(folder, net=net) for folder in runs], tied)
    echo(json_, combined_told(done), combined_lines(done, spoken(language_)))
    if out is not None:
        for name, content in joint_files(done, spoken(language_)).items():
            write_whole(ready(out) / name, content)
            typer.echo(f"{out / name}", err=json_)
        _say_font(language_)


@app.command()
def stress(
    product: Product,
    book: Annotated[Path | None, typer.Argument(help="A CSV or Parquet book.")] = None,
    scenario: Annotated[
        list[str] | None,
        typer.Option(
            "--scenario", help="A named change or a file, or a+b; repeat. Default: the usual ones."
        ),
    ] = None,
    pack: Annotated[
        list[str] | None,
        typer.Option("--pack", help="A pack of scenarios, such as c_ross_rule_10; repeat."),
    ] = None,
    dependence: Annotated[
        str | None,
        typer.Option("--dependence", help="YAML, or a file of it: which lines move together."),
    ] = None,
    reverse: Annotated[
        str | None,
        typer.Option("--reverse", help="YAML, or a file of it: how far until what breaks."),
    ] = None,
    tornado: Annotated[
        bool, typer.Option("--tornado", help="Move every uncertain assumption alone.")
    ] = False,
    sobol: Annotated[
        int | None, typer.Option("--sobol", help="Sobol indices from so many points, such as 64.")
    ] = None,
    uncertainty: Annotated[
        str | None,
        typer.Option("--uncertainty", help="YAML, or a file of it: how well what is known."),
    ] = None,
    measure: Annotated[
        str | None, typer.Option("--measure", help="YAML: what --tornado and --sobol watch.")
    ] = None,
    tail: Annotated[
        str | None,
        typer.Option("--tail", help="YAML, or a file of it: how bad rare years are; {} for usual."),
    ] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Folder for a study.")] = None,
    years: YearsOption = None,
    seed: SeedOption = SEED,
    shelf: ShelfOption = None,
    on: OnOption = None,
    threads: ThreadsOption = 2,
    cluster: ClusterOption = None,
    json_: JsonOption = False,
    language_: LanguageOption = Tongue.en,
) -> None:
    """Run scenarios on the same random numbers: each figure before, after, and the difference."""
    from sandbox.business import is_business
    from sandbox.studies.options import asked_of, kind_of, scenarios_asked

    given = {"reverse": reverse, "tail": tail, "uncertainty": uncertainty, "measure": measure}
    texts = {name: text for name, text in given.items() if text is not None}
    if is_business(product):
        unfit = {"a book": book, "--tornado": tornado or None, "--sobol": sobol,
                 **{f"--{name}": text for name, text in texts.items()}}  # fmt: skip
        wanted, workers = (scenario or (), pack or (), dependence), (threads, cluster)
        _stress_business(
            product, wanted, unfit, (years, seed), (shelf, on), workers, out, json_, language_
        )
    kinds = [name for name, it in (("tornado", tornado), ("sobol", sobol is not None)) if it]
    kinds += [name for name in ("reverse", "tail") if name in texts]
    texts |= {"dependence": dependence} if dependence is not None and "tail" in texts else {}
    tied = dependence is not None and tail is None
    others = {"scenario": bool(scenario), "pack": bool(pack), "dependence": tied}
    kind = kind_of(kinds, texts, others)
    work = open_product(product, shelf, on), book, years, seed
    if kind:
        options = {} if sobol is None else {"points": str(sobol)}
        asked = asked_of(kind, work, texts, options)
    else:
        file = None if dependence is None else Path(dependence)
        asked = scenarios_asked(work, scenario or (), pack or (), file)
    _study(asked, (threads, cluster), out, json_, language_)


def _stress_business(
    given: str,
    wanted: tuple[Iterable[str], Iterable[str], str | None],
    unfit: Mapping[str, object],
    rows: tuple[int | None, int],
    where: tuple[Path | None, str | None],
    workers: tuple[int, str | None],
    out: Path | None,
    json_: bool,
    language_: Tongue,
) -> NoReturn:
    """Run scenarios of a business, print them, write its folder, and end.

    wanted  scenarios, packs, a dependence
    """
    from sandbox.business.run import usual_rows
    from sandbox.business.stress import BusinessAsked, stress_business, stress_scenarios
    from sandbox.business.stress_study import stressed_lines, stressed_told, write_stressed
    from sandbox.dependence.specification import read_dependence
    from sandbox.execution import opened

    file, members, basis = _bound_business(given, unfit, "best_estimate", where)
    scenarios = stress_scenarios(members, tuple(wanted[0]), tuple(wanted[1]))
    tied = None if wanted[2] is None else read_dependence(Path(wanted[2]))
    _prepare(out)
    years = rows[0] or usual_rows(members)
    asked = BusinessAsked(file, members, scenarios, years, rows[1], basis, tied)
    bar, step = progress("simulating", years * len(members) * (1 + len(scenarios)))
    with opened(*workers, None, None, step, warn=warn) as how, bar:
        done = stress_business(asked, how)
    echo(json_, stressed_told(done), stressed_lines(done, spoken(language_)))
    written = () if out is None else write_stressed(done, out)
    _say_written(written, json_, language_)
    raise typer.Exit(GOOD)


def _study(
    asked: "Asked",
    workers: tuple[int, str | None],
    out: Path | None,
    json_: bool,
    language_: Tongue,
) -> NoReturn:
    """Make a study on threads or a cluster, print it, write its folder, and end with its code."""
    from sandbox.execution import opened
    from sandbox.studies import study, write_study

    _prepare(out)
    bar, step = progress("simulating", 0)  # a study tells how many, when it knows
    with opened(*workers, None, None, step, warn=warn) as how, bar:
        done = study(replace(asked, language=spoken(language_), most=bar.expect, execution=how))
    echo(json_, done.told, done.lines)
    _say_written(() if out is None else write_study(done, out), json_, language_)
    raise typer.Exit(GOOD if done.good else FINDINGS)


@app.command()
def adequacy(
    product: Product,
    book: Annotated[Path | None, typer.Argument(help="A CSV or Parquet book.")] = None,
    confidence: Annotated[
        str, typer.Option("--confidence", help="How often premium must be enough.")
    ] = "90%",
    target: Annotated[str, typer.Option("--target", help="Profit, a share of premium.")] = "0%",
    by: Annotated[
        list[str] | None,
        typer.Option("--by", help="A variable or step to judge segments by; repeat. Default: all."),
    ] = None,
    uncertainty: Annotated[
        str | None,
        typer.Option("--uncertainty", help="YAML, or a file of it: how well what is known."),
    ] = None,
    draws: Annotated[
        int | None, typer.Option("--draws", help="How many sets of assumptions are drawn.")
    ] = None,
    selection: Annotated[
        str | None,
        typer.Option("--selection", help="YAML, or a file of it: how the mix answers to price."),
    ] = None,
    basis: Annotated[
        str, typer.Option("--basis", help="A basis of the product.")
    ] = "best_estimate",
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Folder for results.")] = None,
    years: YearsOption = None,
    seed: SeedOption = SEED,
    shelf: ShelfOption = None,
    on: OnOption = None,
    threads: ThreadsOption = 2,
    cluster: ClusterOption = None,
    json_: JsonOption = False,
    language_: LanguageOption = Tongue.en,
) -> None:
    """Judge whether the rate is right: enough at a confidence, stable, fair by segment."""
    from sandbox.studies.options import asked_of

    given = {"uncertainty": uncertainty, "selection": selection}
    texts = {name: text for name, text in given.items() if text is not None}
    options = {"confidence": confidence, "target": target, "basis": basis}
    options |= {} if draws is None else {"draws": str(draws)}
    options |= {} if by is None else {"by": ",".join(by)}
    work = open_product(product, shelf, on), book, years, seed
    asked = asked_of("adequacy", work, texts, options)
    _study(asked, (threads, cluster), out, json_, language_)


@app.command()
def backtest(
    product: Product,
    history: Annotated[
        Path, typer.Argument(help="CSV: year, policies, line, claims or paid of each year.")
    ],
    book: Annotated[
        Path | None, typer.Argument(help="A CSV or Parquet book: the mix of policies.")
    ] = None,
    claims: Annotated[
        Path | None, typer.Option("--claims", help="CSV: year, line, amount of each claim.")
    ] = None,
    level: Annotated[
        str, typer.Option("--level", help="Chance of a false alarm, of all tests together.")
    ] = "5%",
    basis: Annotated[
        str, typer.Option("--basis", help="A basis of the product.")
    ] = "best_estimate",
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Folder for results.")] = None,
    years: YearsOption = None,
    seed: SeedOption = SEED,
    shelf: ShelfOption = None,
    on: OnOption = None,
    threads: ThreadsOption = 2,
    cluster: ClusterOption = None,
    json_: JsonOption = False,
    language_: LanguageOption = Tongue.en,
) -> None:
    """Hold past claims against the assumptions: which of them fails, and how far it is off."""
    from sandbox.studies.data import DATA, read_data
    from sandbox.studies.options import asked_of

    files = [(name, path) for name, path in (("history", history), ("claims", claims)) if path]
    options = {"level": level, "basis": basis} | {name: path.name for name, path in files}
    kept = zip(DATA["backtest"], files, strict=False)  # the listing may be absent
    given = {name: read_data(path) for name, (_, path) in kept}
    work = open_product(product, shelf, on), book, years, seed
    asked = replace(asked_of("backtest", work, {}, options), given=given)
    _study(asked, (threads, cluster), out, json_, language_)


@app.command()
def capital(
    company: Annotated[Path, typer.Argument(help="YAML: the company's business and own funds.")],
    shelf: ShelfOption = None,
    json_: JsonOption = False,
) -> None:
    """Compute regulatory capital (C-ROSS II, Solvency II) and the solvency ratio of a company."""
    from product_factory.rules.load import all_parameters
    from product_factory.shelf import installed, open_shelf
    from rating.frame import read_file
    from sandbox.capital.assess import assess
    from sandbox.capital.told import capital_lines, capital_told

    opened, assemble = open_shelf(shelf or installed()), assemble_on(None)
    parameters = all_parameters(opened)
    with progress("computing capital", None)[0]:
        done = assess(read_file(company), parameters, lambda name: assemble(opened, name))
    echo(json_, capital_told(done), capital_lines(done))
    raise typer.Exit(GOOD if done.met else FINDINGS)


@app.command()
def aggregate(
    what: Annotated[str, typer.Argument(help="A YAML of frequency and severity, or a product.")],
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Folder for results.")] = None,
    cover: Annotated[
        list[str] | None, typer.Option("--cover", help="Of a product; repeat. Default: all.")
    ] = None,
    settings: SetOption = None,
    basis: Annotated[str, typer.Option("--basis", help="A basis of the product.")] = "pricing",
    limits: Annotated[str, typer.Option(help="Limits of a claim, the basic one first.")] = "",
    deductibles: Annotated[str, typer.Option(help="Deductibles, the basic one first.")] = "",
    before_limits: Annotated[
        bool,
        typer.Option("--before-limits", help="Leave out limits and corridors of a product's year."),
    ] = False,
    step: Annotated[float | None, typer.Option(help="Step of the lattice.")] = None,
    points: Annotated[int | None, typer.Option(help="Points of the lattice.")] = None,
    method: Annotated[str, typer.Option(help="fourier or panjer.")] = "fourier",
    apart: Annotated[float, typer.Option(help="How far the mean may be off, relative.")] = 1e-6,
    shelf: ShelfOption = None,
    on: OnOption = None,
    json_: JsonOption = False,
    language_: LanguageOption = Tongue.en,
) -> None:
    """Give the distribution of a year's claims, and factors of limits and deductibles."""
    from sandbox.aggregate import Wanted, of_file, of_product, write_aggregate
    from sandbox.files import ready

    wanted = Wanted(step, points, method, apart, limits, deductibles, before_limits)
    if out is not None:
        ready(out)  # what cannot be written is told before the work
    with progress("adding up", None)[0]:
        if what.endswith((".yaml", ".yml")):
            found = of_file(Path(what), wanted)
        else:
            product = open_product(what, shelf, on)
            found = of_product(product, cover or (), settings or (), basis, wanted)
    echo(json_, found.told(), found.lines(spoken(language_)))
    for path in write_aggregate(found, out, spoken(language_)) if out else ():
        typer.echo(f"{path}", err=json_)


@app.command()
def fit(
    specification: Annotated[Path, typer.Argument(help="YAML that says what is fitted to what.")],
    data: Annotated[Path, typer.Option("--data", help="CSV or Parquet: lives, policies, losses.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for tables and reports.")],
    claims: Annotated[
        Path | None, typer.Option("--claims", help="CSV or Parquet: claim amounts, one a row.")
    ] = None,
    standard: Annotated[
        Path | None, typer.Option("--standard", help="The standard table that the study names.")
    ] = None,
    json_: JsonOption = False,
    language_: LanguageOption = Tongue.en,
) -> None:
    """Fit to data: tariffs, severities, curves, credibility, scales, experience, dependence.

    Kinds: bonus_malus, credibility, dependence, development, experience, exposure, glm,
    large_losses, severity, shared_factor, trend.
    """
    from rating.frame import read_file
    from sandbox.files import ready, write_whole
    from sandbox.fits import fit as run
    from sandbox.fits.outcome import Asked

    node = read_file(specification)
    ready(out)  # what cannot be written is told before the work
    say = lambda what: typer.echo(f"... {what}", err=True)  # noqa: E731 - a stage, told
    bar, _ = progress("fitting", None)
    with bar:
        outcome = run(Asked(node, data, claims, standard, spoken(language_), out, say))
    echo(json_, outcome.told, outcome.lines)
    for path, content in outcome.shelf.items():
        write_whole(ready(path.parent) / path.name, content)
    for name, content in outcome.files.items():
        path = out / name
        write_whole(ready(path.parent) / path.name, content)
        typer.echo(f"{path}", err=json_)
    if any(name.endswith((".png", ".html")) for name in outcome.files):
        _say_font(language_)
    raise typer.Exit(FINDINGS if outcome.findings else GOOD)


@app.command()
def launch(
    product: Product,
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for the pack.")],
    years: YearsOption = None,
    seed: SeedOption = SEED,
    shelf: ShelfOption = None,
    on: OnOption = None,
    threads: ThreadsOption = 2,
    json_: JsonOption = False,
) -> None:
    """Judge whether a product may launch, and write the pack."""
    from sandbox.files import ready
    from sandbox.launch.launch import launch as judge
    from sandbox.launch.pack import write_pack
    from sandbox.launch.report import summary

    assembled = open_product(product, shelf, on)
    ready(out)
    done = judge(
        assembled,
        lambda day: open_product(product, shelf, day.isoformat()),
        years=years,
        seed=seed,
        threads=threads,
        say=lambda stage: typer.echo(f"... {stage}", err=True),
    )
    write_pack(done, out)
    echo(json_, done.as_dict(), [*summary(done), f"pack: {out}"])
    raise typer.Exit(GOOD if done.passed else FINDINGS)


@app.command()
def rules(
    rule: Annotated[str | None, typer.Argument(help="A rule to show whole: cn/grace.")] = None,
    line: Annotated[str | None, typer.Option("--line", help="A line: life, health, …")] = None,
    shelf: ShelfOption = None,
    json_: JsonOption = False,
    markdown_: Annotated[bool, typer.Option("--markdown", help="Print docs/rules.md.")] = False,
) -> None:
    """List the regulation packs: every rule with its law, stage, severity, trust and first day."""
    from product_factory.rules.catalogue import catalogue, page
    from product_factory.rules.rule_page import rule_lines, rule_told
    from product_factory.rules.told import rules_lines, rules_told
    from product_factory.shelf import installed, open_shelf

    listed = catalogue(open_shelf(shelf or installed()), line)
    if rule is not None:
        found = listed.find(rule)
        echo(json_, rule_told(listed, found), rule_lines(listed, found))
    elif markdown_:
        typer.echo(page(listed), nl=False)
    else:
        told = listed.rules, listed.not_judged
        echo(json_, rules_told(*told), rules_lines(*told))


@app.command("take-table")
def take_table(
    file: Annotated[Path, typer.Argument(help="An .xlsx workbook, or XTbML as .xml.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The CSV to write.")],
    columns: Annotated[
        str, typer.Option(help="{age: {key: exact, type: age}, q: {type: ratio}}")
    ] = "",
    title: Annotated[str, typer.Option(help="Its title; default: what the file says.")] = "",
    source: Annotated[str, typer.Option(help="Where the figures are from.")] = "",
    status: Annotated[str, typer.Option(help="published, fitted or illustrative.")] = "published",
    sheet: Annotated[str, typer.Option(help="Sheet of a workbook.")] = "",
    cells: Annotated[str, typer.Option(help="Range of a sheet, such as A3:C120.")] = "",
    sparse: Annotated[str, typer.Option(help="Why rows are missing, where some are.")] = "",
) -> None:
    """Take a table from a workbook or from XTbML into the shelf's form."""
    from product_factory.intake import Wanted, take, text_of
    from sandbox.files import ready, write_whole

    wanted = Wanted(title, source, status, columns, sheet, cells, sparse)
    for taken in take(file, wanted):
        target = out.with_stem(f"{out.stem}_{taken.part}") if taken.part else out
        text, table = text_of(taken, target.stem, str(target))
        write_whole(ready(target.parent) / target.name, text.encode())
        shape = " x ".join(f"{axis.size} {axis.name}" for axis in table.axes)
        typer.echo(f"{target}: {len(taken.rows) - 1} rows, {shape}")


@app.command()
def schema(
    kind: Annotated[str | None, typer.Argument(help="A kind of file, such as product.")] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Folder to write into.")] = None,
) -> None:
    """Write JSON Schemas of the files, for completion and hover in editors."""
    from product_factory.errors import nearest
    from product_factory.json_schema import schemas, written
    from sandbox.declared import schema_files
    from sandbox.files import ready, write_whole

    known = schemas(language(), schema_files())
    if kind is not None and kind not in known:
        raise BadValue(f"unknown kind '{kind}'{nearest(kind, known)}")
    for name in [kind] if kind else known:
        if out is None:
            typer.echo(written(known[name]) if kind else name, nl=not kind)
        else:
            write_whole(ready(out) / f"{name}.json", written(known[name]).encode())
            typer.echo(out / f"{name}.json")


@app.command()
def explain(
    key: Annotated[str, typer.Argument(help="A key of a file, or the end of its path: pays.per.")],
    json_: JsonOption = False,
) -> None:
    """Explain a key of any YAML file: meaning, type, unit, default, example."""
    from product_factory import explain as explained
    from sandbox.declared import shelf_files

    known = language()
    found = explained.found(known, key, shelf_files())
    echo(json_, [explained.told(known.keys, p) for p in found], explained.lines(known.keys, found))


def main() -> None:
    """Run the command line; every error that a user can meet becomes lines and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except Refused as error:
        _end(str(error), FINDINGS)
    except CovercastError as error:
        _end(str(error), BAD)
    except BrokenPipeError:
        sys.exit(GOOD)
    except UnicodeEncodeError as error:
        _end(f"expected a name that can be written in {error.encoding}, got {error.object!a}", BAD)
    except OSError as error:
        _end(f"{error.filename or 'output'}: {error.strerror or error}", BAD)
    except MemoryError:
        _end("expected work that fits in memory; ask for fewer years or a smaller book", BAD)


def _end(text: str, code: int) -> None:
    typer.echo("\n".join(fitted(text.splitlines(), sys.stderr)), err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
