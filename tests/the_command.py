"""The command line run as a user runs it."""

import io
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import cli

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


def inside(*arguments, cwd=ROOT, stream=io.StringIO):
    """Run a verb in this process, which is faster: the same code, output and errors.

    stream  makes what stands for the standard streams
    """
    out, err, code = stream(), stream(), 0
    with (
        mock.patch.object(sys, "argv", ["covercast", *arguments]),
        redirect_stdout(out),
        redirect_stderr(err),
        chdir(cwd),
    ):
        try:
            cli.main()
        except SystemExit as ended:
            code = ended.code or 0
    return SimpleNamespace(returncode=code, stdout=out.getvalue(), stderr=err.getvalue())
