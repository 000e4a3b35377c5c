"""The command line run as a user runs it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def covercast(*arguments, cwd=ROOT):
    """Run a verb; a traceback is a failure whatever else is expected."""
    run = subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT), "COLUMNS": "80", "LANG": "C.UTF-8", "HOME": str(Path.home())},
    )
    assert "Traceback" not in run.stderr, run.stderr
    return run
