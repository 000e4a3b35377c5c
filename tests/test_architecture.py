"""The import arrows of the house, and what may stand in which file.

Imports are read from the syntax tree of every file, those inside functions too. Each rule is a
function from a source text to what is wrong with it, so that a planted violation can show that
the rule catches one.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.source_tree import PACKAGES, ROOT, project_files

MAX_LINES = 400
MAX_VERB_LINES = 32

MAY_IMPORT = {
    "product_factory": set(),
    "rating": {"product_factory"},
    "clause_templates": {"product_factory", "rating"},
    "sandbox": {"product_factory", "rating", "clause_templates"},
    "cli": {"product_factory", "rating", "clause_templates", "sandbox"},
}
OURS = {*MAY_IMPORT, "products", "tests"}

# `typing` says what an array is and is gone when the kernel runs.
KERNELS_MAY_IMPORT = ("math", "numpy", "numba", "typing", "product_factory.numbers")
# The one file that sets up the compiler: it names the compiled code's cache by the hash of the
# kernels' sources, for which it reads files, and asks the compiler for its version.
COMPILER = "rating.kernels.jit"
COMPILER_MAY_IMPORT = {*sys.stdlib_module_names, "llvmlite"}


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(source: str, module: str, *, is_package: bool = False) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of every import, relative ones resolved against module."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, alias.name) for alias in names)
            case ast.ImportFrom(module=base, names=names, level=level):
                here = module.split(".")
                kept = len(here) - level + is_package if level else 0
                start = [*here[:kept], *([base] if base else [])]
                yield from ((node.lineno, ".".join([*start, alias.name])) for alias in names)
            case ast.Call(
                func=ast.Name(id="__import__" | "import_module")
                | ast.Attribute(attr="import_module" | "__import__"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield node.lineno, name


def is_within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def wrong_arrows(source: str, module: str, *, is_package: bool = False) -> list[str]:
    home = module.partition(".")[0]
    allowed = {home} | MAY_IMPORT[home]
    return [
        f"{module}:{line}: {home} must not import {name}"
        for line, name in imports(source, module, is_package=is_package)
        if (top := name.partition(".")[0]) in OURS and top not in allowed
    ]


def wrong_kernel_imports(source: str, module: str, *, is_package: bool = False) -> list[str]:
    if "kernels" not in module.split("."):
        return []
    return [
        f"{module}:{line}: a kernel must not import {name}"
        for line, name in imports(source, module, is_package=is_package)
        if not any(is_within(name, allowed) for allowed in KERNELS_MAY_IMPORT)
        and not (name.partition(".")[0] in PACKAGES and "kernels" in name.split("."))
        and not (module == COMPILER and name.partition(".")[0] in COMPILER_MAY_IMPORT)
    ]


def prints(source: str, module: str) -> list[str]:
    if module == "cli":
        return []
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id="print")):
                found.append(f"{module}:{node.lineno}: print")
            case ast.Attribute(value=ast.Name(id="sys"), attr="stdout" | "stderr" as stream):
                found.append(f"{module}:{node.lineno}: sys.{stream}")
    return found


def violations(source: str, module: str, *, is_package: bool = False) -> list[str]:
    return [
        *wrong_arrows(source, module, is_package=is_package),
        *wrong_kernel_imports(source, module, is_package=is_package),
        *prints(source, module),
    ]


def package_files() -> list[Path]:
    return [p for p in project_files(*PACKAGES, "cli.py") if p.suffix == ".py"]


def test_every_import_follows_the_arrows_and_only_cli_prints():
    files = package_files()
    assert {module_of(path).partition(".")[0] for path in files} >= set(PACKAGES)
    found = [
        line
        for path in files
        for line in violations(
            path.read_text("utf-8"),
            module_of(path),
            is_package=path.name == "__init__.py",
        )
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("product_factory.types", "import rating"),
        ("product_factory.types", "from rating.kernels import jit"),
        ("product_factory.types", "def late():\n    import sandbox.measures"),
        ("product_factory.types", "import importlib\nimportlib.import_module('clause_templates')"),
        ("product_factory.types", "if TYPE_CHECKING:\n    from rating.plan import RatingPlan"),
        ("rating.plan", "from sandbox import loss_table"),
        ("rating.plan", "from clause_templates import wording"),
        ("clause_templates.wording", "import sandbox"),
        ("sandbox.launch.gate", "import cli"),
        ("sandbox.launch.gate", "from cli import main"),
        ("sandbox.launch.gate", "import products"),
        ("sandbox.launch.gate", "from tests import source_tree"),
        ("sandbox.launch.gate", "from ... import cli"),
        ("rating.kernels.terms", "import pandas"),
        ("rating.kernels.terms", "from product_factory import errors"),
        ("rating.kernels.terms", "from rating import plan"),
        ("rating.kernels.terms", "from .. import plan"),
        ("rating.kernels.terms", "import hashlib"),
        ("rating.kernels.jit", "import pandas"),
        ("rating.kernels.jit", "from rating import plan"),
        ("rating.kernels.terms", "import numpy_financial"),
        ("rating.plan", "print('premium')"),
        ("rating.plan", "import sys\nsys.stdout.write('premium')"),
    ],
)
def test_a_planted_violation_is_caught(module, source):
    assert len(violations(source, module)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("product_factory.types", "import math\nfrom product_factory import errors"),
        ("rating.plan", "from product_factory.types import Money\nfrom .steps import lookup"),
        ("sandbox.simulate", "import rating, clause_templates, product_factory"),
        ("sandbox.kernels.years", "from rating.kernels.jit import kernel\nimport numpy as np"),
        ("rating.kernels.terms", "from product_factory.numbers.portable import exp"),
        ("rating.kernels.terms", "from . import jit\nfrom .random import philox"),
        ("rating.kernels.jit", "import hashlib\nfrom pathlib import Path\nimport numba"),
        ("cli", "import sandbox, rating\nprint('verdict')"),
    ],
)
def test_what_the_arrows_allow_is_not_reported(module, source):
    assert violations(source, module) == []


def test_a_package_resolves_relative_imports_from_itself():
    found = imports("from . import jit\nfrom ..plan import X", "rating.kernels", is_package=True)
    assert [name for _, name in found] == ["rating.kernels.jit", "rating.plan.X"]


def test_no_file_is_longer_than_400_lines():
    """cli.py holds every verb, so it grows with them; there each verb is kept short instead."""
    files = [*package_files(), *(p for p in project_files("tests") if p.suffix == ".py")]
    lengths = {module_of(path): len(path.read_text("utf-8").splitlines()) for path in files}
    del lengths["cli"]
    too_long = {name: length for name, length in lengths.items() if length > MAX_LINES}
    assert not too_long


def test_no_verb_of_the_command_line_does_more_than_parse_call_and_print():
    """Counted from the first line of the body: options may be many, what is done with them few."""
    tree = ast.parse((ROOT / "cli.py").read_text("utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    lines = {f.name: (f.end_lineno or 0) - f.body[0].lineno + 1 for f in functions}
    too_long = {name: length for name, length in lines.items() if length > MAX_VERB_LINES}
    assert len(functions) > 20
    assert not too_long


QUOTE = (
    "quote term_life --set age=30 --set sex=M --set term=20 --set pay=20 "
    "--set sum_insured=1000000 --explain"
)

RUN_AND_LIST_MODULES = """
import sys
sys.argv = ["covercast", *sys.argv[1:]]
code = None
try:
    from cli import main
    main()
except SystemExit as stop:
    code = stop.code
print("\\n<<", code or 0, *sorted(m for m in sys.modules if "." not in m))
"""


def modules_after(command: str) -> set[str]:
    """What a fresh interpreter has imported when the command has ended well."""
    done = subprocess.run(
        [sys.executable, "-c", RUN_AND_LIST_MODULES, *command.split()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    code, *modules = done.stdout.rpartition("<<")[2].split()
    assert code == "0", done.stdout + done.stderr
    return set(modules)


@pytest.mark.parametrize(
    ("command", "heavy"),
    [
        ("--help", {"numba", "llvmlite", "scipy", "pandas", "pyarrow", "matplotlib", "docx"}),
        (QUOTE, {"numba", "llvmlite", "matplotlib", "docx"}),
    ],
    ids=["help", "quote"],
)
def test_a_short_command_imports_nothing_heavy(command, heavy):
    modules = modules_after(command)
    assert "cli" in modules
    assert not modules & heavy
