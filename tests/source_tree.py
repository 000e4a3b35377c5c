"""Which files make up the project, as git sees them."""

import hashlib
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("product_factory", "rating", "clause_templates", "sandbox")

# What a result depends on: the code, the shelf, the tests and the versions they run on.
SOURCE = (*PACKAGES, "cli.py", "products", "tests", "pyproject.toml", "constraints.txt")


def in_git() -> bool:
    """Whether the tree is a git checkout and git is there to read it."""
    return (ROOT / ".git").exists() and shutil.which("git") is not None


def project_files(*under: str) -> list[Path]:
    """The files that git tracks or would add, below ROOT or below the given paths, sorted."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *under],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = {name for name in listing.stdout.decode().split("\0") if name}
    return [ROOT / name for name in sorted(names) if (ROOT / name).is_file()]


def source_digest() -> str:
    """sha256 over the lines "sha256(file)  path" of SOURCE, in order of path.

    It is what `sha256sum` prints of those files, hashed once more, and is therefore the same in
    every clone; documents are left out, so that writing one does not unprove anything.
    """
    total = hashlib.sha256()
    for path in project_files(*SOURCE):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{digest}  {path.relative_to(ROOT).as_posix()}\n".encode())
    return total.hexdigest()
