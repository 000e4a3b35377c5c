"""A book of twenty million rows is rated under 1.5 GiB, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

ROOT = Path(__file__).resolve().parents[2]
ROWS, PART = 20_000_000, 1_000_000
MOST = 1.5 * 2**30
RATE = """
import sys
from pathlib import Path
from rating.book import rate_book
from tests.benchmarks.book_files_workload import plan
result = rate_book(plan(), Path(sys.argv[1]), Path(sys.argv[2]), threads=2, steps=["premium"])
status = Path("/proc/self/status").read_text()
(peak,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
print(result.rows, result.rated, peak)
"""


@pytest.mark.prove
def test_twenty_million_rows_are_rated_in_constant_memory(tmp_path):
    from tests.benchmarks.book_files_workload import NAMES, WORDS

    random = np.random.default_rng(1)
    book = tmp_path / "book.parquet"
    schema = pa.schema([("policy", pa.string()), *((name, pa.string()) for name in NAMES)])
    with pq.ParquetWriter(book, schema) as out:
        for first in range(0, ROWS, PART):
            columns = [pa.array([f"P{number:09}" for number in range(first, first + PART)])]
            for words in WORDS:
                codes = pa.array(random.integers(0, len(words), PART).astype(np.int32))
                columns.append(pa.DictionaryArray.from_arrays(codes, words).cast(pa.string()))
            out.write_table(pa.table(columns, schema=schema))
    target = tmp_path / "premiums.parquet"
    command = [sys.executable, "-c", RATE, str(book), str(target)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    told = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    rows, rated, peak = map(int, told.stdout.split())
    assert rows == rated == ROWS
    # of this program alone: what the system tells of a child counts what its parent took before it
    assert peak * 1024 < MOST
    assert pq.ParquetFile(target).metadata.num_rows == ROWS
