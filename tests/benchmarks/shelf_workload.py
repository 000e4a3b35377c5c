"""A large shelf: as many products and modules as asked for, made from those that ship.

    python -m tests.benchmarks.shelf_workload FOLDER [PRODUCTS MODULES]

Every product is a clone of home or of term_life under its own name, with its own bases, tariff,
worked examples and tables; every module is a clone under its own name, put to use by some of them.
Rate tables are those of the clone's inputs. So each of them passes `check`.
"""

import gc
import re
import shutil
import subprocess
import sys
from itertools import count, islice
from pathlib import Path

import yaml

import cli
from product_factory.assemble import assemble
from product_factory.shelf import installed, open_shelf

HOUSE = Path(__file__).resolve().parents[2]
SOURCES = ("home", "term_life")
SHARED = ("parameters", "processes", "rules", "tables", "scenarios")
PRODUCTS, MODULES = 500, 200
MEBIBYTE = 1024  # kibibytes, in which Linux counts a process
ROW = f"check a shelf of {PRODUCTS} products and {MODULES} modules"
USUAL = 700, 10, 10  # the thresholds of Python's collector as it comes
WATCHED = """
import atexit, sys
from pathlib import Path
from cli import main
atexit.register(lambda: sys.stderr.write(Path("/proc/self/status").read_text()))
main()
"""  # what the system tells of a child counts what its parent took; this is of the child alone
LIMIT = 10.0  # times the time that PyYAML's C loader takes to parse the same files


def generate(root: Path, products: int = PRODUCTS, modules: int = MODULES) -> Path:
    """Write the shelf below `root` and give its path."""
    ours = installed()
    for folder in SHARED:
        shutil.copytree(ours / folder, root / folder)
    clones = _modules(ours / "modules", root / "modules", modules)
    for number in range(products):
        _product(ours / SOURCES[number % 2], root, number, clones)
    _rate_tables(root)
    return root


def _modules(ours: Path, target: Path, number: int) -> dict[str, int]:
    """Write clones of the modules in use, in turn; give how many there are of each."""
    used = sorted({name for s in SOURCES for name in _uses(ours.parent / s / "product.yaml")})
    clones = dict.fromkeys(used, 0)
    for name in islice((name for _ in count() for name in used), number):
        clones[name] += 1
        clone = target / f"{name}_{clones[name]}.yaml"
        clone.parent.mkdir(parents=True, exist_ok=True)
        text = (ours / f"{name}.yaml").read_text("utf-8")
        clone.write_text(text.replace(f"module: {name}", f"module: {name}_{clones[name]}"), "utf-8")
    return clones


def _uses(product: Path) -> list[str]:
    return re.findall(r"use: ([\w/]+)@", product.read_text("utf-8"))


def _product(source: Path, root: Path, number: int, clones: dict[str, int]) -> None:
    name = f"{source.name}_{number:03}"
    shutil.copytree(source, root / name)
    path = root / name / "product.yaml"
    text = path.read_text("utf-8").replace(f"product: {source.name}\n", f"product: {name}\n")

    def clone(match: re.Match[str]) -> str:
        return f"use: {match[1]}_{1 + number % clones[match[1]]}@"

    path.write_text(re.sub(r"use: ([\w/]+)@", clone, text), "utf-8")


def _rate_tables(root: Path) -> None:
    """Write into each built table its product's inputs; the rates are those of the source."""
    shelf, language = open_shelf(root), cli.language()
    for table in sorted(root.glob("*/tables/built/*.csv")):
        inputs = assemble(shelf, table.parents[2].name, language).inputs
        text = re.sub(r"(?m)^# inputs: .*$", f"# inputs: {inputs}", table.read_text("utf-8"))
        table.write_text(text, "utf-8")


def texts(root: Path) -> list[str]:
    """Read every YAML file of a shelf."""
    return [path.read_text("utf-8") for path in sorted(root.rglob("*.yaml"))]


def parse(shelf_texts: list[str]) -> None:
    """Do what the check is measured against: parse every file by PyYAML's C loader.

    The collector of garbage runs as often as Python lets it, not as seldom as in the tests.
    """
    before = gc.get_threshold()
    gc.set_threshold(*USUAL)
    try:
        for text in shelf_texts:
            yaml.load(text, Loader=yaml.CSafeLoader)
    finally:
        gc.set_threshold(*before)


def check(root: Path, *options: str) -> int:
    """Run `covercast check --all` in a process of its own; give its largest size in MiB."""
    command = [sys.executable, "-c", WATCHED, "check", "--all", "--shelf", str(root), *options]
    done = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, check=False)
    if done.returncode or "all good" not in done.stdout:
        raise AssertionError(done.stdout + done.stderr)
    peak = next(line for line in done.stderr.splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) // MEBIBYTE


if __name__ == "__main__":
    generate(Path(sys.argv[1]), *map(int, sys.argv[2:]))
